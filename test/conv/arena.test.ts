import { describe, expect, it } from "vitest";
import { MAX_PROGRAM_SIZE, placeProgram } from "../../src/conv/arena.ts";
import type { Program } from "../../src/conv/program.ts";
import { nowhere } from "../../src/kernel/instance.ts";
import { fromUtf8, hex, toHex, utf8 } from "../support/bytes.ts";
import { createAnnotationRegistry, jsonToThrift, parseIdl, thriftToJson } from "../support/engines.ts";
import { pump } from "../support/streams.ts";

function programOf(size: number, value: number): Program {
  return {
    code: new Int32Array(size).fill(value),
    data: new Uint8Array(0),
    fields: [],
    structs: [],
    enums: [],
    mappings: [],
    placement: { base: 0, era: -1 },
    kernelPlace: nowhere(),
  };
}

/** Two programs that leave no room beside them. */
const GIANTS = [programOf(MAX_PROGRAM_SIZE, 0x7f7f7f7f), programOf(MAX_PROGRAM_SIZE, 0x7e7e7e7e)];

/** Clears the arena: afterwards no program is where it was, and something else is there. */
function displaceAll(): void {
  for (const giant of GIANTS) placeProgram(giant);
}

const IDL = `
  struct Tag { 1: string key (custom = ""), 2: i32 n }
  struct Item { 1: string name, 2: list<Tag> tags, 3: i64 last }
`;
const JSON_TEXT = '{"name":"a","tags":[{"key":"b","n":1},{"key":"c","n":2}],"last":3}';
const THRIFT = hex`
  0b0001 00000001 "a"
  0f0002 0c 00000002
    0b0001 00000001 "b"  080002 00000001  00
    0b0001 00000001 "c"  080002 00000002  00
  0a0003 0000000000000003
  00
`;

describe("placeProgram", () => {
  it("finds a program where it was, until the arena is cleared", () => {
    const program = programOf(100, 5);
    const base = placeProgram(program);
    expect(placeProgram(programOf(200, 6))).toBe(base + 100);
    expect(placeProgram(program)).toBe(base);
    displaceAll();
    expect(placeProgram(program)).toBe(0);
    expect(placeProgram(programOf(1, 7))).toBe(100);
  });
});

describe("converters work on when their program has been displaced", () => {
  it("between conversions", () => {
    const type = parseIdl(IDL).struct("Item");
    const toThrift = jsonToThrift(type);
    const toJson = thriftToJson(type);
    for (let i = 0; i < 3; i++) {
      expect(toHex(toThrift.convert(JSON_TEXT))).toBe(toHex(THRIFT));
      displaceAll();
      expect(fromUtf8(toJson.convert(toThrift.convert(JSON_TEXT)))).toBe(JSON_TEXT);
      displaceAll();
    }
  });

  it("by user code in the middle of a message", () => {
    const annotations = createAnnotationRegistry({
      values: {
        custom: () => ({
          kind: "custom",
          name: "custom",
          jsonToThrift: (json, context) => {
            displaceAll();
            return context.fromJson(json);
          },
          thriftToJson: (bytes, context) => {
            displaceAll();
            return context.toJson(bytes);
          },
        }),
      },
    });
    const type = parseIdl(IDL, { annotations }).struct("Item");
    expect(toHex(jsonToThrift(type).convert(JSON_TEXT))).toBe(toHex(THRIFT));
    expect(fromUtf8(thriftToJson(type).convert(jsonToThrift(type).convert(JSON_TEXT)))).toBe(JSON_TEXT);
  });

  it("between the pieces of a stream", async () => {
    function* bytesAndDisplacements(): Generator<Uint8Array> {
      for (const byte of utf8(JSON_TEXT)) {
        yield Uint8Array.of(byte);
        displaceAll();
      }
    }
    const { bytes } = await pump(
      bytesAndDisplacements(),
      jsonToThrift(parseIdl(IDL).struct("Item")).stream(),
    );
    expect(toHex(bytes)).toBe(toHex(THRIFT));
  });
});
