import { describe, expect, it } from "vitest";
import { isThriftError } from "../../src/errors.ts";
import { skipBinary } from "../../src/wire/skip-binary.ts";
import { skipDeep } from "../../src/wire/skip-binary-deep.ts";
import { TType } from "../../src/wire/ttype.ts";
import { hex, toHex, truncationsOf } from "../support/bytes.ts";
import { createRandom } from "../support/random.ts";

const MAX_DEPTH = 5;

/** The position behind the value, or the error with its place. */
function outcome(skip: typeof skipBinary, bytes: Uint8Array, type: number): string {
  try {
    return String(skip(bytes, 0, bytes.length, type, MAX_DEPTH));
  } catch (error) {
    if (isThriftError(error)) return `${error.code} at ${error.offset}`;
    throw error;
  }
}

/** Structs in a row: the second and later ones have, or lack, what the first one starts with. */
const FIRST = `03 0001 07  0a 0002 0000000000000001  04 0003 3ff0000000000000  08 0004 00000005  0b 0005 00000001 "a"`;
const MESSAGES: readonly (readonly [name: string, type: number, text: string])[] = [
  ["the same fields", TType.LIST, `0c 00000003 ${FIRST} 00 ${FIRST} 00 ${FIRST} 00`],
  [
    "other ids of the same types",
    TType.LIST,
    `0c 00000002 ${FIRST} 00 ${FIRST.replaceAll(" 000", " 700")} 00`,
  ],
  [
    "nothing behind the fields in front",
    TType.LIST,
    `0c 00000002 ${FIRST.slice(0, 67)} 00 ${FIRST.slice(0, 67)} 00`,
  ],
  ["fewer fields, then the same", TType.LIST, `0c 00000003 ${FIRST} 00 03 0001 07 00 ${FIRST} 00`],
  ["none, then some", TType.LIST, `0c 00000002 00 ${FIRST} 00`],
  ["some, then none", TType.LIST, `0c 00000002 ${FIRST} 00 00`],
  [
    "another type at the fourth place",
    TType.LIST,
    `0c 00000002 ${FIRST} 00 ${FIRST.replace("08 0004 00000005", "06 0004 0005")} 00`,
  ],
  [
    "a container at the fourth place",
    TType.LIST,
    `0c 00000002 ${FIRST} 00 ${FIRST.replace("08 0004 00000005", "0f 0004 08 00000001 00000005")} 00`,
  ],
  [
    "stop bytes where types were",
    TType.LIST,
    "0c 00000002 03 0001 07 03 0002 07 03 0003 07 03 0004 07 00 00",
  ],
  [
    "as map values",
    TType.MAP,
    `0b 0c 00000003 00000001 "k" ${FIRST} 00 00000000 ${FIRST} 00 00000002 "kk" 00`,
  ],
  ["as map keys", TType.MAP, `0c 0b 00000002 ${FIRST} 00 00000001 "v" ${FIRST} 00 00000000`],
  [
    "lists of lists of them",
    TType.LIST,
    `0f 00000002 0c 00000002 ${FIRST} 00 ${FIRST} 00 0c 00000001 ${FIRST} 00`,
  ],
  [
    "too deep in the second",
    TType.LIST,
    `0c 00000002 ${FIRST} 00 ${FIRST} 0c 0006 0c 0001 0c 0001 0c 0001 0c 0001 00 00 00 00 00 00`,
  ],
];

describe("both ways of skipping the binary protocol agree", () => {
  it.each(MESSAGES)("structs in a row: %s, whole and cut off anywhere", (_name, type, text) => {
    const bytes = hex(text);
    for (const part of [bytes, ...truncationsOf(bytes)]) {
      expect(outcome(skipBinary, part, type), toHex(part)).toBe(outcome(skipDeep, part, type));
    }
  });

  it("on messages with bytes changed at random", () => {
    const random = createRandom(11);
    for (let i = 0; i < 20_000; i++) {
      const [, type, text] = MESSAGES[random.int(0, MESSAGES.length - 1)]!;
      const bytes = hex(text);
      for (let changes = random.int(1, 3); changes > 0; changes--) {
        bytes[random.int(0, bytes.length - 1)] =
          random.int(0, 3) === 0 ? random.int(0, 255) : random.int(0, 16);
      }
      expect(outcome(skipBinary, bytes, type), toHex(bytes)).toBe(outcome(skipDeep, bytes, type));
    }
  });
});
