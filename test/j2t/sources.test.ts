import { describe, expect, it } from "vitest";
import { encodeLiteral } from "../../src/literal/encode.ts";
import { chunksOf, toHex, utf8 } from "../support/bytes.ts";
import {
  type CallContext,
  type FieldDescriptor,
  type FieldSource,
  type JsonToThriftContext,
  type JsonToThriftOptions,
  jsonToThrift,
  parseIdl,
} from "../support/engines.ts";
import { type Expected, expectConversion, expectFailure, failure, streamOutcome } from "./conversion.ts";

const idl = parseIdl(`
  struct Inner { 1: required i32 id (api.query = "id"), 2: string note }
  struct Req {
    1: i32 page (api.query = "page"), 2: required string token (api.header = "X-Token"), 3: string body,
    4: bool flag (api.query = "flag"), 5: list<string> tags (api.query = "tag"), 6: Inner inner,
    7: list<Inner> inners, 8: optional i64 seen (api.cookie = "seen", api.query = "seen"),
    9: string json (api.query = "json", agw.body_dynamic = "")
  }
  union Choice { 1: i32 a (api.query = "a"), 2: i32 b }
  struct Plain { 1: i32 a }
`);
const REQ = idl.struct("Req");

/** A toy source: values of fields by name, as JavaScript values; it records what it is asked. */
class ToySource implements FieldSource {
  readonly asked: string[] = [];
  readonly #values: Readonly<Record<string, unknown>>;
  readonly #closed: readonly string[];

  /** `closed` names the fields that the JSON may not supply. */
  constructor(values: Readonly<Record<string, unknown>>, closed: readonly string[] = []) {
    this.#values = values;
    this.#closed = closed;
  }

  read(field: FieldDescriptor, context: JsonToThriftContext): Uint8Array | undefined {
    expect(context.field).toBe(field);
    this.asked.push(`${field.parent.name}.${field.name}`);
    const value = this.#values[field.name];
    return value === undefined ? undefined : encodeLiteral(field.type, value, context.protocol);
  }

  allowsBody(field: FieldDescriptor): boolean {
    this.asked.push(`${field.name}?`);
    return !this.#closed.includes(field.name);
  }
}

describe("fields of a source", () => {
  it.each<[values: object, closed: string[], json: string, binary: Expected, compact?: string]>([
    [
      { token: "t" },
      [],
      '{"body":"b"}',
      '0b 0002 00000001 "t" 0b 0003 00000001 "b" 00',
      '28 01 "t" 18 01 "b" 00',
    ],
    // By ascending id, in front of the JSON's.
    [
      { token: "t", page: 7, flag: true, tags: ["x"], seen: 5 },
      [],
      '{"body":"b"}',
      `08 0001 00000007 0b 0002 00000001 "t" 02 0004 01 0f 0005 0b 00000001 00000001 "x"
       0a 0008 0000000000000005 0b 0003 00000001 "b" 00`,
      '15 0e 18 01 "t" 21 19 18 01 "x" 36 0a 08 06 01 "b" 00',
    ],
    [{ token: "t", flag: false }, [], "{}", '0b 0002 00000001 "t" 02 0004 00 00', '28 01 "t" 22 00'],
    // A value of the source wins over one of the JSON, wherever that stands, even a wrong one.
    [
      { token: "t", page: 7 },
      [],
      '{"page":8}',
      '08 0001 00000007 0b 0002 00000001 "t" 00',
      '15 0e 18 01 "t" 00',
    ],
    [{ token: "t", page: 7 }, [], '{"page":null,"token":[{}]}', '08 0001 00000007 0b 0002 00000001 "t" 00'],
    [{ token: "t", page: 7 }, [], '{"page":1,"page":2}', '08 0001 00000007 0b 0002 00000001 "t" 00'],
    // What the source lacks comes from the JSON, where the source allows it.
    [
      { page: 7 },
      [],
      '{"token":"json"}',
      '08 0001 00000007 0b 0002 00000004 "json" 00',
      '15 0e 18 04 "json" 00',
    ],
    [{ token: "t" }, [], '{"page":8}', '0b 0002 00000001 "t" 08 0001 00000008 00', '28 01 "t" 05 02 10 00'],
    [{ token: "t" }, ["page"], '{"page":8}', '0b 0002 00000001 "t" 00', '28 01 "t" 00'],
    [{ token: "t" }, ["page"], '{"page":"8"}', '0b 0002 00000001 "t" 00'],
    [{ token: "t" }, ["page"], '{"page":8 8}', failure("INVALID_JSON", 10)],
    [{}, ["token"], '{"token":"json"}', failure("MISSING_REQUIRED", 15, "token")],
    [{}, [], "{}", failure("MISSING_REQUIRED", 1, "token")],
    [{}, [], '{"token":null}', failure("MISSING_REQUIRED", 13, "token")],
    // Nested structs ask too, each on its own, also in containers.
    [
      { token: "t", id: 3 },
      [],
      '{"inner":{"id":4,"note":"n"},"inners":[{},{"note":"m"}]}',
      `0b 0002 00000001 "t" 0c 0006 08 0001 00000003 0b 0002 00000001 "n" 00
       0f 0007 0c 00000002 08 0001 00000003 00 08 0001 00000003 0b 0002 00000001 "m" 00 00`,
      '28 01 "t" 4c 15 06 18 01 "n" 00 19 2c 15 06 00 15 06 18 01 "m" 00 00',
    ],
    [{ token: "t" }, [], '{"inners":[{"id":1},{}]}', failure("MISSING_REQUIRED", 21, "inners[1].id")],
    [{ token: "t" }, ["id"], '{"inner":{"id":1}}', failure("MISSING_REQUIRED", 16, "inner.id")],
    // A source's value is not mapped, and a mapped field from the JSON is.
    [{ token: "t" }, [], '{"json":{"a":[1]}}', '0b 0002 00000001 "t" 0b 0009 00000009 7b2261223a5b315d7d 00'],
  ])("%o, without body: %j, and %s", (values, closed, json, binary, compact) => {
    const call = (): CallContext => ({ source: new ToySource(values as Record<string, unknown>, closed) });
    expectConversion(jsonToThrift(REQ), json, binary, call);
    if (compact !== undefined) {
      expectConversion(jsonToThrift(REQ, { protocol: "compact" }), json, compact, call);
    } else if (typeof binary !== "string") {
      expectConversion(jsonToThrift(REQ, { protocol: "compact" }), json, binary, call);
    }
  });

  it("are asked for once each, when the struct begins", () => {
    const source = new ToySource({ token: "t", id: 1 }, ["flag"]);
    jsonToThrift(REQ).convert('{"inners":[{},{"id":9}],"page":1,"inner":{}}', { source });
    expect(source.asked).toEqual([
      "Req.page",
      "page?",
      "Req.token",
      "Req.flag",
      "flag?",
      "Req.tags",
      "tags?",
      "Req.seen",
      "seen?",
      "Req.json",
      "json?",
      "Inner.id",
      "Inner.id",
      "Inner.id",
    ]);
  });

  it("of unions count as given", () => {
    const converter = jsonToThrift(idl.struct("Choice"));
    const call =
      (a: number | undefined): (() => CallContext) =>
      () => ({ source: new ToySource({ a }) });
    expectConversion(converter, "{}", "08 0001 00000005 00", call(5));
    expectConversion(converter, '{"b":1}', failure("INVALID_UNION", 6), call(5));
    expectConversion(converter, '{"b":1}', "08 0002 00000001 00", call(undefined));
  });

  it.each<[options: JsonToThriftOptions, json: string, expected: Expected]>([
    [
      { missing: { default: "write" } },
      '{"body":"b"}',
      `0b 0002 00000001 "t" 0b 0003 00000001 "b" 08 0001 00000000 02 0004 00 0f 0005 0b 00000000
       0c 0006 00 0f 0007 0c 00000000 0b 0009 00000000 00`,
    ],
    [{ unknownFields: "error" }, '{"page":1,"x":2}', failure("UNKNOWN_FIELD", 10, "x")],
    [{ mask: { fields: new Map([[2, "skip"]]), otherFields: "keep" } }, '{"page":1}', "08 0001 00000001 00"],
  ])("go along with %j", (options, json, expected) => {
    const source = (): CallContext => ({ source: new ToySource({ token: "t" }) });
    expectConversion(jsonToThrift(REQ, options), json, expected, source);
  });

  it("are ignored where no field has an HTTP mapping, and by calls without a source", () => {
    const source = new ToySource({ a: 1 });
    expect(toHex(jsonToThrift(idl.struct("Plain")).convert('{"a":2}', { source }))).toBe("0800010000000200");
    expect(source.asked).toEqual([]);
    expectConversion(jsonToThrift(REQ), '{"token":"j"}', '0b 0002 00000001 "j" 00');
  });

  it("may be larger than the scratch memory", () => {
    const big = "x".repeat(700_000);
    for (const protocol of ["binary", "compact"] as const) {
      const converter = jsonToThrift(REQ, { protocol });
      const streamed = converter.convert(JSON.stringify({ token: big, page: 3 }));
      const fromSource = converter.convert('{"page":3}', { source: new ToySource({ token: big }) });
      expect(Buffer.from(fromSource).equals(streamed)).toBe(true);
    }
  });

  it("may be converted by the ordinary rules", () => {
    const source: FieldSource = {
      read: (field, context) =>
        field.name === "tags"
          ? context.fromJson('["a","b"]')
          : context.fromJson(utf8(field.name === "token" ? '"t"' : "1")),
      allowsBody: () => true,
    };
    const converter = jsonToThrift(idl.struct("Inner"));
    expect(toHex(converter.convert("{}", { source }))).toBe("0800010000000100");
  });

  it("survive conversions of their own, in a message of many windows, in a stream too", async () => {
    const inner = jsonToThrift(REQ);
    const source: FieldSource = {
      read: (field, context) => {
        // Uses the same memory as the conversion that is waiting.
        inner.convert(`{"token":"${"y".repeat(300)}","body":"${"z".repeat(70_000)}"}`);
        return field.name === "id" ? context.fromJson("42") : undefined;
      },
      allowsBody: () => true,
    };
    const inners = Array.from({ length: 60 }, (_, index) => ({ note: `n${index} ${"é".repeat(6_000)}` }));
    const json = utf8(JSON.stringify({ token: "t", inners, page: 1 }));
    const converter = jsonToThrift(REQ);
    const expected = converter.convert(
      JSON.stringify({ token: "t", inners: inners.map((value) => ({ id: 42, ...value })), page: 1 }),
    );
    expect(Buffer.from(converter.convert(json, { source })).equals(expected)).toBe(true);
    expect(Buffer.from(converter.convert(Buffer.from(json).toString(), { source })).equals(expected)).toBe(
      true,
    );
    expect(await streamOutcome(converter, chunksOf(json, [1_000, 77, 30_000]), { source })).toBe(
      toHex(expected),
    );
  });

  it("that fail are FAILED_MAPPING with their cause and place, and the converter goes on", () => {
    const cause = new RangeError("no such header: secret");
    const source: FieldSource = {
      read: (field) => {
        if (field.name === "id") throw cause;
        return undefined;
      },
      allowsBody: () => true,
    };
    const converter = jsonToThrift(REQ);
    const error = expectFailure(
      () => converter.convert('{"token":"t","inners":[{"id":1}]}', { source }),
      "FAILED_MAPPING",
      24,
      "inners[0].id",
    );
    expect(error.cause).toBe(cause);
    expect(error.message).not.toContain("secret");
    expectConversion(converter, '{"token":"j"}', '0b 0002 00000001 "j" 00');
  });
});
