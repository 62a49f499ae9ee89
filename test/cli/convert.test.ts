import { chmodSync, existsSync, readdirSync, readFileSync, statSync, symlinkSync, unlinkSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { chunksOf, hex, toHex, utf8 } from "../support/bytes.ts";
import { API_THRIFT, BASE_THRIFT, createFolder } from "./support/files.ts";
import { type RunOptions, runCli, words } from "./support/run.ts";

const folder = createFolder({
  "api.thrift": API_THRIFT,
  "base.thrift": BASE_THRIFT,
  // What a person lacks is written, and lacks something itself.
  "person.thrift":
    "struct Address { 1: required string no } struct Person { 1: required i64 id, 2: Address address }",
});
afterAll(folder.remove);
const IDL = folder.file("api.thrift");

/** Runs `convert --idl api.thrift` with the flags of a line. */
function convert(flags: string, stdin: RunOptions["stdin"] = [], options: RunOptions = {}) {
  return runCli(["convert", "--idl", IDL, ...words(flags)], { stdin, ...options });
}

describe("from JSON to Thrift", () => {
  it.each<[flags: string, json: string, thrift: Uint8Array]>([
    ["--type User", '{"id":42}', hex`0a 0001 000000000000002a 00`],
    ["--type User --protocol compact", '{"id":42}', hex`16 54 00`],
    ["-t User -p compact", ' {"id" : 42}\n', hex`16 54 00`],
    ["--type list<i16>", "[1,2]", hex`06 00000002 0001 0002`],
    ["--type Role", '"ADMIN"', hex`00000007`],
    [
      "--type base.Point --missing default=write,required=write",
      '{"x":1}',
      hex`04 0001 3ff0000000000000 04 0002 3fe0000000000000 00`,
    ],
    ["--type Users.get:args", '{"id":1}', hex`0a 0001 0000000000000001 00`],
    ["--type get:result", '{"missing":{"what":"x"}}', hex`0c 0001 0b 0001 00000001 "x" 00 00`],
    // Each option of this direction.
    ["--type i64 --int64 string", '"7"', hex`0000000000000007`],
    ["--type i64 --int64 string", "7", hex`0000000000000007`],
    ["--type i64 --quoted-numbers accept-empty", '""', hex`0000000000000000`],
    ["--type double --non-finite string", '"Infinity"', hex`7ff0000000000000`],
    ["--type binary --binary utf8", '"ab"', hex`00000002 "ab"`],
    ["--type binary", '"AAE="', hex`00000002 00 01`],
    ["--type list<i16> --null-elements skip", "[1,null]", hex`06 00000001 0001`],
    ["--type User --missing required=omit", "{}", hex`00`],
    [
      "--type User --missing required=write,optional=omit,default=omit",
      "{}",
      hex`0a 0001 0000000000000000 00`,
    ],
    [
      "--type User --duplicate-fields keep",
      '{"id":1,"id":2}',
      hex`0a 0001 0000000000000001 0a 0001 0000000000000002 00`,
    ],
    ["--type Contact --unions any", "{}", hex`00`],
    ["--type string --utf8 trust", '"a"', hex`00000001 "a"`],
    [
      "--type User --field-keys name",
      '{"id":1,"name":"a"}',
      hex`0a 0001 0000000000000001 0b 0002 00000001 "a" 00`,
    ],
    [
      "--type User --value-mapping off",
      '{"id":1,"raw":"[]"}',
      hex`0a 0001 0000000000000001 0b 000b 00000002 "[]" 00`,
    ],
    ["--type User", '{"id":1,"raw":[1]}', hex`0a 0001 0000000000000001 0b 000b 00000003 "[1]" 00`],
    ["--type ping:args --services first", '{"message":"a"}', hex`0b 0001 00000001 "a" 00`],
    ["--type ping:args --services Health", '{"message":"a"}', hex`0b 0001 00000001 "a" 00`],
    ["--type ping:args --services last", '{"message":"a"}', hex`0b 0001 00000001 "a" 00`],
  ])("%s %s", async (flags, json, thrift) => {
    const result = await convert(`--from json --to thrift ${flags}`, json);
    expect(result.err).toBe("");
    expect(toHex(result.stdout)).toBe(toHex(thrift));
    expect(result.code).toBe(0);
    // One format goes without saying.
    expect((await convert(`--from json ${flags}`, json)).stdout).toEqual(result.stdout);
    expect((await convert(`--to thrift ${flags}`, json)).stdout).toEqual(result.stdout);
  });
});

describe("from Thrift to JSON", () => {
  it.each<[flags: string, thrift: Uint8Array, json: string]>([
    ["--type User", hex`0a 0001 000000000000002a 00`, '{"id":42}'],
    ["--type User --protocol compact", hex`16 54 00`, '{"id":42}'],
    ["--type User --pretty", hex`0a 0001 7fffffffffffffff 00`, '{\n  "id": 9223372036854775807\n}'],
    ["--type list<i64> --pretty", hex`0a 00000000`, "[]"],
    // Each option of this direction.
    ["--type i64 --int64 string", hex`7fffffffffffffff`, '"9223372036854775807"'],
    ["--type Role --enums name", hex`00000007`, '"ADMIN"'],
    ["--type Role", hex`00000007`, "7"],
    ["--type byte --byte unsigned", hex`ff`, "255"],
    ["--type byte", hex`ff`, "-1"],
    ["--type double --non-finite string", hex`7ff0000000000000`, '"Infinity"'],
    ["--type double --non-finite null", hex`7ff0000000000000`, "null"],
    ["--type binary", hex`00000002 00 01`, '"AAE="'],
    ["--type binary --binary utf8", hex`00000002 "ab"`, '"ab"'],
    ["--type string --utf8 replace", hex`00000001 ff`, '"\ufffd"'],
    ["--type User --missing required=omit", hex`00`, "{}"],
    ["--type User --missing required=write,default=write", hex`00`, '{"id":0,"display_name":"nobody"}'],
    ["--type User --mismatch skip --missing required=omit", hex`08 0001 00000001 00`, "{}"],
    [
      "--type User --duplicate-fields keep",
      hex`0a 0001 0000000000000001 0a 0001 0000000000000002 00`,
      '{"id":1,"id":2}',
    ],
    ["--type map<i16,i16>", hex`06 06 00000002 0001 0001 0001 0002`, '{"1":1,"1":2}'],
    ["--type Contact --unions any", hex`00`, "{}"],
    ["--type get:result", hex`0c 0001 0b 0001 00000001 "x" 00 00`, '{"missing":{"what":"x"}}'],
    [
      "--type User --value-mapping off",
      hex`0a 0001 0000000000000001 0b 000b 00000002 "[]" 00`,
      '{"id":1,"raw":"[]"}',
    ],
    ["--type User", hex`0a 0001 0000000000000001 0b 000b 00000002 "[]" 00`, '{"id":1,"raw":[]}'],
  ])("%s %o", async (flags, thrift, json) => {
    const result = await convert(`--from thrift --to json ${flags}`, thrift);
    expect(result).toMatchObject({ err: "", out: `${json}\n`, code: 0 });
    expect((await convert(`--from thrift ${flags}`, thrift)).out).toBe(result.out);
    expect(
      (
        await convert(
          `--to json ${flags}`,
          [...thrift].map((byte) => Uint8Array.of(byte)),
        )
      ).out,
    ).toBe(result.out);
  });
});

describe("the text forms of Thrift", () => {
  it.each([
    ["hex", "06000000010007\n", " 06 00000001\n0007"],
    ["base64", "BgAAAAEABw==\n", "BgAA\r\nAAEA\r\nBw==\r\n"],
  ])("%s", async (encoding, text, looseText) => {
    expect((await convert(`--from json --type list<i16> --encoding ${encoding}`, "[7]")).out).toBe(text);
    for (const input of [text, looseText]) {
      expect((await convert(`--to json --type list<i16> -e ${encoding}`, input)).out).toBe("[7]\n");
    }
  });
});

describe("from JSON to JSON", () => {
  it.each([
    ["--type User", '{ "id" : 1, "unknown": 2, "role": "ADMIN" }', '{"id":1,"role":7}'],
    ["--type User --enums name --int64 string", '{"id":"1","role":7}', '{"id":"1","role":"ADMIN"}'],
    [
      "--type User --missing default=write --pretty",
      '{"id":1}',
      '{\n  "id": 1,\n  "display_name": "nobody"\n}',
    ],
    ["--type byte --byte unsigned", "-1", "255"],
    ["--type double --non-finite null --quoted-numbers accept", '"NaN"', "null"],
  ])("%s %s", async (flags, json, expected) => {
    const result = await convert(`--from json --to json ${flags}`, json);
    expect(result).toMatchObject({ err: "", out: `${expected}\n`, code: 0 });
  });

  it("one message per line", async () => {
    const result = await convert(
      "--from json --to json --type User --framing lines",
      '{"id": 1}\n\n{"id": 2}',
    );
    expect(result).toMatchObject({ err: "", out: '{"id":1}\n{"id":2}\n', code: 0 });
  });

  // The Thrift in between is nothing that anybody has seen.
  it.each<[flags: string, input: string, err: string]>([
    [
      "--type Person --missing default=write",
      '{"id":1}',
      "MISSING_REQUIRED the required field `no` is missing (at address.no)",
    ],
    [
      "--type list<double> --quoted-numbers accept",
      '[1,"NaN"]',
      "OUT_OF_RANGE JSON has no number for NaN and infinities (at [1])",
    ],
    [
      "--type list<double> --quoted-numbers accept --framing lines",
      '["NaN"]',
      "line 1: OUT_OF_RANGE JSON has no number for NaN and infinities (at [0])",
    ],
    [
      "--type list<byte> --max-output-size 9",
      "[100,100,100]",
      "LIMIT_EXCEEDED the output is larger than the limit of 9 bytes",
    ],
  ])("an error in the second half has no offset: %s %s", async (flags, input, err) => {
    const line = `convert --idl ${folder.file("person.thrift")} --from json --to json ${flags}`;
    expect(await runCli(words(line), { stdin: input })).toMatchObject({
      out: "",
      err: `dynamic-thrift: ${err}\n`,
      code: 1,
    });
  });

  it.each<[name: string, index: number, element: string, err: (offset: number) => string]>([
    [
      "the first half",
      2_900,
      "true",
      (offset) =>
        `TYPE_MISMATCH expected a number (double), found true (at [2900], line 2901, offset ${offset})`,
    ],
    [
      "the second half",
      2_900,
      '"NaN"',
      () => "OUT_OF_RANGE JSON has no number for NaN and infinities (at [2900])",
    ],
  ])("a streamed message with an error in %s", async (_name, index, element, err) => {
    const lines = Array.from({ length: 3_000 }, () => " ".repeat(400) + 1.5);
    lines[index] = element;
    const json = `[${lines.join(",\n")}]`;
    const file = folder.write("doubles.json", json);
    const result = await convert(
      `--from json --to json --type list<double> --quoted-numbers accept -i ${file} -o ${folder.file("doubles.out")}`,
    );
    expect(result.err.split("\n")[0]).toBe(`dynamic-thrift: ${err(json.indexOf(element))}`);
    expect(result.code).toBe(1);
  });
});

describe("from Thrift to Thrift", () => {
  const copy = (flags: string, stdin: Uint8Array | string) =>
    runCli(["convert", "--from", "thrift", "--to", "thrift", ...words(flags)], { stdin });
  const everything = hex`
    02 0001 01  02 0002 00  03 0003 ff  04 0004 3ff8000000000000  06 0005 fffe  08 0006 0000012c
    0a 0007 8000000000000000  0b 0008 00000002 ffc0  10 0009 000102030405060708090a0b0c0d0e0f
    0c 000a 02 0001 01 00  0f 000b 02 00000002 01 00  0e 000c 08 00000000
    0d 000d 0b 0f 00000001 00000001 "k" 0b 00000001 00000000  0d 000e 00 00 00000000  08 ffff 00000001
    00`;

  it("keeps every type through the other protocol and back, without an IDL", async () => {
    const compact = await copy("--to-protocol compact", everything);
    expect(compact).toMatchObject({ err: "", code: 0 });
    expect(compact.stdout.length).toBeLessThan(everything.length);
    const back = await copy("--protocol compact --to-protocol binary", compact.stdout);
    expect(toHex(back.stdout)).toBe(toHex(everything));
  });

  it.each([
    ["--to-encoding hex", hex`08 0001 00000001 00`, "0800010000000100\n"],
    ["--encoding hex --to-encoding base64", "0800010000000100", "CAABAAAAAQA=\n"],
    ["--encoding hex", "08 0001 00000001 00", "0800010000000100\n"],
    ["--framing framed --to-framing lines --to-encoding hex", hex`00000001 00 00000001 00`, "00\n00\n"],
    ["--framing lines --encoding hex --to-framing lines --to-encoding base64", "00\n00", "AA==\nAA==\n"],
    ["--to-framing varint --to-encoding hex", hex`00`, "0100\n"],
    ["--to-framing lines --to-encoding hex", hex`00`, "00\n"],
  ])("%s %o", async (flags, input, output) => {
    expect(await copy(flags, input)).toMatchObject({ err: "", out: output, code: 0 });
  });

  it("of another type than a struct, which the IDL tells", async () => {
    const result = await copy(`--idl ${IDL} --type list<i16> --to-protocol compact`, hex`06 00000001 0007`);
    expect(toHex(result.stdout)).toBe("140e");
  });

  it.each<[name: string, input: Uint8Array, flags: string, message: string]>([
    ["a truncated value", hex`08 0001 0000`, "", "TRUNCATED the bytes end inside a value (offset 3)"],
    [
      "bytes behind the end",
      hex`00 01`,
      "",
      "TRAILING_DATA the message goes on behind its root value (offset 1)",
    ],
    [
      "a string that is too short, in the other protocol",
      hex`15 02 18 05 "ab"`,
      "--protocol compact --to-protocol binary",
      "INVALID_SIZE 5 bytes declared, but only 2 are left (offset 3)",
    ],
    ["an unknown type", hex`07 0001 00`, "", "INVALID_TYPE 7 is not a type of the protocol (offset 0)"],
    [
      "nesting beyond the limit",
      hex`0c 0001 0c 0001 0c 0001 00 00 00 00`,
      "--max-depth 3",
      "LIMIT_EXCEEDED structs and containers are nested too deep (offset 9)",
    ],
    [
      "nesting beyond the recursion, without a limit",
      new Uint8Array(6000).map((_, index) => [0x0c, 0, 1][index % 3]!),
      "--max-depth none",
      "LIMIT_EXCEEDED structs and containers are nested too deep (offset 1536)",
    ],
    [
      "a message beyond the limit",
      hex`08 0001 00000001 00`,
      "--max-size 7",
      "LIMIT_EXCEEDED a message of 8 bytes is larger than the limit of 7 (offset 0)",
    ],
    [
      "an output beyond the limit",
      hex`08 0001 00000001 00`,
      "--max-output-size 2",
      "LIMIT_EXCEEDED the output is larger than the limit of 2 bytes",
    ],
    [
      "a container beyond the limit",
      hex`0f 0001 03 00000002 01 02 00`,
      "--max-length 1",
      "LIMIT_EXCEEDED 2 elements are more than the limit of 1 (offset 4)",
    ],
  ])("%s", async (_name, input, flags, message) => {
    expect(await copy(flags, input)).toMatchObject({ out: "", err: `dynamic-thrift: ${message}\n`, code: 1 });
  });
});

/** The text with `…` for what the library says. */
function pattern(text: string): RegExp {
  const parts = text.split("…").map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
  return new RegExp(`^dynamic-thrift: ${parts.join("[^()\\n]+(?:\\([^()\\n]+\\)[^()\\n]+)?")}\\n$`);
}

describe("errors in messages", () => {
  it.each<[flags: string, input: string | Uint8Array, err: string]>([
    ["--from json --type User", '{"id":"x"}', 'TYPE_MISMATCH … (at id, offset 6)\n  near {"id":"x"}'],
    [
      "--from json --type User",
      '{\n  "id": 1,\n  "role":\t"BOSS"\n}\n',
      'INVALID_VALUE … (at role, line 3, offset 23)\n  near { "id": 1, "role": "BOSS" }',
    ],
    ["--from json --type User", "{}", "MISSING_REQUIRED … (at id, offset 1)\n  near {}"],
    [
      "--from json --type User",
      '{"id":1}\n{"id":2}\n',
      'TRAILING_DATA … (line 2, offset 9); for one message per line use --framing\n  near {"id":1} {"id":2}',
    ],
    ["--from json --type i64 --unknown-fields error", "", "INVALID_JSON … (offset 0)"],
    [
      "--from json --type User --unknown-fields error",
      '{"id":1,"x":2}',
      'UNKNOWN_FIELD … (at x, offset 8)\n  near {"id":1,"x":2}',
    ],
    [
      "--from json --type map<string,i16> --duplicate-keys error",
      '{"a":1,"a":2}',
      'DUPLICATE_FIELD … (at ["a"], offset 10)\n  near {"a":1,"a":2}',
    ],
    ["--from json --type i64 --max-size 2", "123", "LIMIT_EXCEEDED … (offset 2)"],
    ["--from json --type list<i16> --max-output-size 5", "[1]", "LIMIT_EXCEEDED … (offset 3)"],
    // At the end of the text, whatever white space follows.
    ["--from json --type User --max-output-size 5", '{"id":1}\n', "LIMIT_EXCEEDED … (offset 8)"],
    ["--from json --type User --max-output-size 5", '{\n"id":1}\n\n', "LIMIT_EXCEEDED … (line 2, offset 9)"],
    ["--from json --type User", '{"id":1,\n', 'INVALID_JSON … (offset 8)\n  near {"id":1,'],
    ["--from json --type User", " \n", "INVALID_JSON … (offset 0)"],
    ["--to json --type User", hex`0a 0001 0000`, "TRUNCATED … (at id, offset 3)"],
    ["--to json --type User", hex`08 0001 00000001 00`, "TYPE_MISMATCH … (at id, offset 0)"],
    ["--to json --type list<i16> --max-length 1", hex`06 00000002 0001 0002`, "LIMIT_EXCEEDED … (offset 0)"],
    ["--to json --type double", hex`7ff0000000000000`, "OUT_OF_RANGE … (offset 0)"],
    ["--to json --type User -e hex", "0a000", "INVALID_VALUE … (offset 5)"],
    ["--to json --type User", "", "TRUNCATED … (offset 0); the input is empty"],
    ["--to json --type User -e hex", "\n", "TRUNCATED … (offset 0); the input is empty"],
    ["--to json --type User --envelope", "", "TRUNCATED … (offset 0); the input is empty"],
    [
      "--to json --type User --framing framed",
      hex`00000000`,
      "message 1 (from byte 4): TRUNCATED … (offset 0); the message is empty",
    ],
    // What may have been forgotten.
    ["--to json --type User", '{"id":1}', "INVALID_TYPE … (offset 0); is the input JSON (--from json)?"],
    [
      "--to json --type User",
      "0a0001000000000000002a00\n",
      "INVALID_TYPE … (offset 0); is the input hexadecimal (--encoding hex)?",
    ],
    [
      "--to json --type User",
      hex`0000000c 0a 0001 000000000000002a 00`,
      "MISSING_REQUIRED … (at id, offset 0); is the input framed (--framing framed)?",
    ],
    [
      "--to json --type get:args",
      hex`80010001 00000003 "get" 00000000 00`,
      "INVALID_TYPE … (offset 0); the input looks like a binary message: try --envelope",
    ],
    [
      "--to json --type get:args",
      hex`82 21 00 03 "get" 00`,
      "INVALID_TYPE … (offset 0); the input looks like a compact message: try --envelope --protocol compact",
    ],
  ])("%s %o", async (flags, input, err) => {
    expect(await convert(flags, input)).toMatchObject({
      out: "",
      err: expect.stringMatching(pattern(err)),
      code: 1,
    });
  });
});

/** Makes a few thousand users more than what is converted as a whole. */
const LONG_NAME = "long name ".repeat(40);

describe("files", () => {
  it("are read and written", async () => {
    folder.write("user.json", '{"id":42}');
    const out = folder.file("user.bin");
    expect(await convert(`--from json --type User -i ${folder.file("user.json")} -o ${out}`)).toMatchObject({
      out: "",
      err: "",
      code: 0,
    });
    expect(toHex(readFileSync(out))).toBe("0a0001000000000000002a00");
  });

  it("- means the standard streams", async () => {
    expect(await convert("--from json --type i16 -i - -o - -e hex", "7")).toMatchObject({
      out: "0007\n",
      code: 0,
    });
  });

  it("an output stays as it was when the conversion fails, and nothing is left behind", async () => {
    const out = folder.write("kept/out.bin", "before");
    expect(await convert(`--from json --type User -o ${out}`, "{}")).toMatchObject({ code: 1 });
    expect(readFileSync(out, "utf8")).toBe("before");
    expect(readdirSync(folder.file("kept"))).toEqual(["out.bin"]);
    expect(await convert(`--from json --type User -o ${folder.file("kept/new.bin")}`, "{}")).toMatchObject({
      code: 1,
    });
    expect(readdirSync(folder.file("kept"))).toEqual(["out.bin"]);
  });

  it("an output is replaced as a whole, with its permissions", async () => {
    const out = folder.write("mode.bin", "something longer than the result");
    chmodSync(out, 0o640);
    expect(await convert(`--from json --type i16 -o ${out}`, "1")).toMatchObject({ code: 0 });
    expect(toHex(readFileSync(out))).toBe("0001");
    if (process.platform !== "win32") expect(statSync(out).mode & 0o777).toBe(0o640);
  });

  it("the output may be the input", async () => {
    const file = folder.write("same", '{"id":1}');
    expect(await convert(`--from json --type User -i ${file} -o ${file}`)).toMatchObject({ code: 0 });
    expect(toHex(readFileSync(file))).toBe("0a0001000000000000000100");
  });

  it.skipIf(process.platform === "win32")(
    "the file behind a symbolic link is replaced, not the link",
    async () => {
      const target = folder.write("target", "before");
      const link = folder.file("link");
      symlinkSync(target, link);
      expect(await convert(`--from json --type i16 -o ${link}`, "1")).toMatchObject({ code: 0 });
      expect(toHex(readFileSync(target))).toBe("0001");
      unlinkSync(link);
      expect(existsSync(target)).toBe(true);
    },
  );

  it.skipIf(process.platform === "win32")("devices are written directly", async () => {
    expect(await convert("--from json --type i16 -o /dev/null", "1")).toMatchObject({ err: "", code: 0 });
    expect(statSync("/dev/null").isCharacterDevice()).toBe(true);
  });

  it("inputs larger than what is held in memory are streamed, with the same result", async () => {
    const users = Array.from({ length: 3_000 }, (_, id) => `{"id":${id},"display_name":"${LONG_NAME}"}`);
    const json = `[${users.join(",")}]`;
    folder.write("users.json", json);
    const bin = folder.file("users.bin");
    expect(
      await convert(`--from json --type list<User> -i ${folder.file("users.json")} -o ${bin}`),
    ).toMatchObject({ err: "", code: 0 });
    const back = await convert(`--to json --type list<User> -i ${bin}`);
    expect(back.out === `${json}\n`).toBe(true);
    const pretty = await convert(`--to json --type list<User> --pretty -i ${bin}`);
    expect(pretty.out === `${JSON.stringify(JSON.parse(json), undefined, 2)}\n`).toBe(true);
    const normal = await convert(`--from json --to json --type list<User> -i ${folder.file("users.json")}`);
    expect(normal.out === `${json}\n`).toBe(true);
    const copied = await convert(`--from thrift --to thrift --type list<User> -i ${bin}`);
    expect(copied.stdout.equals(readFileSync(bin))).toBe(true);
    const text = await convert(`--from json --type list<User> -e base64 -i ${folder.file("users.json")}`);
    expect(text.out === `${readFileSync(bin, "base64")}\n`).toBe(true);
    expect((await convert("--to json --type list<User> -e base64", text.out)).out === `${json}\n`).toBe(true);
  });

  it("errors in streamed inputs have their line and offset", async () => {
    const lines = Array.from({ length: 3_000 }, (_, id) => `{"id":${id},"display_name":"${LONG_NAME}"}`);
    lines[2_900] = '{"id":true}';
    const json = `[${lines.join(",\n")}]`;
    const offset = json.indexOf("true");
    const message = `TYPE_MISMATCH expected a number (i64), found true (at [2900].id, line 2901, offset ${offset})`;
    const fromFile = await convert(
      `--from json --type list<User> -i ${folder.write("bad.json", json)} -o ${folder.file("bad.bin")}`,
    );
    expect(fromFile.err.split("\n")[0]).toBe(`dynamic-thrift: ${message}`);
    expect(fromFile.code).toBe(1);
    expect(existsSync(folder.file("bad.bin"))).toBe(false);
    // What comes through a pipe cannot be read again to count its lines.
    const fromPipe = await convert("--from json --type list<User>", chunksOf(utf8(json), 65_536));
    expect(fromPipe.err.split("\n")[0]).toBe(`dynamic-thrift: ${message.replace("line 2901, ", "")}`);
  });

  it("a message that cannot be streamed is bounded by the limit", async () => {
    const bytes = new Uint8Array(1_500_000);
    const result = await runCli(words("convert --from thrift --to thrift --max-size 1200K"), {
      stdin: bytes,
    });
    expect(result).toMatchObject({
      out: "",
      err: "dynamic-thrift: LIMIT_EXCEEDED the message is larger than the limit of 1228800 bytes (offset 1228800)\n",
      code: 1,
    });
  });
});
