import { afterAll, describe, expect, it } from "vitest";
import { API_THRIFT, BASE_THRIFT, createFolder } from "./support/files.ts";
import { runCli, words } from "./support/run.ts";

const folder = createFolder({
  "api.thrift": API_THRIFT,
  "base.thrift": BASE_THRIFT,
  "bad.thrift": "struct A {\n  1: Usr user\n  1: i32 again\n}\nstruct User {}\n",
  "two.json": "2",
  "lost.thrift": 'include "nowhere.thrift"\n',
});
afterAll(folder.remove);

/** Runs a line in which `API` stands for the file api.thrift and `DIR` for its folder. */
function run(line: string, terminals: readonly ("stdin" | "stdout" | "stderr")[] = []) {
  return runCli(words(line.replaceAll("API", folder.file("api.thrift")).replaceAll("DIR", folder.path)), {
    terminals,
  });
}

const CONVERT = "convert --idl API --type User --from json --to thrift";

describe("wrong command lines", () => {
  it.each<[line: string, message: string]>([
    ["conver", "unknown command 'conver' (did you mean convert?); see dynamic-thrift --help"],
    ["idl chek", "unknown command 'chek' (did you mean check?); see dynamic-thrift idl --help"],
    ["help nope", "unknown command 'nope'; see dynamic-thrift --help"],
    ["help conver", "unknown command 'conver' (did you mean convert?); see dynamic-thrift --help"],
    ["help check", "unknown command 'check' (did you mean idl check?); see dynamic-thrift --help"],
    ["idl help nope", "unknown command 'nope'; see dynamic-thrift idl --help"],
    ["idl help chek", "unknown command 'chek' (did you mean check?); see dynamic-thrift idl --help"],
    ["hlep", "unknown command 'hlep' (did you mean help?); see dynamic-thrift --help"],
    ["check API", "unknown command 'check' (did you mean idl check?); see dynamic-thrift --help"],
    ["descibe API User", "unknown command 'descibe' (did you mean idl describe?); see dynamic-thrift --help"],
    ["idl convert", "unknown command 'convert'; see dynamic-thrift idl --help"],
    ["--versio", "unknown option '--versio' (did you mean --version?); see dynamic-thrift --help"],
    [
      "convert --typ User",
      "unknown option '--typ' (did you mean --type?); see dynamic-thrift convert --help",
    ],
    ["convert -x", "unknown option '-x'; see dynamic-thrift convert --help"],
    ["idl check --jsn x", "unknown option '--jsn'; see dynamic-thrift idl check --help"],
    ["convert --type", "option '-t, --type <type>' argument missing; see dynamic-thrift convert --help"],
    ["idl check", "missing required argument 'files'; see dynamic-thrift idl check --help"],
    ["idl describe", "missing required argument 'file'; see dynamic-thrift idl describe --help"],
    [
      "idl describe a b c",
      "too many arguments for 'describe'. Expected 2 arguments but got 3; see dynamic-thrift idl describe --help",
    ],
    [`${CONVERT} user.json`, "unexpected argument `user.json`; input files are given with -i FILE"],
    [
      "convert --from jsn",
      "`jsn` is no value for --from: it must be json or thrift; did you mean `json`?; see dynamic-thrift convert --help",
    ],
    [
      `${CONVERT} --protocol compct`,
      "`compct` is no value for --protocol: it must be binary or compact; did you mean `compact`?; see dynamic-thrift convert --help",
    ],
    [
      `${CONVERT} --missing requird=write`,
      "`requird=write` is no value for --missing: it must be required, default or optional; did you mean `required`?; see dynamic-thrift convert --help",
    ],
    [
      `${CONVERT} --max-depth 0`,
      "`0` is no value for --max-depth: it must be a positive integer, or none; see dynamic-thrift convert --help",
    ],
    ["convert", "say what to convert: --from json --to thrift, or --from thrift --to json"],
    ["convert --from json", "--type is missing: a struct, another type, or Service.method:args"],
    ["convert --to json --type User", "--idl is missing: the file that declares the type"],
    ["convert --to json --envelope", "--idl is missing: the file that declares the type"],
    ["convert --from json --idl API --type Usr", "there is no type `Usr`; did you mean `User`?"],
    [
      "convert --from json --idl API --type list<Usr>",
      "there is no type `Usr`; did you mean `User`?\nlist<Usr>\n     ^",
    ],
    [
      "convert --from json --idl API --type Users.gett:args",
      "service `Users` has no method `gett`; did you mean `get`?",
    ],
    [
      "convert --to json --idl API --envelope --type Users.gett",
      "service `Users` has no method `gett`; did you mean `get`?",
    ],
    [
      "convert --from json --idl API --type Users",
      "`Users` is a service; say which struct of which method is meant, such as `Users.get:args`",
    ],
    // Options that would have no effect.
    [`${CONVERT} --byte unsigned`, "--byte is only for JSON output"],
    [`${CONVERT} --pretty`, "--pretty is only for JSON output"],
    [`${CONVERT} --mismatch skip`, "--mismatch is only for JSON output"],
    [`${CONVERT} --utf8 replace`, "--utf8 replace is only for Thrift input; JSON must be UTF-8"],
    ["convert --to json --quoted-numbers accept", "--quoted-numbers is only for JSON input"],
    ["convert --to json --null-elements skip", "--null-elements is only for JSON input"],
    [`${CONVERT} --to-protocol compact`, "--to-protocol is only for Thrift to Thrift"],
    [`${CONVERT} --keep-going`, "--keep-going is for many messages: it needs --framing"],
    [
      `${CONVERT} --sequence-id 7`,
      "--sequence-id says what to write into an envelope: it needs --envelope, from JSON to Thrift",
    ],
    [
      "convert --to json --envelope --method x",
      "--method says what to write into an envelope: it needs --envelope, from JSON to Thrift",
    ],
    [
      "convert --from thrift --to thrift --enums name",
      "--enums has no effect from Thrift to Thrift, where messages stay as they are",
    ],
    [
      "convert --from json --to json --protocol compact",
      "--protocol is for the Thrift side, and from JSON to JSON there is none",
    ],
    [
      "convert --to json --pretty --framing framed",
      "--pretty cannot be used with --framing, where each message has one line",
    ],
    ["convert --from json --to json --framing framed", "JSON messages stand on lines: use --framing lines"],
    [`${CONVERT} --framing lines`, "lines must be text: with --framing lines use --encoding hex or base64"],
    [
      "convert --to json --framing lines",
      "lines must be text: with --framing lines use --encoding hex or base64",
    ],
    [
      "convert --from thrift --to thrift --to-framing lines",
      "lines must be text: with --framing lines use --encoding hex or base64",
    ],
    [
      "convert --from thrift --to thrift --framing framed --to-framing none",
      "many messages need a framing in the output too: leave out --to-framing none",
    ],
    [
      `${CONVERT} --envelope`,
      "--envelope needs the method: give --type Service.method:args, or --method with another type",
    ],
    [
      "convert --from json --idl API --type get:result --envelope --message-type call",
      "a message of type call carries the args of its method, but `get:result` is the result",
    ],
    [
      "convert --from json --idl API --type Users.get --envelope",
      "`Users.get` is a method; say which of its structs is meant: `Users.get:args` or `Users.get:result`",
    ],
    [`${CONVERT} -i a -i b`, "--input is given twice"],
    [`${CONVERT} -i a --input=a`, "--input is given twice"],
    [`${CONVERT} -o a -o b`, "--output is given twice"],
    [`${CONVERT} --idl API`, "--idl is given twice"],
    [`${CONVERT} --type User`, "--type is given twice"],
    [`${CONVERT} --from thrift`, "--from is given twice"],
    [`${CONVERT} --max-depth 1 --max-depth none`, "--max-depth is given twice"],
    [`${CONVERT} --sequence-id 0 --sequence-id 1`, "--sequence-id is given twice"],
    [`${CONVERT} --missing default=write --missing optional=write`, "--missing is given twice"],
    ["idl check --services first --services last API", "--services is given twice"],
    [
      "convert --to json --envelope --idl DIR/base.thrift",
      "--type is missing: DIR/base.thrift has no service",
    ],
    [
      "convert --to json --envelope --idl API --services Userz",
      "there is no service `Userz` in API; did you mean `Users`?",
    ],
    ["convert --from json --type get:args --idl API --services x", "there is no service `x` in API"],
    ["idl check --services Userz API", "there is no service `Userz` in API; did you mean `Users`?"],
    ["idl describe --services Userz API", "there is no service `Userz` in API; did you mean `Users`?"],
    ["idl describe API Usr", "there is no type `Usr`; did you mean `User`?"],
    ["idl describe API User.get", "there is no type `User.get`: no file `User.thrift` is included here"],
  ])("%s", async (line, message) => {
    const err = `dynamic-thrift: ${message}\n`
      .replaceAll("API", folder.file("api.thrift"))
      .replaceAll("DIR", folder.path);
    expect(await run(line)).toMatchObject({ out: "", err, code: 2 });
  });

  it.each(["-q -q", "--pretty --pretty", "-I DIR -I DIR"])("%s may be repeated", async (flags) => {
    expect(
      await run(`convert --idl API --type i16 --from json --to json -i DIR/two.json ${flags}`),
    ).toMatchObject({
      err: "",
      code: 0,
    });
  });

  it("an IDL with errors and a service that it lacks", async () => {
    const { code, err } = await run("idl check --services Nope DIR/bad.thrift");
    expect(err).toContain("bad.thrift:2:6: error: there is no type `Usr`");
    expect(err).not.toContain("Nope");
    expect(code).toBe(3);
  });

  it("binary data is not written to a terminal unless asked for", async () => {
    const message =
      "binary data would garble the terminal: use -o FILE, --encoding hex, or -o - to write it all the same";
    const line = "convert --idl API --type i16 --from json -i DIR/one.json";
    folder.write("one.json", "1");
    expect(await run(line, ["stdout"])).toMatchObject({
      out: "",
      err: `dynamic-thrift: ${message}\n`,
      code: 2,
    });
    expect(await run(`${line} -e hex`, ["stdout"])).toMatchObject({ out: "0001\n", code: 0 });
    expect(await run(`${line} -o -`, ["stdout"])).toMatchObject({ out: "\0\u0001", code: 0 });
    expect(await run(line)).toMatchObject({ out: "\0\u0001", code: 0 });
  });

  it("waiting for a terminal's input is told", async () => {
    const line = "convert --idl API --type i16 --from json -e hex";
    const note = "Reading from the terminal; end with Ctrl-D.\n";
    expect((await run(line, ["stdin", "stderr"])).err).toContain(note);
    expect((await run(`${line} -q`, ["stdin", "stderr"])).err).not.toContain(note);
    expect((await run(line, ["stdin"])).err).not.toContain(note);
  });
});

describe("files that are not there", () => {
  it.each<[line: string, message: string]>([
    [
      "convert --idl DIR/nope.thrift --type User --from json",
      "cannot read `DIR/nope.thrift`: there is no such file",
    ],
    ["convert --idl DIR --type User --from json", "cannot read `DIR`: it is a directory"],
    [`${CONVERT} -i DIR/nope.json`, "cannot read `DIR/nope.json`: there is no such file or directory"],
    [`${CONVERT} -i DIR`, "cannot read `DIR`: it is a directory"],
    [`${CONVERT} -i API/x`, "cannot read `API/x`: part of the path is not a directory"],
    [`${CONVERT} -i API -o DIR/no/out`, "cannot write `DIR/no/out`: there is no such file or directory"],
    [`${CONVERT} -i API -o DIR`, "cannot write `DIR`: it is a directory"],
    ["idl describe DIR/nope.thrift", "cannot read `DIR/nope.thrift`: there is no such file"],
  ])("%s", async (line, message) => {
    const err = `dynamic-thrift: ${message}\n`
      .replaceAll("API", folder.file("api.thrift"))
      .replaceAll("DIR", folder.path);
    expect(await run(line)).toMatchObject({ out: "", err, code: 4 });
  });
});

describe("IDL with errors", () => {
  it("is shown with its lines, and has its exit code", async () => {
    for (const line of ["convert --idl DIR/bad.thrift --type A --from json", "idl describe DIR/bad.thrift"]) {
      const { code, out, err } = await run(line);
      const bad = folder.file("bad.thrift");
      expect(err).toBe(
        [
          `${bad}:2:6: error: there is no type \`Usr\`; did you mean \`User\`?`,
          "    1: Usr user",
          "       ^",
          `${bad}:3:3: error: field id 1 is used twice`,
          "    1: i32 again",
          "    ^",
          `${bad}:2:3: note: first used here`,
          "dynamic-thrift: 2 errors",
          "",
        ].join("\n"),
      );
      expect({ code, out }).toEqual({ code: 3, out: "" });
    }
  });

  it("such as a missing include", async () => {
    const { code, err } = await run("convert --idl DIR/lost.thrift --type A --from json");
    expect(err).toMatch(/lost\.thrift:1:1: error: .*nowhere\.thrift/);
    expect(code).toBe(3);
  });
});

describe("help", () => {
  it.each([
    ["--help", /^Usage: dynamic-thrift \[options\] \[command\]\n/],
    ["-h", /^Usage: dynamic-thrift /],
    ["help", /^Usage: dynamic-thrift /],
    [
      "convert --help",
      /^Usage: dynamic-thrift convert --idl FILE --type TYPE --from json\|thrift --to json\|thrift \[options\]\n/,
    ],
    ["help convert", /^Usage: dynamic-thrift convert /],
    ["idl --help", /^Usage: dynamic-thrift idl \[options\] \[command\]\n/],
    ["idl check --help", /^Usage: dynamic-thrift idl check \[options\] <files...>\n/],
    ["idl help describe", /^Usage: dynamic-thrift idl describe \[options\] <file> \[type\]\n/],
  ])("%s goes to the standard output", async (line, usage) => {
    const { code, out, err } = await run(line);
    expect(out).toMatch(usage);
    expect(out.endsWith("\n")).toBe(true);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).not.toContain("\u001b");
  });

  it.each(["--help", "convert --help", "idl check --help", "idl describe --help"])(
    "%s has examples and exit codes",
    async (line) => {
      const { out } = await run(line);
      expect(out).toContain("\nExamples:\n");
      if (!line.startsWith("idl describe")) expect(out).toContain("Exit codes:");
    },
  );

  it.each(["", "idl", "help help"])("no command: `%s` shows help as an error", async (line) => {
    const { code, out, err } = await run(line);
    expect(err).toMatch(/^Usage: dynamic-thrift /);
    expect({ code, out }).toEqual({ code: 2, out: "" });
  });

  it("has colours on a terminal", async () => {
    expect((await run("--help", ["stdout"])).out).toContain("\u001b[1mUsage:\u001b[22m");
  });

  it("every option has a text", async () => {
    const { out } = await run("convert --help");
    const options = out.match(/^ {2}(?:-\w, )?--[\w-]+(?: <[\w-]+>)?.*$/gm) ?? [];
    expect(options.length).toBeGreaterThan(40);
    for (const option of options) expect(option).toMatch(/ {2,}\S+ \S+/);
  });
});

it.each(["--version", "-V"])("%s", async (line) => {
  const { version } = (await import("../../package.json", { with: { type: "json" } })).default;
  expect(await run(line)).toMatchObject({ out: `${version}\n`, err: "", code: 0 });
});
