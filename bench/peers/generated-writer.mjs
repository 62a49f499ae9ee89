// A writer of Thrift binary for one type, as somebody would write it by hand for speed: one function per struct, no
// checks of required fields or ranges, one scratch memory. It takes what `JSON.parse` gives.
import { viewOf } from "./scratch.mjs";

/** Up to this length a loop is faster than the call of native code. */
const LOOP_LENGTH = 48;

/**
 * @param {import("../../dist/index.js").TypeDescriptor} type
 * @param {Buffer} scratch from `createScratch`; writers and readers can share it
 * @returns {(value: unknown) => Buffer}
 */
export function createGeneratedWriter(type, scratch) {
  const functions = new Map();
  const variables = { count: 0 };
  const root = valueCode(type, "value", functions, variables);
  const source = `"use strict";
${[...functions.values()].join("\n")}
function writeString(text, p) {
  const length = text.length;
  if (length <= ${LOOP_LENGTH}) {
    let q = p + 4;
    let i = 0;
    for (; i < length; i++) {
      const unit = text.charCodeAt(i);
      if (unit > 127) break;
      bytes[q++] = unit;
    }
    if (i === length) {
      view.setInt32(p, length);
      return q;
    }
  }
  const size = bytes.utf8Write(text, p + 4, bytes.length - p - 4);
  view.setInt32(p, size);
  return p + 4 + size;
}
function writeBase64(text, p) {
  const size = bytes.base64Write(text, p + 4, bytes.length - p - 4);
  view.setInt32(p, size);
  return p + 4 + size;
}
return (value) => {
  let p = 0;
  ${root}
  // The native writes stop at the end of the memory without a word.
  if (p >= bytes.length) throw new RangeError("the message is larger than the scratch memory");
  const result = Buffer.allocUnsafe(p);
  result.set(bytes.subarray(0, p));
  return result;
};`;
  return new Function("Buffer", "bytes", "view", source)(Buffer, scratch, viewOf(scratch));
}

/** Statements that write the value of an expression at `p` and move `p`. */
function valueCode(type, value, functions, variables) {
  switch (type.kind) {
    case "bool":
      return `bytes[p++] = ${value} ? 1 : 0;`;
    case "byte":
      return `bytes[p++] = ${value};`;
    case "i16":
      return `view.setInt16(p, ${value}); p += 2;`;
    case "i32":
    case "enum":
      return `view.setInt32(p, ${value}); p += 4;`;
    case "i64":
      return `view.setInt32(p, Math.floor(${value} / 4294967296)); view.setInt32(p + 4, ${value}); p += 8;`;
    case "double":
      return `view.setFloat64(p, ${value}); p += 8;`;
    case "string":
      return `p = writeString(${value}, p);`;
    case "binary":
      return `p = writeBase64(${value}, p);`;
    case "list":
    case "set":
      return listCode(type, value, functions, variables);
    case "map":
      return mapCode(type, value, functions, variables);
    case "struct":
      return `p = ${structFunction(type, functions, variables)}(${value}, p);`;
    default:
      throw new Error(`no code for ${type.name}`);
  }
}

function listCode({ element }, value, functions, variables) {
  const n = variables.count++;
  return `const list${n} = ${value};
bytes[p] = ${element.ttype};
view.setInt32(p + 1, list${n}.length);
p += 5;
for (let i = 0; i < list${n}.length; i++) {
  const element${n} = list${n}[i];
  ${valueCode(element, `element${n}`, functions, variables)}
}`;
}

/** The keys of an object are text; the length is filled in afterwards. */
function mapCode({ key, value: valueType }, value, functions, variables) {
  const n = variables.count++;
  const keyValue = key.kind === "string" ? `key${n}` : `+key${n}`;
  return `const map${n} = ${value};
const start${n} = p;
let length${n} = 0;
bytes[p] = ${key.ttype};
bytes[p + 1] = ${valueType.ttype};
p += 6;
for (const key${n} in map${n}) {
  length${n}++;
  ${valueCode(key, keyValue, functions, variables)}
  const value${n} = map${n}[key${n}];
  ${valueCode(valueType, `value${n}`, functions, variables)}
}
view.setInt32(start${n} + 2, length${n});`;
}

function structFunction(type, functions, variables) {
  const name = `write${type.name}`;
  if (functions.has(type)) return name;
  functions.set(type, "");
  const fields = type.fields.map((field) => {
    const n = variables.count++;
    return `const field${n} = value[${JSON.stringify(field.alias)}];
if (field${n} != null) {
  bytes[p] = ${field.type.ttype};
  bytes[p + 1] = ${(field.id >> 8) & 0xff};
  bytes[p + 2] = ${field.id & 0xff};
  p += 3;
  ${valueCode(field.type, `field${n}`, functions, variables)}
}`;
  });
  functions.set(type, `function ${name}(value, p) {\n${fields.join("\n")}\nbytes[p] = 0;\nreturn p + 1;\n}`);
  return name;
}
