import { type Int64Halves, joinInt64, parseInt64 } from "../bytes/int64.ts";
import { encodeUtf8 } from "../bytes/utf8.ts";
import type { TypeDescriptor } from "../descriptor/types.ts";
import type { Reporter } from "./scalar.ts";

const INTEGER = /^-?(?:0|[1-9][0-9]*)$/;
/** The numbers of JSON. */
const NUMBER = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/;

/**
 * What a property name of a plain object stands for as a map key of that type: JavaScript knows only text for
 * property names. Integers are decimal, booleans `true` and `false`, an enum is a member or a number. Fails with
 * `INVALID_VALUE` for text that is none of the type, `OUT_OF_RANGE` for an integer beyond 64 bits, `TYPE_MISMATCH` for
 * keys that text cannot be.
 */
export function keyFromText(type: TypeDescriptor, text: string, reporter: Reporter): unknown {
  switch (type.kind) {
    case "string":
    case "binary":
    case "uuid":
      return text;
    case "byte":
    case "i16":
    case "i32":
    case "i64":
      return integer(text, reporter);
    case "enum":
      // No member's name is a number.
      return INTEGER.test(text) ? integer(text, reporter) : text;
    case "bool":
      if (text === "true" || text === "false") return text === "true";
      return reporter.fail("INVALID_VALUE", "a bool as map key must be `true` or `false`");
    case "double": {
      if (text === "NaN" || text === "Infinity" || text === "-Infinity" || NUMBER.test(text))
        return Number(text);
      return reporter.fail("INVALID_VALUE", "the map key is not a number");
    }
    default:
      return reporter.fail(
        "TYPE_MISMATCH",
        `a map with keys of type ${type.name} must be a Map or an array of pairs`,
      );
  }
}

function integer(text: string, reporter: Reporter): bigint {
  if (!INTEGER.test(text)) reporter.fail("INVALID_VALUE", "the map key is not an integer");
  const negative = text.startsWith("-");
  const digits = encodeUtf8(text);
  const halves: Int64Halves = { hi: 0, lo: 0 };
  if (!parseInt64(digits, negative ? 1 : 0, digits.length, negative, halves)) {
    reporter.fail("OUT_OF_RANGE", "the map key does not fit i64");
  }
  return joinInt64(halves.hi, halves.lo);
}
