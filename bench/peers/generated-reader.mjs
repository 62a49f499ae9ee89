// A reader of Thrift binary for one type, as somebody would write it by hand for speed: one function per struct, no
// checks of bounds or required fields, one scratch memory. It gives what `JSON.stringify` takes.
import { viewOf } from "./scratch.mjs";

/**
 * @param {import("../../dist/index.js").TypeDescriptor} type
 * @param {Buffer} scratch from `createScratch`; writers and readers can share it
 * @returns {(bytes: Uint8Array) => unknown}
 */
export function createGeneratedReader(type, scratch) {
  const functions = new Map();
  const variables = { count: 0 };
  const root = readCode(type, functions, variables);
  const source = `"use strict";
let p = 0;
${[...functions.values()].join("\n")}
function readInt64() {
  const hi = view.getInt32(p);
  const lo = view.getUint32(p + 4);
  p += 8;
  return hi * 4294967296 + lo;
}
function readString() {
  const size = view.getInt32(p);
  const start = p + 4;
  p = start + size;
  return bytes.utf8Slice(start, p);
}
function readBase64() {
  const size = view.getInt32(p);
  const start = p + 4;
  p = start + size;
  return bytes.base64Slice(start, p);
}
function skip(type) {
  switch (type) {
    case 2: case 3: p += 1; break;
    case 6: p += 2; break;
    case 8: p += 4; break;
    case 4: case 10: p += 8; break;
    case 11: p += 4 + view.getInt32(p); break;
    case 12: {
      let fieldType;
      while ((fieldType = bytes[p++]) !== 0) {
        p += 2;
        skip(fieldType);
      }
      break;
    }
    case 13: {
      const keyType = bytes[p];
      const valueType = bytes[p + 1];
      const length = view.getInt32(p + 2);
      p += 6;
      for (let i = 0; i < length; i++) {
        skip(keyType);
        skip(valueType);
      }
      break;
    }
    case 14: case 15: {
      const elementType = bytes[p];
      const length = view.getInt32(p + 1);
      p += 5;
      for (let i = 0; i < length; i++) skip(elementType);
      break;
    }
    default: throw new Error("not a type: " + type);
  }
}
return (message) => {
  bytes.set(message);
  p = 0;
  ${root("const value")}
  return value;
};`;
  return new Function("bytes", "view", source)(scratch, viewOf(scratch));
}

/** Gives a function from the left side of an assignment to the statements that read a value into it. */
function readCode(type, functions, variables) {
  const expression = (text) => (target) => `${target} = ${text};`;
  switch (type.kind) {
    case "bool":
      return expression("bytes[p++] !== 0");
    case "byte":
      return expression("view.getInt8(p++)");
    case "i16":
      return (target) => `${target} = view.getInt16(p); p += 2;`;
    case "i32":
    case "enum":
      return (target) => `${target} = view.getInt32(p); p += 4;`;
    case "double":
      return (target) => `${target} = view.getFloat64(p); p += 8;`;
    case "i64":
      return expression("readInt64()");
    case "string":
      return expression("readString()");
    case "binary":
      return expression("readBase64()");
    case "list":
    case "set":
      return listCode(type, functions, variables);
    case "map":
      return mapCode(type, functions, variables);
    case "struct":
      return expression(`${structFunction(type, functions, variables)}()`);
    default:
      throw new Error(`no code for ${type.name}`);
  }
}

function listCode({ element }, functions, variables) {
  const n = variables.count++;
  const read = readCode(element, functions, variables);
  return (target) => `const length${n} = view.getInt32(p + 1);
p += 5;
const list${n} = [];
for (let i = 0; i < length${n}; i++) {
  ${read(`const element${n}`)}
  list${n}.push(element${n});
}
${target} = list${n};`;
}

function mapCode({ key, value }, functions, variables) {
  const n = variables.count++;
  const readKey = readCode(key, functions, variables);
  const readValue = readCode(value, functions, variables);
  return (target) => `const length${n} = view.getInt32(p + 2);
p += 6;
const map${n} = {};
for (let i = 0; i < length${n}; i++) {
  ${readKey(`const key${n}`)}
  ${readValue(`map${n}[key${n}]`)}
}
${target} = map${n};`;
}

/** All objects of a struct have the same shape: absent fields are `undefined`, which JSON leaves out. */
function structFunction(type, functions, variables) {
  const name = `read${type.name}`;
  if (functions.has(type)) return name;
  functions.set(type, "");
  const fields = type.fields.map((field) => ({ ...field, variable: `field${variables.count++}` }));
  const cases = fields.map(
    (field) => `case ${field.id}:
if (fieldType === ${field.type.ttype}) {
  ${readCode(field.type, functions, variables)(field.variable)}
} else skip(fieldType);
break;`,
  );
  functions.set(
    type,
    `function ${name}() {
${fields.length === 0 ? "" : `let ${fields.map(({ variable }) => variable).join(", ")};`}
while (true) {
  const fieldType = bytes[p++];
  if (fieldType === 0) break;
  const id = view.getInt16(p);
  p += 2;
  switch (id) {
    ${cases.join("\n")}
    default: skip(fieldType);
  }
}
return { ${fields.map(({ alias, variable }) => `${JSON.stringify(alias)}: ${variable}`).join(", ")} };
}`,
  );
  return name;
}
