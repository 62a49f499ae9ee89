// What npm `thriftrw` does: it reads the IDL at run time, as we do.
import thriftrw from "thriftrw";
import { printIdl } from "../messages/print-idl.mjs";
import { createJsonForm, jsonFormSource } from "./json-form.mjs";

const { Thrift, ThriftList } = thriftrw;

/** Its i64 is a `Buffer` without this. */
const INT64 = "i64 (js.type = 'Long')";
/** Its maps are objects, but then it cannot write number keys. */
const WRITER_TYPES = { i64: INT64, map: " (js.type = 'entries')" };
const WRITER_FORMS = {
  binary: (x) => `Buffer.from(${x}, "base64")`,
  numberMap: (x) => `Object.entries(${x}).map(([key, value]) => [Number(key), value])`,
};

export const THRIFTRW_OPTIONS = { strict: false, defaultAsUndefined: true };

/** What a process needs to write a struct without us: its IDL, and the body of the function of `json-form.mjs`. */
export function thriftrwWriterSource(type) {
  return { source: printIdl(type, { types: WRITER_TYPES }), form: jsonFormSource(type, WRITER_FORMS) };
}

/** From what `JSON.parse` gives. */
export function createThriftrwWriter(type) {
  const { rw } = openType(type, WRITER_TYPES);
  const toItsForm = createJsonForm(type, WRITER_FORMS);
  return (json) => {
    const value = toItsForm(json);
    const bytes = Buffer.allocUnsafe(check(rw.byteLength(value)).length);
    check(rw.writeInto(value, bytes, 0));
    return bytes;
  };
}

/** To what `JSON.stringify` takes. */
export function createThriftrwReader(type) {
  const { rw } = openType(type, { i64: INT64 });
  const toJsonForm = createJsonForm(type, {
    binary: (x) => `${x}.toString("base64")`,
    i64: (x) => `${x}.toNumber()`,
  });
  return (bytes) => toJsonForm(check(rw.readFrom(bytes, 0)).value);
}

/** The model of a struct, or of a list of them. */
function openType(type, types) {
  const struct = type.kind === "list" ? type.element : type;
  const source = printIdl(struct, { types });
  const thrift = new Thrift({ source, ...THRIFTRW_OPTIONS });
  const model = thrift.models[struct.name];
  return type.kind === "list" ? new ThriftList(model, {}) : model;
}

function check(result) {
  if (result.err) throw result.err;
  return result;
}
