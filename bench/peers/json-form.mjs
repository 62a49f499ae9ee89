// What libraries take and give is not what JSON has: `Buffer` for binary, objects for i64, entries for maps. This makes
// the function that turns one form into the other in place, as generated code: it costs the peers as little as can be.

/**
 * @param {import("../../dist/index.js").TypeDescriptor} type
 * @param {{ binary?: Form, i64?: Form, numberMap?: Form }} forms `numberMap` is for maps whose keys are numbers
 * @typedef {(expression: string) => string} Form the expression of the other form
 * @returns {(value: unknown) => unknown} the value itself, changed in place, where it is an object
 */
export function createJsonForm(type, forms) {
  return new Function("Buffer", jsonFormSource(type, forms))(Buffer);
}

/** The body of a function that gets `Buffer` and returns that function. */
export function jsonFormSource(type, forms) {
  const functions = new Map();
  const root = convertCode(type, "value", forms, functions) ?? "";
  return `"use strict";\n${[...functions.values()].join("\n")}\nreturn (value) => { ${root} return value; };`;
}

/** Statements that convert what `place` holds, or `undefined` where nothing changes. */
function convertCode(type, place, forms, functions) {
  switch (type.kind) {
    case "binary":
    case "i64": {
      const form = forms[type.kind];
      return form === undefined ? undefined : `${place} = ${form(place)};`;
    }
    case "list":
    case "set": {
      const index = `i${place.length}`;
      const code = convertCode(type.element, `${place}[${index}]`, forms, functions);
      return code && `for (let ${index} = 0; ${index} < ${place}.length; ${index}++) { ${code} }`;
    }
    case "map": {
      const key = `key${place.length}`;
      const form = type.key.kind === "string" ? undefined : forms.numberMap;
      const code = convertCode(type.value, `${place}[${key}]`, forms, functions);
      const codes = [
        code && `for (const ${key} in ${place}) { ${code} }`,
        form && `${place} = ${form(place)};`,
      ].filter((part) => part !== undefined);
      return codes.length === 0 ? undefined : codes.join("\n");
    }
    case "struct": {
      const name = structFunction(type, forms, functions);
      return name && `${name}(${place});`;
    }
    default:
      return undefined;
  }
}

/** A struct that is reached again while its code is written is taken to need some. */
function structFunction(type, forms, functions) {
  const name = `convert${type.name}`;
  if (functions.has(type)) return functions.get(type) === undefined ? undefined : name;
  functions.set(type, "");
  const codes = type.fields.flatMap((field) => {
    const place = `value[${JSON.stringify(field.alias)}]`;
    const code = convertCode(field.type, place, forms, functions);
    return code === undefined ? [] : [`if (${place} != null) { ${code} }`];
  });
  functions.set(type, codes.length === 0 ? undefined : `function ${name}(value) { ${codes.join("\n")} }`);
  return codes.length === 0 ? undefined : name;
}
