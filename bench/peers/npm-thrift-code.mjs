// The statements that the compiler of Apache Thrift writes for Node (`--gen js:node,es6`), but for loops over arrays,
// which are `for … of` here (its `for … in` is slower), and for values, which are plain objects.

const METHODS = {
  bool: "Bool",
  byte: "Byte",
  i16: "I16",
  i32: "I32",
  enum: "I32",
  i64: "I64",
  double: "Double",
  string: "String",
  binary: "Binary",
};

/** @returns {(output: object, value: unknown) => void} `output` is a protocol */
export function generateWriter(type, Thrift) {
  const functions = new Map();
  const body = writeCode(type, "value", functions);
  return compile(functions, `return (output, value) => { ${body} };`, Thrift);
}

/** @returns {(input: object) => unknown} `input` is a protocol */
export function generateReader(type, Thrift) {
  const functions = new Map();
  const body = readCode(type, functions)("const value");
  return compile(functions, `return (input) => { ${body} return value; };`, Thrift);
}

function compile(functions, root, Thrift) {
  return new Function("Thrift", `"use strict";\n${[...functions.values()].join("\n")}\n${root}`)(Thrift);
}

/** Names of variables differ by their place in the code that exists already. */
function nameFor(functions) {
  functions.count = (functions.count ?? 0) + 1;
  return functions.count;
}

function writeCode(type, value, functions) {
  const n = nameFor(functions);
  switch (type.kind) {
    case "struct":
      return `${structWriter(type, functions)}(output, ${value});`;
    case "list":
    case "set": {
      const [begin, end] = type.kind === "list" ? ["ListBegin", "ListEnd"] : ["SetBegin", "SetEnd"];
      return `output.write${begin}(${type.element.ttype}, ${value}.length);
for (const iter${n} of ${value}) {
  ${writeCode(type.element, `iter${n}`, functions)}
}
output.write${end}();`;
    }
    case "map": {
      const key = type.key.kind === "string" ? `kiter${n}` : `Number(kiter${n})`;
      return `output.writeMapBegin(${type.key.ttype}, ${type.value.ttype}, Thrift.objectLength(${value}));
for (const kiter${n} in ${value}) {
  if (Object.prototype.hasOwnProperty.call(${value}, kiter${n})) {
    const viter${n} = ${value}[kiter${n}];
    ${writeCode(type.key, key, functions)}
    ${writeCode(type.value, `viter${n}`, functions)}
  }
}
output.writeMapEnd();`;
    }
    default:
      return `output.write${methodOf(type)}(${value});`;
  }
}

function structWriter(type, functions) {
  const name = `write_${type.name}`;
  if (functions.has(type)) return name;
  functions.set(type, "");
  const fields = type.fields.map((field) => {
    const value = `value[${JSON.stringify(field.alias)}]`;
    return `if (${value} !== null && ${value} !== undefined) {
  output.writeFieldBegin(${JSON.stringify(field.alias)}, ${field.type.ttype}, ${field.id});
  ${writeCode(field.type, value, functions)}
  output.writeFieldEnd();
}`;
  });
  functions.set(
    type,
    `function ${name}(output, value) {
output.writeStructBegin(${JSON.stringify(type.name)});
${fields.join("\n")}
output.writeFieldStop();
output.writeStructEnd();
}`,
  );
  return name;
}

/** Gives a function from the left side of an assignment to the statements that read a value into it. */
function readCode(type, functions) {
  const n = nameFor(functions);
  switch (type.kind) {
    case "struct": {
      const name = structReader(type, functions);
      return (target) => `${target} = ${name}(input);`;
    }
    case "list":
    case "set": {
      const word = type.kind === "list" ? "List" : "Set";
      const read = readCode(type.element, functions)(`const elem${n}`);
      return (target) => `const list${n} = [];
const size${n} = input.read${word}Begin().size || 0;
for (let i = 0; i < size${n}; ++i) {
  ${read}
  list${n}.push(elem${n});
}
input.read${word}End();
${target} = list${n};`;
    }
    case "map": {
      const readKey = readCode(type.key, functions)(`const key${n}`);
      const readValue = readCode(type.value, functions)(`const val${n}`);
      return (target) => `const map${n} = {};
const size${n} = input.readMapBegin().size || 0;
for (let i = 0; i < size${n}; ++i) {
  ${readKey}
  ${readValue}
  map${n}[key${n}] = val${n};
}
input.readMapEnd();
${target} = map${n};`;
    }
    default:
      return (target) => `${target} = input.read${methodOf(type)}();`;
  }
}

function structReader(type, functions) {
  const name = `read_${type.name}`;
  if (functions.has(type)) return name;
  functions.set(type, "");
  const cases = type.fields.map(
    (field) => `case ${field.id}:
  if (ftype == ${field.type.ttype}) {
    ${readCode(field.type, functions)(`value[${JSON.stringify(field.alias)}]`)}
  } else {
    input.skip(ftype);
  }
  break;`,
  );
  functions.set(
    type,
    `function ${name}(input) {
const value = {};
input.readStructBegin();
while (true) {
  const ret = input.readFieldBegin();
  const ftype = ret.ftype;
  const fid = ret.fid;
  if (ftype == Thrift.Type.STOP) break;
  switch (fid) {
    ${cases.join("\n")}
    default:
      input.skip(ftype);
  }
  input.readFieldEnd();
}
input.readStructEnd();
return value;
}`,
  );
  return name;
}

function methodOf(type) {
  const method = METHODS[type.kind];
  if (method === undefined) throw new Error(`no code for ${type.name}`);
  return method;
}
