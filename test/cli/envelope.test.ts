import { afterAll, describe, expect, it } from "vitest";
import { hex, toHex } from "../support/bytes.ts";
import { API_THRIFT, BASE_THRIFT, createFolder } from "./support/files.ts";
import { runCli, words } from "./support/run.ts";

const folder = createFolder({
  "api.thrift": API_THRIFT,
  "base.thrift": BASE_THRIFT,
  "three.thrift": `
    service Root { i32 root(1: i32 r) }
    service A extends Root { i32 a(1: i32 x), i32 both(1: i32 x), i32 all(1: i32 x) }
    service B extends Root { i32 b(1: i32 y), i32 both(1: i32 y), i32 all(1: i32 y) }
    service Last { i32 last(1: i32 z), i32 all(1: i32 z) }
  `,
});
afterAll(folder.remove);

function convert(flags: string, stdin: string | Uint8Array) {
  return runCli(["convert", "--idl", folder.file("api.thrift"), "--envelope", ...words(flags)], { stdin });
}

describe("from JSON an envelope is written", () => {
  it.each<[flags: string, json: string, message: Uint8Array]>([
    ["--type Users.get:args", '{"id":1}', hex`80010001 00000003 "get" 00000000  0a 0001 0000000000000001 00`],
    ["--type get:result", "{}", hex`80010002 00000003 "get" 00000000  00`],
    [
      "--type Health.report:args",
      '{"source":"a"}',
      hex`80010004 00000006 "report" 00000000  0b 0001 00000001 "a" 00`,
    ],
    ["--type get:args --protocol compact --sequence-id 5", '{"id":1}', hex`82 21 05 03 "get"  16 02 00`],
    ["--type get:args --sequence-id -1", "{}", hex`80010001 00000003 "get" ffffffff  00`],
    ["--type get:args --method get2", "{}", hex`80010001 00000004 "get2" 00000000  00`],
    ["--type get:args --message-type oneway", "{}", hex`80010004 00000003 "get" 00000000  00`],
    ["--type Users.get --message-type reply", "{}", hex`80010002 00000003 "get" 00000000  00`],
    [
      "--type User --method get",
      '{"id":1}',
      hex`80010001 00000003 "get" 00000000  0a 0001 0000000000000001 00`,
    ],
    [
      "--type User --method get --message-type reply",
      '{"id":1}',
      hex`80010002 00000003 "get" 00000000  0a 0001 0000000000000001 00`,
    ],
    [
      "--type get:result --message-type exception",
      '{"message":"no","type":6}',
      hex`80010003 00000003 "get" 00000000  0b 0001 00000002 "no" 08 0002 00000006 00`,
    ],
    ["--method get --message-type exception", "{}", hex`80010003 00000003 "get" 00000000  00`],
  ])("%s %s", async (flags, json, message) => {
    const result = await convert(`--from json --to thrift ${flags}`, json);
    expect(result).toMatchObject({ err: "", code: 0 });
    expect(toHex(result.stdout)).toBe(toHex(message));
  });

  it("an exception needs no IDL", async () => {
    const line = "convert --from json --envelope --method get --message-type exception -e hex";
    expect(await runCli(words(line), { stdin: "{}" })).toMatchObject({
      out: "800100030000000367657400000000" + "00\n",
      err: "",
      code: 0,
    });
  });

  it("many messages count the sequence ids up", async () => {
    const result = await convert(
      "--from json --type get:args --framing lines -e hex --sequence-id 2147483647",
      "{}\n{}\n",
    );
    expect(result.out).toBe("80010001000000036765747fffffff00\n80010001000000036765748000000000\n");
  });

  it("a message that is streamed has it too", async () => {
    const name = "x".repeat(1_200_000);
    const result = await convert("--from json --type rename:args", `{"id":1,"name":"${name}"}`);
    expect(toHex(result.stdout.subarray(0, 40))).toBe(
      toHex(hex`80010001 00000006 "rename" 00000000  0a 0001 0000000000000001 0b 0002 00124f80 "xxxx"`),
    );
    const back = await convert("--to json", result.stdout);
    expect(back.out === `{"id":1,"name":"${name}"}\n`).toBe(true);
  });
});

const CALL = hex`80010001 00000003 "get" 00000007  0a 0001 0000000000000001 00`;
const REPLY = hex`80010002 00000003 "get" 00000007  0c 0000 0a 0001 0000000000000001 00 00`;
const DECLARED = hex`80010002 00000003 "get" 00000007  0c 0001 0b 0001 00000001 "x" 00 00`;

describe("from Thrift the envelope says what the message is", () => {
  it.each<[flags: string, message: Uint8Array, json: string]>([
    ["", CALL, '{"id":1}'],
    ["", REPLY, '{"success":{"id":1}}'],
    ["", DECLARED, '{"missing":{"what":"x"}}'],
    ["--type Users", CALL, '{"id":1}'],
    ["--type Users.get", REPLY, '{"success":{"id":1}}'],
    ["--type Users.get:args", CALL, '{"id":1}'],
    ["--type get:result", REPLY, '{"success":{"id":1}}'],
    ["--type User", CALL, '{"id":1}'],
    ["--type Users", hex`80010004 00000006 "report" 00000000  0b 0001 00000001 "a" 00`, '{"source":"a"}'],
    ["--protocol compact", hex`82 41 07 03 "get"  0c 00 16 02 00 00`, '{"success":{"id":1}}'],
    // Without a version, and as the multiplexed protocol names methods.
    ["", hex`00000003 "get" 01 00000007  0a 0001 0000000000000001 00`, '{"id":1}'],
    ["", hex`80010001 00000009 "Users:get" 00000007  0a 0001 0000000000000001 00`, '{"id":1}'],
    [
      "--type Users.get:args",
      hex`80010001 00000009 "Users:get" 00000007  0a 0001 0000000000000001 00`,
      '{"id":1}',
    ],
  ])("%s %o", async (flags, message, json) => {
    expect(await convert(`--from thrift --to json ${flags}`, message)).toMatchObject({
      err: "",
      out: `${json}\n`,
      code: 0,
    });
  });

  it.each<[flags: string, message: Uint8Array, err: string]>([
    [
      "--type get:result",
      CALL,
      "INVALID_ENVELOPE the message is a call and carries the args of its method, not the result (offset 0)",
    ],
    [
      "--type get:args",
      REPLY,
      "INVALID_ENVELOPE the message is a reply and carries the result of its method, not the args (offset 0)",
    ],
    [
      "--type rename:args",
      CALL,
      "INVALID_ENVELOPE the message is of the method `get`, not of `rename` (offset 0)",
    ],
    ["--type Health", CALL, "INVALID_ENVELOPE the service `Health` has no method `get` (offset 0)"],
    ["", hex`80010001 00000003 "ge"`, "INVALID_SIZE 3 bytes declared, but only 2 are left (offset 4)"],
    [
      "--protocol compact",
      CALL,
      "INVALID_ENVELOPE the message is not of the compact protocol (offset 0); the input looks like a binary message: try --protocol binary",
    ],
    ["--services Health", CALL, "INVALID_ENVELOPE the service `Health` has no method `get` (offset 0)"],
    [
      "",
      hex`80010001 00000004 "nope" 00000007 00`,
      "INVALID_ENVELOPE no service of the file has a method `nope` (offset 0)",
    ],
    // Offsets count from the start of the message, not of its body.
    [
      "",
      hex`80010001 00000003 "get" 00000007  0a 0001 0000`,
      "TRUNCATED the bytes end inside a value (at id, offset 18)",
    ],
    [
      "",
      hex`80010001 00000003 "get" 00000007  00 00`,
      "TRAILING_DATA more data behind the end of the value (offset 16)",
    ],
  ])("%s %o is an error", async (flags, message, err) => {
    const [code] = err.split(" ");
    const place = err.slice(err.indexOf(" ("));
    const result = await convert(`--to json ${flags}`, message);
    expect(result).toMatchObject({ out: "", code: 1 });
    if (code === "INVALID_ENVELOPE") expect(result.err).toBe(`dynamic-thrift: ${err}\n`);
    expect(result.err.startsWith(`dynamic-thrift: ${code} `), result.err).toBe(true);
    expect(result.err.endsWith(`${place}\n`), result.err).toBe(true);
  });
});

describe("a message without an envelope", () => {
  const HINT = "; is there an envelope? without one leave --envelope out";
  it.each<[flags: string, message: Uint8Array, err: string]>([
    [
      "",
      hex`0a 0001 0000000000000001 00`,
      `INVALID_SIZE 167772416 bytes declared, but only 8 are left (offset 0)${HINT}`,
    ],
    [
      "",
      hex`0b 0001 00000001 "x" 00`,
      `INVALID_SIZE 184549632 bytes declared, but only 5 are left (offset 0)${HINT}`,
    ],
    ["", hex`00`, `TRUNCATED the bytes end inside a value (offset 0)${HINT}`],
    [
      "-p compact",
      hex`16 02 00`,
      `INVALID_ENVELOPE the message is not of the compact protocol (offset 0)${HINT}`,
    ],
    // These have one, or the beginning of one.
    ["", hex`80010001 000000`, "TRUNCATED the bytes end inside a value (offset 4)"],
    [
      "",
      hex`80020001 00000003 "get" 00000007 00`,
      "INVALID_ENVELOPE the message is not of version 1 of the binary protocol (offset 0)",
    ],
    [
      "-p compact",
      hex`82 22 07 03 "get" 00`,
      "INVALID_ENVELOPE the message is not of version 1 of the compact protocol (offset 1)",
    ],
    // More likely than that.
    [
      "",
      hex`00000010 80010001 00000003 "get" 00000007 00`,
      "INVALID_UTF8 the method name is not valid UTF-8 (offset 4); is the input framed (--framing framed)?",
    ],
  ])("%s %o", async (flags, message, err) => {
    const { code, err: text } = await convert(`--from thrift --to json ${flags}`, message);
    expect(text).toBe(`dynamic-thrift: ${err}\n`);
    expect(code).toBe(1);
  });
});

describe("exceptions", () => {
  it.each<[name: string, message: Uint8Array, json: string, err: string]>([
    [
      "with a known number",
      hex`80010003 00000003 "get" 00000007  0b 0001 00000002 "no" 08 0002 00000001 00`,
      '{"message":"no","type":1}',
      "the answer of `get` is the application exception UNKNOWN_METHOD (1)",
    ],
    [
      "with a number of the sender's own, and unknown fields",
      hex`80010003 00000003 "get" 00000007  08 0002 000003e7 02 0009 01 00`,
      '{"type":999}',
      "the answer of `get` is an application exception of type 999",
    ],
    [
      "with fields of other types",
      hex`80010003 00000003 "get" 00000007  08 0001 00000005 00`,
      "{}",
      "the answer of `get` is the application exception UNKNOWN (0)",
    ],
  ])(
    "an application exception %s is the output, is told about and has its exit code",
    async (_name, message, json, err) => {
      expect(await convert("--to json", message)).toMatchObject({
        out: `${json}\n`,
        err: `dynamic-thrift: ${err}\n`,
        code: 5,
      });
      expect(
        await convert("--to json --type get:result --quiet --unknown-fields error", message),
      ).toMatchObject({ out: `${json}\n`, err: "", code: 5 });
    },
  );

  it("a text that is not UTF-8 does not hide that it is one", async () => {
    const message = hex`80010003 00000003 "get" 00000007  0b 0001 00000001 ff 00`;
    expect(await convert("--to json", message)).toMatchObject({ out: "", code: 1 });
    expect(await convert("--to json --utf8 replace", message)).toMatchObject({
      out: '{"message":"\ufffd"}\n',
      err: "dynamic-thrift: the answer of `get` is an application exception\n",
      code: 5,
    });
  });

  it("a declared exception has that exit code only when asked for", async () => {
    expect(await convert("--to json", DECLARED)).toMatchObject({ err: "", code: 0 });
    for (const flags of ["--exceptions throw", "--exceptions throw --type Users.get:result"]) {
      expect(await convert(`--to json ${flags}`, DECLARED)).toMatchObject({
        out: '{"missing":{"what":"x"}}\n',
        err: "dynamic-thrift: the result is the declared exception `missing`\n",
        code: 5,
      });
    }
    expect(await convert("--to json --exceptions throw", REPLY)).toMatchObject({ err: "", code: 0 });
  });

  it("among many messages are counted", async () => {
    const lines = [CALL, DECLARED, hex`80010003 00000003 "get" 00000007  00`].map(toHex).join("\n");
    expect(await convert("--to json --framing lines -e hex --exceptions throw", lines)).toMatchObject({
      out: '{"id":1}\n{"missing":{"what":"x"}}\n{}\n',
      err: "dynamic-thrift: 2 of 3 messages carry an exception\n",
      code: 5,
    });
  });
});

describe("from Thrift to Thrift the envelope is kept", () => {
  const copy = (flags: string, stdin: Uint8Array) =>
    runCli(words(`convert --from thrift --to thrift --envelope ${flags}`), { stdin });

  it.each<[flags: string, message: Uint8Array, result: Uint8Array]>([
    ["--to-protocol compact", CALL, hex`82 21 07 03 "get"  16 02 00`],
    ["--protocol compact --to-protocol binary", hex`82 21 07 03 "get"  16 02 00`, CALL],
    ["", hex`00000003 "get" 01 00000007  00`, hex`00000003 "get" 01 00000007  00`],
  ])("%s %o", async (flags, message, result) => {
    expect(toHex((await copy(flags, message)).stdout)).toBe(toHex(result));
  });

  it("errors in the body count from the start of the message", async () => {
    expect((await copy("", hex`80010001 00000003 "get" 00000007  0a 0001 00`)).err).toBe(
      "dynamic-thrift: TRUNCATED the bytes end inside a value (offset 18)\n",
    );
  });
});

describe("without --type, the method is looked for in", () => {
  const call = (method: string): Uint8Array =>
    hex(`80010001 0000000${method.length} "${method}" 00000000 08 0001 00000005 00`);
  const INVALID = "dynamic-thrift: INVALID_ENVELOPE";
  it.each<[name: string, method: string, flags: string, out: string, err: string]>([
    ["the last service", "last", "", '{"z":5}\n', ""],
    ["the last service, though others have it", "all", "", '{"z":5}\n', ""],
    ["the only other one that has it", "a", "", '{"x":5}\n', ""],
    ["several that inherit it", "root", "", '{"r":5}\n', ""],
    [
      "several that differ",
      "both",
      "",
      "",
      `${INVALID} several services have a method \`both\` (\`A\`, \`B\`); choose one with --services (offset 0)\n`,
    ],
    ["the one of --services", "both", "--services B", '{"y":5}\n', ""],
    [
      "no others where --services chooses one",
      "a",
      "--services last",
      "",
      `${INVALID} the service \`Last\` has no method \`a\` (offset 0)\n`,
    ],
  ])("%s: %s %s", async (_name, method, flags, out, err) => {
    const line = `convert --to json --envelope --idl ${folder.file("three.thrift")} ${flags}`;
    expect(await runCli(words(line), { stdin: call(method) })).toMatchObject({
      out,
      err,
      code: err === "" ? 0 : 1,
    });
  });
});
