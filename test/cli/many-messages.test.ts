import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { chunksOf, hex, toHex, utf8 } from "../support/bytes.ts";
import { API_THRIFT, BASE_THRIFT, createFolder } from "./support/files.ts";
import { type RunOptions, runCli, words } from "./support/run.ts";

const folder = createFolder({ "api.thrift": API_THRIFT, "base.thrift": BASE_THRIFT });
afterAll(folder.remove);

const TESTDATA = join(import.meta.dirname, "../../testdata");
const EVENTS = readFileSync(join(TESTDATA, "order-events.ndjson"));
const EVENT_FLAGS = `--idl ${join(TESTDATA, "idl/api.thrift")} --type shop.OrderEvent`;

function convert(flags: string, stdin: RunOptions["stdin"] = []) {
  return runCli(["convert", "--idl", folder.file("api.thrift"), ...words(flags)], { stdin });
}

/** A size as 4 bytes of hex. */
function sizeOf({ length }: { readonly length: number }): string {
  return length.toString(16).padStart(8, "0");
}

describe("NDJSON becomes Thrift messages and comes back", () => {
  it.each([
    "--framing framed",
    "--framing framed --protocol compact",
    "--framing varint",
    "--framing varint --encoding hex",
    "--framing framed --encoding base64",
    "--framing lines --encoding hex",
    "--framing lines --encoding base64 --protocol compact",
  ])("%s", async (flags) => {
    const thrift = await runCli(words(`convert ${EVENT_FLAGS} --from json ${flags}`), { stdin: EVENTS });
    expect(thrift).toMatchObject({ err: "", code: 0 });
    for (const size of [1000, 100_000]) {
      const stdin = chunksOf(thrift.stdout, size);
      const json = await runCli(words(`convert ${EVENT_FLAGS} --to json ${flags}`), { stdin });
      expect(json).toMatchObject({ err: "", code: 0 });
      expect(json.out).toBe(EVENTS.toString());
    }
  });

  it.each([
    [
      "--framing framed",
      '\n{"id":1}\r\n\n{"id":2}',
      hex`0000000c 0a 0001 0000000000000001 00 0000000c 0a 0001 0000000000000002 00`,
    ],
    ["--framing varint", '{"id":1}\n', hex`0c 0a 0001 0000000000000001 00`],
    ["--framing varint -p compact", '{"id":1}', hex`03 16 02 00`],
    ["--framing framed", "", hex``],
    ["--framing framed", " \n\n", hex``],
  ])("%s %j", async (flags, json, thrift) => {
    const result = await convert(`--from json --type User ${flags}`, json);
    expect(result).toMatchObject({ err: "", code: 0 });
    expect(toHex(result.stdout)).toBe(toHex(thrift));
  });

  it("JSON with line breaks that a field carries stays on its line", async () => {
    const raw = '{\n  "a b": [1,\n 2]\n}';
    const message = hex`0a 0001 0000000000000001 0b 000b ${sizeOf(raw)} ${utf8(raw)} 00`;
    const framed = hex`${sizeOf(message)} ${message}`;
    expect((await convert("--to json --type User --framing framed", framed)).out).toBe(
      '{"id":1,"raw":{"a b":[1,2]}}\n',
    );
    // One message keeps what the field has.
    expect((await convert("--to json --type User", message)).out).toBe(`{"id":1,"raw":${raw}}\n`);
  });
});

describe("an error", () => {
  const LINES = '{"id":1}\n{"id":2}\n\n{"id":"x"}\noops\n{"id":3}\n';
  const LINE_4 =
    'dynamic-thrift: line 4: TYPE_MISMATCH expected a number (i64), found a string (at id, offset 6)\n  near {"id":"x"}\n';

  it("ends the conversion and tells the line; what came before it is written", async () => {
    const result = await convert("--from json --type User --framing lines -e hex", LINES);
    expect(result).toMatchObject({
      out: "0a0001000000000000000100\n0a0001000000000000000200\n",
      err: LINE_4,
      code: 1,
    });
  });

  it("leaves no file", async () => {
    const out = folder.file("sub/out.bin");
    folder.write("sub/other", "");
    expect(await convert(`--from json --type User --framing framed -o ${out}`, LINES)).toMatchObject({
      code: 1,
    });
    expect(readdirSync(folder.file("sub"))).toEqual(["other"]);
  });

  it("is passed over with --keep-going", async () => {
    const out = folder.file("kept.txt");
    const result = await convert(
      `--from json --type User --framing lines -e hex --keep-going -o ${out}`,
      LINES,
    );
    expect(result.err).toBe(
      `${LINE_4}dynamic-thrift: line 5: INVALID_JSON expected an object (struct), found a letter (offset 0)\n  near oops\ndynamic-thrift: 2 of 5 messages could not be converted\n`,
    );
    expect(result.code).toBe(1);
    expect(readFileSync(out, "utf8")).toBe(
      "0a0001000000000000000100\n0a0001000000000000000200\n0a0001000000000000000300\n",
    );
  });

  it.each<[flags: string, input: Uint8Array | string, out: string, err: RegExp]>([
    [
      "--framing framed",
      hex`0000000c 0a 0001 0000000000000001 00  00000004 0a 0001 00`,
      '{"id":1}\n',
      /^dynamic-thrift: message 2 \(from byte 20\): TRUNCATED .* \(at id, offset 3\)\n$/,
    ],
    [
      "--framing framed",
      hex`0000000c 0a 0001 0000000000000001 00  0000000c 0a 0001`,
      '{"id":1}\n',
      /^dynamic-thrift: TRUNCATED the input ends inside message 2, after 7 bytes of it \(offset 23\)\n$/,
    ],
    [
      "--framing framed",
      hex`80010001 00000003`,
      "",
      /^dynamic-thrift: INVALID_SIZE message 1 has an impossible size; is the input framed like this\? \(offset 0\)\n$/,
    ],
    [
      "--framing framed --max-size 1000",
      hex`0a000100 0000000000000100`,
      "",
      /^dynamic-thrift: LIMIT_EXCEEDED message 1 says that it has 167772416 bytes; the limit is 1000; is the input framed like this\? \(offset 0\)\n$/,
    ],
    [
      "--framing framed",
      hex`00000010 80010002 00000003 "get" 00000007  00`,
      "",
      /^dynamic-thrift: message 1 \(from byte 4\): INVALID_TYPE .* \(offset 0\); the input looks like a binary message: try --envelope\n$/,
    ],
    [
      "--framing lines --encoding hex",
      "0a0001000000000000000100\n0a00zz",
      '{"id":1}\n',
      /^dynamic-thrift: line 2: INVALID_VALUE the input is not hexadecimal digits: it has a character that does not belong there \(offset 4\)\n$/,
    ],
  ])("from Thrift with %s %o", async (flags, input, out, err) => {
    const result = await convert(`--to json --type User ${flags}`, input);
    expect(result.err).toMatch(err);
    expect(result).toMatchObject({ out, code: 1 });
  });

  it("in the framing itself cannot be passed over", async () => {
    const result = await convert("--to json --type User --framing varint --keep-going", hex`01 00  02 00`);
    expect(result.err).toMatch(
      /message 1 \(from byte 1\): MISSING_REQUIRED[^\n]*\ndynamic-thrift: TRUNCATED the input ends inside message 2/,
    );
    expect(result.code).toBe(1);
  });

  it("is a line longer than the limit", async () => {
    const result = await convert(
      "--from json --type User --framing framed --max-size 10",
      '{"id":1}\n{"id":1234567}\n',
    );
    expect(result.err).toBe("dynamic-thrift: LIMIT_EXCEEDED line 2 is longer than the limit of 10 bytes\n");
    expect(result.stdout).toHaveLength(16);
  });
});

it("a stream that goes on is converted as it comes", async () => {
  async function* endless() {
    yield Buffer.from('{"id":1}\n');
    // The first message is out before the second one is there.
    await expect.poll(() => existsSync(seen)).toBe(true);
    yield Buffer.from('{"id":2}\n');
  }
  const { Readable, Writable } = await import("node:stream");
  const { run } = await import("../../src/cli/run.ts");
  const seen = folder.file("seen");
  const written: string[] = [];
  const stdout = new Writable({
    write(chunk, _encoding, callback) {
      written.push(chunk.toString());
      folder.write("seen", "");
      callback();
    },
  });
  const code = await run(
    ["convert", "--idl", folder.file("api.thrift"), ...words("--from json --to json --type User -f lines")],
    {
      stdin: Readable.from(endless()),
      stdout,
      stderr: new Writable(),
      env: {},
      signal: new AbortController().signal,
    },
  );
  expect(code).toBe(0);
  expect(written).toEqual(['{"id":1}\n', '{"id":2}\n']);
});
