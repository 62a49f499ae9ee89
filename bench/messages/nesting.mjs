// `Simple` and `Nesting` of the dynamicgo benchmarks, from their description.

export const NESTING_IDL = `
namespace * bench

struct Simple {
  1: byte ByteField
  2: i64 I64Field (api.js_conv = "")
  3: double DoubleField
  4: i32 I32Field
  5: string StringField
  6: binary BinaryField
}

struct PartialSimple {
  1: byte ByteField
  3: double DoubleField
  6: binary BinaryField
}

struct Nesting {
  1: string String
  2: list<Simple> ListSimple
  3: double Double
  4: i32 I32
  5: list<i32> ListI32
  6: i64 I64
  7: map<string, string> MapStringString
  8: Simple SimpleStruct
  9: map<i32, i64> MapI32I64
  10: list<string> ListString
  11: binary Binary
  12: map<i64, string> MapI64String
  13: list<i64> ListI64
  14: byte Byte
  15: map<string, Simple> MapStringSimple
}

struct PartialNesting {
  2: list<PartialSimple> ListSimple
  8: PartialSimple SimpleStruct
  15: map<string, PartialSimple> MapStringSimple
}
`;

const COUNT = 16;
const LARGE_COUNT = 100;
const TEXT = "你好,\b\n\r\t世界".repeat(2);
const BINARY = Buffer.from([...Array(COUNT).keys(), ...Array(COUNT).keys()]);
const I32_MAX = 0x7fff_ffff;
const I32_MIN = -0x8000_0000;
const I64_MAX = 0x7fff_ffff_ffff_ffffn;
const I64_MIN = -0x8000_0000_0000_0000n;

export function simpleValue() {
  return {
    ByteField: 127,
    I64Field: I64_MAX,
    DoubleField: Number.MAX_VALUE,
    I32Field: I32_MAX,
    StringField: TEXT,
    BinaryField: BINARY,
  };
}

/** The JSON of these as value mapping writes it: the i64 of `Simple` is a string. */
export const mappedText = (json) => json.replace(/(?<="I64Field":)-?\d+/g, '"$&"');

export function nestingValue() {
  const keys = [...Array(COUNT).keys()];
  const entries = (create) => Object.fromEntries(keys.map((key) => [key, create()]));
  return {
    String: TEXT,
    ListSimple: keys.map(simpleValue),
    Double: Number.MAX_VALUE,
    I32: I32_MAX,
    ListI32: keys.map(() => I32_MIN),
    I64: I64_MAX,
    MapStringString: entries(() => TEXT),
    SimpleStruct: simpleValue(),
    MapI32I64: entries(() => I64_MIN),
    ListString: keys.map(() => TEXT),
    Binary: BINARY,
    MapI64String: entries(() => TEXT),
    ListI64: keys.map(() => I64_MIN),
    Byte: 127,
    MapStringSimple: entries(simpleValue),
  };
}

export function largeValue() {
  return Array.from({ length: LARGE_COUNT }, nestingValue);
}
