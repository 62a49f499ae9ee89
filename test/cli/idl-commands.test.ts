import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { loadIdlSync } from "../../src/index.ts";
import { API_THRIFT, BASE_THRIFT, createFolder } from "./support/files.ts";
import { type RunOptions, runCli, words } from "./support/run.ts";

const folder = createFolder({
  "api.thrift": API_THRIFT,
  "base.thrift": BASE_THRIFT,
  "good.thrift": "struct A { 1: i32 a }",
  "latin1.thrift": Buffer.from("struct A {}\n// gr\u00f6\u00dfe\n", "latin1"),
  "warn.thrift": "struct A { i32 a }",
  "user.thrift": 'include "warn.thrift"\nstruct B { 1: warn.A a }',
  "bad.thrift": "struct A { 1: Nope a }\nstruct A {}",
  "sub/inner.thrift": 'include "shared.thrift"\nstruct I { 1: shared.S s }',
  "shared/shared.thrift": "struct S {}",
  "hostile.thrift": "/** \u001b]0;x\u0007 \u202e */\nstruct A { 1: Nope\u001b[2J }",
  "odd.thrift": "/** a \u001b[2Jb\u202e */\nstruct A {}",
  "empty.thrift": "namespace js empty",
  "root.thrift": `
    include "one.thrift"
    include "dir/two.thrift"
    typedef one.X X
    enum E { ROOT }
    struct S {
      1: one.X a, 2: two.X b, 3: map<one.X, list<two.X>> c, 4: set<one.E> d, 5: two.E e, 6: E f, 7: S g, 8: X h
    }
    const one.E FIRST = one.E.ONE
    service Svc extends one.Base { two.X get(1: one.X x) throws (1: two.Oops oops) (api.get = "/") }
  `,
  "one.thrift": `
    include "far.thrift"
    struct X { 1: far.X x }
    enum E { ONE }
    service Base { void ping(1: X x) }
  `,
  "dir/two.thrift": "struct X {} enum E { TWO } exception Oops {}",
  "far.thrift": "struct X {}",
});
afterAll(folder.remove);

async function idl(line: string, options: RunOptions = {}) {
  const result = await runCli(["idl", ...words(line.replaceAll("DIR", folder.path))], options);
  return {
    ...result,
    out: result.out.replaceAll(folder.path, "DIR"),
    err: result.err.replaceAll(folder.path, "DIR"),
  };
}

const WARNING = [
  "DIR/warn.thrift:1:16: warning: field `a` has no id and gets -1, as in Apache Thrift; thriftgo numbers it otherwise",
  "  struct A { i32 a }",
  "                 ^",
];
const BAD = [
  "DIR/bad.thrift:1:15: error: there is no type `Nope`",
  "  struct A { 1: Nope a }",
  "                ^",
  "DIR/bad.thrift:2:8: error: `A` is defined twice",
  "  struct A {}",
  "         ^",
  "DIR/bad.thrift:1:8: note: first defined here",
];

describe("idl check", () => {
  it.each<[line: string, code: number, err: readonly string[]]>([
    ["DIR/good.thrift", 0, ["dynamic-thrift: 1 file checked: no problems"]],
    ["DIR/good.thrift DIR/api.thrift", 0, ["dynamic-thrift: 2 files checked: no problems"]],
    ["DIR/warn.thrift", 0, [...WARNING, "dynamic-thrift: 1 file checked: 1 warning"]],
    ["--strict DIR/warn.thrift", 3, [...WARNING, "dynamic-thrift: 1 file checked: 1 warning"]],
    ["-q DIR/warn.thrift", 0, []],
    [
      "DIR/latin1.thrift",
      0,
      [
        "DIR/latin1.thrift:2:6: warning: these bytes, the first such in the file, are not valid UTF-8; U+FFFD stands for them",
        "  // gr\ufffd\ufffde",
        "       ^",
        "dynamic-thrift: 1 file checked: 1 warning",
      ],
    ],
    // They count as errors there, and are the reason of the exit code.
    ["-q --strict DIR/warn.thrift", 3, WARNING],
    // What two files share is shown once.
    ["DIR/warn.thrift DIR/user.thrift", 0, [...WARNING, "dynamic-thrift: 2 files checked: 1 warning"]],
    ["DIR/bad.thrift", 3, [...BAD, "dynamic-thrift: 1 file checked: 2 errors"]],
    ["-q DIR/bad.thrift", 3, BAD],
    [
      "DIR/warn.thrift DIR/bad.thrift DIR/good.thrift",
      3,
      [...WARNING, ...BAD, "dynamic-thrift: 3 files checked: 2 errors, 1 warning"],
    ],
    [
      "DIR/nope.thrift DIR/good.thrift",
      4,
      [
        "dynamic-thrift: cannot read `DIR/nope.thrift`: there is no such file",
        "dynamic-thrift: 2 files checked: 1 file not readable",
      ],
    ],
    [
      "DIR DIR/bad.thrift",
      3,
      [
        "dynamic-thrift: cannot read `DIR`: it is a directory",
        ...BAD,
        "dynamic-thrift: 2 files checked: 2 errors, 1 file not readable",
      ],
    ],
    ["-I DIR/nope -I DIR/shared DIR/sub/inner.thrift", 0, ["dynamic-thrift: 1 file checked: no problems"]],
  ])("%s", async (line, code, err) => {
    expect(await idl(`check ${line}`)).toMatchObject({
      code,
      out: "",
      err: err.map((text) => `${text}\n`).join(""),
    });
  });

  const WRONG_TYPES = `struct A {\n${Array.from({ length: 150 }, (_, i) => `  ${i + 1}: Nope f${i}\n`).join("")}}`;
  const WRONG_SYNTAX = "struct A { 1: , }\n".repeat(150);
  it.each<[line: string, name: string, count: string, source: string]>([
    ["check DIR/many.thrift", "150 wrong types", "1 file checked: 150 errors (100 shown)", WRONG_TYPES],
    ["check DIR/many.thrift", "150 × a field `,`", "1 file checked: at least 100 errors", WRONG_SYNTAX],
    // They share what is not shown.
    [
      "check DIR/many.thrift DIR/many-user.thrift",
      "150 wrong types",
      "2 files checked: at least 150 errors (100 shown)",
      WRONG_TYPES,
    ],
    ["describe DIR/many.thrift", "150 wrong types", "150 errors (100 shown)", WRONG_TYPES],
    ["describe DIR/many.thrift", "150 × a field `,`", "at least 100 errors", WRONG_SYNTAX],
  ])("%s, %s: %s", async (line, _name, count, source) => {
    folder.write("many.thrift", source);
    folder.write("many-user.thrift", 'include "many.thrift"');
    const { code, err } = await idl(line);
    expect(err.trimEnd().split("\n").at(-1)).toBe(`dynamic-thrift: ${count}`);
    expect(err.match(/error:/g)).toHaveLength(100);
    expect(code).toBe(3);
  });

  it("without the directory of an include", async () => {
    const { code, err } = await idl("check DIR/sub/inner.thrift");
    expect(err).toContain("DIR/sub/inner.thrift:1:1: error: cannot find the included file `shared.thrift`");
    expect(code).toBe(3);
  });

  it.each<[env: Record<string, string>, terminal: boolean, coloured: boolean]>([
    [{}, false, false],
    [{}, true, true],
    [{ TERM: "dumb" }, true, false],
    [{ NO_COLOR: "1" }, true, false],
    [{ NO_COLOR: "" }, true, true],
    [{ FORCE_COLOR: "1" }, false, true],
    [{ FORCE_COLOR: "0" }, true, false],
    [{ FORCE_COLOR: "false" }, true, false],
    [{ FORCE_COLOR: "1", NO_COLOR: "1" }, true, false],
  ])("with %o, on a terminal %s: colours %s", async (env, terminal, coloured) => {
    const { err } = await idl("check DIR/bad.thrift", { env, terminals: terminal ? ["stderr"] : ["stdout"] });
    expect(err.includes("\u001b[")).toBe(coloured);
    if (coloured) {
      expect(err).toContain(
        "\u001b[1mDIR/bad.thrift:1:15:\u001b[22m \u001b[31merror:\u001b[39m there is no type `Nope`\n",
      );
    }
  });
});

describe("idl describe", () => {
  it("a file", async () => {
    expect(await idl("describe DIR/api.thrift")).toMatchObject({ code: 0, err: "", out: FILE_TEXT });
  });

  it.each<[type: string, text: string]>([
    [
      "base.Point",
      "struct Point // DIR/base.thrift\n  1  required  double  x\n  2  required  double  y  = 0.5\n",
    ],
    ["Role", "// What a user may do.\nenum Role\n  GUEST  = 0\n  MEMBER = 1\n  ADMIN  = 7  // May do all.\n"],
    ["list<User>", "list<User>\n"],
    ["i64", "i64\n"],
    ["BIGGEST", "const i64 BIGGEST = 9223372036854775807\n"],
    [
      "Users",
      `// Reads users.
service Users extends Health
  // One user.
  User get(1: i64 id) throws (1: NotFound missing) // GET /users/:id
  void rename(1: i64 id, 2: string name)
  string ping(1: string message) // inherited
  oneway void report(1: string source) // inherited
`,
    ],
    [
      "Users.get",
      `// One user.
User get(1: i64 id) throws (1: NotFound missing) // GET /users/:id

args
  1  default   i64  id

result
  0  User  success
  1  optional  NotFound  missing
`,
    ],
    [
      "Users.rename",
      "void rename(1: i64 id, 2: string name)\n\nargs\n  1  default   i64     id\n  2  default   string  name\n\nresult\n  void\n",
    ],
    ["Health.report", "oneway void report(1: string source)\n\nargs\n  1  default   string  source\n"],
    ["ping:args", "struct ping_args // DIR/api.thrift\n  1  default   string  message\n"],
  ])("%s", async (type, text) => {
    expect(await idl(`describe DIR/api.thrift ${type}`)).toMatchObject({ code: 0, err: "", out: text });
  });

  it("calls types of other files what the file calls them", async () => {
    expect((await idl("describe DIR/root.thrift")).out).toBe(`// DIR/root.thrift

service Svc extends one.Base
  two.X get(1: one.X x) throws (1: two.Oops oops) // GET /

struct S
  1  default   one.X                   a
  2  default   two.X                   b
  3  default   map<one.X,list<two.X>>  c
  4  default   set<one.E>              d
  5  default   two.E                   e
  6  default   E                       f
  7  default   S                       g
  8  default   one.X                   h

enum E
  ROOT = 0

typedef one.X X

const one.E FIRST = "ONE"
`);
  });

  it.each<[type: string, text: string]>([
    ["one.X", "struct X // DIR/one.thrift\n  1  default   far.X  x\n"],
    ["map<one.X,list<two.X>>", "map<one.X,list<two.X>>\n"],
    ["set<one.E>", "set<one.E>\n"],
    ["two.E", "enum E\n  TWO = 0\n"],
    ["one.Base", "service Base\n  void ping(1: one.X x)\n"],
    [
      "Svc",
      "service Svc extends one.Base\n  two.X get(1: one.X x) throws (1: two.Oops oops) // GET /\n  void ping(1: one.X x) // inherited\n",
    ],
  ])("%s of another file", async (type, text) => {
    expect(await idl(`describe DIR/root.thrift ${type}`)).toMatchObject({ code: 0, err: "", out: text });
  });

  it("an empty file", async () => {
    expect((await idl("describe DIR/empty.thrift")).out).toBe("// DIR/empty.thrift\n// defines nothing\n");
  });

  it("text that would act on a terminal does not", async () => {
    expect((await idl("describe DIR/odd.thrift")).out).toBe(
      "// DIR/odd.thrift\n\n// a \ufffd[2Jb\ufffd\nstruct A\n",
    );
    const { err } = await idl("check DIR/hostile.thrift");
    expect(err).toContain("Nope\ufffd[2J");
    expect(err).not.toContain("\u001b");
  });

  it("in colour on a terminal", async () => {
    const { out } = await idl("describe DIR/api.thrift Role", { terminals: ["stdout"] });
    expect(out).toContain("\u001b[35menum\u001b[39m \u001b[1mRole\u001b[22m\n");
  });
});

describe("idl describe --json", () => {
  it("a struct", async () => {
    const { out } = await idl("describe DIR/api.thrift base.Point --json");
    expect(JSON.parse(out)).toEqual({
      kind: "struct",
      name: "Point",
      file: "DIR/base.thrift",
      fields: [
        { id: 1, name: "x", key: "x", requiredness: "required", type: { kind: "double", name: "double" } },
        {
          id: 2,
          name: "y",
          key: "y",
          requiredness: "required",
          type: { kind: "double", name: "double" },
          default: 0.5,
        },
      ],
    });
    expect(out.endsWith("}\n")).toBe(true);
  });

  it("types of other files", async () => {
    const { out } = await idl("describe DIR/root.thrift --json");
    const { services, structs } = JSON.parse(out);
    expect(services[0]).toMatchObject({ name: "Svc", extends: "one.Base" });
    const type = (name: string) =>
      structs[0].fields.find((field: { name: string }) => field.name === name).type;
    expect(type("c")).toEqual({
      kind: "map",
      name: "map<one.X,list<two.X>>",
      key: { kind: "struct", name: "one.X", file: "DIR/one.thrift" },
      value: {
        kind: "list",
        name: "list<two.X>",
        element: { kind: "struct", name: "two.X", file: "DIR/dir/two.thrift" },
      },
    });
    expect(type("e")).toEqual({ kind: "enum", name: "two.E" });
  });

  it("a file", async () => {
    const { out } = await idl("describe DIR/api.thrift --json");
    const model = JSON.parse(out);
    expect(model).toMatchObject({
      kind: "file",
      file: "DIR/api.thrift",
      typedefs: [],
      enums: [
        {
          kind: "enum",
          name: "Role",
          doc: "What a user may do.",
          values: [{ name: "GUEST", value: 0 }, {}, { name: "ADMIN", value: 7, doc: "May do all." }],
        },
      ],
    });
    expect(
      model.services.map((service: { name: string; extends: string | null }) => [
        service.name,
        service.extends,
      ]),
    ).toEqual([
      ["Health", null],
      ["Users", "Health"],
    ]);
    const [get] = model.services[1].methods;
    expect(get).toEqual({
      kind: "method",
      name: "get",
      oneway: false,
      streaming: "none",
      doc: "One user.",
      annotations: { "api.get": ["/users/:id"] },
      returns: { kind: "struct", name: "User", file: "DIR/api.thrift" },
      args: [{ id: 1, name: "id", key: "id", requiredness: "default", type: { kind: "i64", name: "i64" } }],
      exceptions: [
        {
          id: 1,
          name: "missing",
          key: "missing",
          requiredness: "optional",
          type: { kind: "exception", name: "NotFound", file: "DIR/api.thrift" },
        },
      ],
      endpoints: [{ method: "GET", path: "/users/:id" }],
    });
    const user = model.structs.find(({ name }: { name: string }) => name === "User");
    expect(user.fields[1]).toMatchObject({
      key: "display_name",
      default: "nobody",
      annotations: { "api.key": ["display_name"] },
    });
    expect(user.fields[7].type).toEqual({
      kind: "map",
      name: "map<string,i64>",
      key: { kind: "string", name: "string" },
      value: { kind: "i64", name: "i64" },
    });
    // Digits that JSON.parse would change.
    expect(out).toContain('"value": 9223372036854775807');
  });

  it("every file of the test data, with all that it defines", async () => {
    const root = join(import.meta.dirname, "../../testdata/idl");
    for (const file of readdirSync(root)) {
      const path = join(root, file);
      const { code, out } = await runCli(["idl", "describe", path, "--json"]);
      expect(code).toBe(0);
      const model = JSON.parse(out);
      const loaded = loadIdlSync(path);
      const names = (list: readonly { readonly name: string }[]) => list.map(({ name }) => name);
      expect(names(model.structs)).toEqual([...loaded.structs.keys()]);
      expect(names(model.enums)).toEqual([...loaded.enums.keys()]);
      expect(names(model.services)).toEqual([...loaded.services.keys()]);
      expect(names(model.typedefs)).toEqual([...loaded.typedefs.keys()]);
      expect(names(model.constants)).toEqual([...loaded.constants.keys()]);
    }
  });
});

const FILE_TEXT = `// DIR/api.thrift

service Health
  string ping(1: string message)
  oneway void report(1: string source)

// Reads users.
service Users extends Health
  // One user.
  User get(1: i64 id) throws (1: NotFound missing) // GET /users/:id
  void rename(1: i64 id, 2: string name)

union Contact
  1  optional  string  mail
  2  optional  i64     phone

// Somebody.
struct User
   1  required  i64              id
   2  default   string           name     = "nobody"  json "display_name"
   3  optional  Role             role
   4  optional  list<string>     tags
   5  optional  double           score
   6  optional  binary           key
   7  optional  byte             level
   8  optional  map<string,i64>  counts
   9  optional  base.Point       at
  10  optional  Contact          contact
  11  optional  string           raw
  12  optional  User             friend

exception NotFound
  1  required  string  what

// What a user may do.
enum Role
  GUEST  = 0
  MEMBER = 1
  ADMIN  = 7  // May do all.

const i64 BIGGEST = 9223372036854775807
`;
