// What the results of the peers are checked against, and what they may lose.
import assert from "node:assert/strict";
import { library } from "../library.mjs";

/** Integers beyond ±2⁵³ go through doubles. */
export const BIG_INT64 = "rounds or garbles i64 beyond 2⁵³";

/** A result in Thrift must be the message, but for big integers. */
export function checkThrift(type, thrift, json) {
  checkJson(type, library.thriftToJson(type, { valueMapping: "off" }).convert(thrift), json);
}

/** A result in JSON must be the message, but for big integers. */
export function checkJson(type, actual, expected) {
  const parse = (bytes) => hideBigIntegers(type, JSON.parse(Buffer.from(bytes).toString()));
  assert.deepEqual(parse(actual), parse(expected));
}

/** The JSON value with a word in the place of every i64 that a double does not hold. */
function hideBigIntegers(type, value) {
  switch (type.kind) {
    case "i64":
      return Number.isSafeInteger(value) ? value : "big";
    case "list":
    case "set":
      return value.map((element) => hideBigIntegers(type.element, element));
    case "map":
      return mapObject(value, (member) => hideBigIntegers(type.value, member));
    case "struct":
      return mapObject(value, (member, key) => hideBigIntegers(type.fieldByKey(key).type, member));
    default:
      return value;
  }
}

function mapObject(object, change) {
  return Object.fromEntries(Object.entries(object).map(([key, member]) => [key, change(member, key)]));
}
