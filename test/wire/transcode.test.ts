import { describe, expect, it } from "vitest";
import { ByteWriter } from "../../src/pool/byte-writer.ts";
import { transcode } from "../../src/wire/transcode.ts";
import { type Protocol, TType } from "../../src/wire/ttype.ts";
import { nestedStructs } from "../node/plain.ts";
import { toHex } from "../support/bytes.ts";
import { expectThriftError } from "../support/errors.ts";

describe("transcode of structs in structs, maxDepth: Infinity", () => {
  const limits = { maxDepth: Number.POSITIVE_INFINITY };

  it.each<[from: Protocol, to: Protocol, offset: number]>([
    // Where struct 513 starts: behind 512 headers of a field.
    ["binary", "compact", 512 * 3],
    ["compact", "binary", 512],
  ])("%s to %s: 512 levels are copied, 513 are too deep at %i", (from, to, offset) => {
    const output = new ByteWriter();
    transcode(nestedStructs(512, from), TType.STRUCT, from, to, limits, output);
    expect(toHex(output.toBytes())).toBe(toHex(nestedStructs(512, to)));
    expectThriftError(
      () => transcode(nestedStructs(513, from), TType.STRUCT, from, to, limits, new ByteWriter()),
      { code: "LIMIT_EXCEEDED", offset },
    );
  });
});
