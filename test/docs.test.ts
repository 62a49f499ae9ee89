import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import * as library from "dynamic-thrift";
import {
  type DeleteOptions,
  Dom,
  type DomBytesOptions,
  type EmptyOptions,
  type ErrorCode,
  type IdlOptions,
  isThriftError,
  jsonToThrift,
  type Limits,
  type ProjectOptions,
  parseIdl,
  type SetOptions,
  type ToJsOptions,
  thriftToJson,
  Value,
  type ValueOfOptions,
  type ViewOptions,
} from "dynamic-thrift";
import { describe, expect, it } from "vitest";
import {
  JSON_TO_THRIFT_OPTION_NAMES,
  resolveJsonToThriftOptions,
  resolveThriftToJsonOptions,
  THRIFT_TO_JSON_OPTION_NAMES,
} from "../src/conv/options.ts";
import { KERNEL_OPTIONS } from "../src/kernel/choose.ts";
import { KERNEL_BASE64 } from "../src/kernel/kernel.wasm.ts";
import { DEFAULT_LIMITS } from "../src/wire/limits.ts";
import { expectThriftError } from "./support/errors.ts";
import { codeIn, tablesBelow } from "./support/markdown-table.ts";

/** The tables of options, errors and limits in the README, and the picture of the layers, say what the code has. */

const read = (file: string): string => readFileSync(join(import.meta.dirname, "..", file), "utf8");
const README = read("README.md");

const namesOf = (rows: readonly (readonly string[])[]): string[] =>
  rows.map(([cell = ""]) => codeIn(cell)[0]!);

const type = parseIdl("struct S { 1: string s }").struct("S");

/** The message with which an option refuses an impossible value: it lists the words that there are. */
function refusal(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (isThriftError(error, "INVALID_OPTION")) return error.message;
    throw error;
  }
  throw new Error("the option takes anything");
}

const wordsIn = (text: string): string[] => text.match(/(?<=")[\w-]+(?=")/g) ?? [];

const [both, onlyReading, onlyWriting, ofValues, ofIdl] = tablesBelow(README, "Options").map(
  ({ rows }) => rows,
);

describe("the option tables", () => {
  it("have every option of jsonToThrift", () => {
    const names = [...namesOf(both!), ...namesOf(onlyReading!)];
    expect(names.sort()).toEqual([...JSON_TO_THRIFT_OPTION_NAMES].sort());
  });

  it("have every option of thriftToJson", () => {
    const names = [...namesOf(both!), ...namesOf(onlyWriting!)];
    expect(names.sort()).toEqual([...THRIFT_TO_JSON_OPTION_NAMES].sort());
  });

  it("have every option of parseIdl", () => {
    const all: Record<keyof IdlOptions, true> = {
      fileName: true,
      sources: true,
      resolveInclude: true,
      includeDirs: true,
      signal: true,
      services: true,
      methods: true,
      fieldKeys: true,
      annotations: true,
    };
    expect(namesOf(ofIdl!)).toEqual(Object.keys(all));
  });

  const converters = [
    {
      name: "jsonToThrift",
      rows: [...both!, ...onlyReading!],
      make: jsonToThrift,
      resolve: resolveJsonToThriftOptions,
    },
    {
      name: "thriftToJson",
      rows: [...both!, ...onlyWriting!],
      make: thriftToJson,
      resolve: resolveThriftToJsonOptions,
    },
  ];
  for (const { name, rows, make, resolve } of converters) {
    const words = rows
      .map(([option = "", values = ""]) => ({ option: codeIn(option)[0]!, values: wordsIn(values) }))
      .filter(({ option, values }) => values.length > 0 && option !== "missing");

    it.each(words)(`${name}: $option is $values, the default first`, ({ option, values }) => {
      const message = refusal(() => make(type, { [option]: "no such word" }));
      const known = wordsIn(message.replace(/, got .*$/, ""));
      expect(known.sort()).toEqual([...values].sort());
      expect(resolve()[option as keyof ReturnType<typeof resolve>]).toBe(values[0]);
    });

    it(`${name}: missing has these defaults`, () => {
      const [, values = ""] = rows.find(([option = ""]) => option === "`missing`")!;
      expect(
        `{ ${Object.entries(resolve().missing)
          .map(([rule, word]) => `${rule}: "${word}"`)
          .join(", ")} }`,
      ).toBe(codeIn(values)[0]);
    });
  }

  const value = Value.of(type, { s: "x" });
  /** The options of each call but `protocol` and `limits`, and the call with options that it may refuse. */
  const calls: Readonly<Record<string, { names: readonly string[]; run: (options: object) => unknown }>> = {
    "Value.from": {
      names: keysOf<ViewOptions>({ protocol: true, start: true, end: true, limits: true }),
      run: (options) => Value.from(type, value.bytes, options),
    },
    "Dom.load": {
      names: keysOf<DomBytesOptions>({ protocol: true, start: true, end: true, limits: true, depth: true }),
      run: (options) => Dom.load(type, value.bytes, options),
    },
    "Value.of": {
      names: keysOf<ValueOfOptions>({ protocol: true, missing: true, limits: true }),
      run: (options) => Value.of(type, {}, options),
    },
    "Value.empty": {
      names: keysOf<EmptyOptions>({
        protocol: true,
        depth: true,
        default: true,
        optional: true,
        listLength: true,
        mapLength: true,
        limits: true,
      }),
      run: (options) => Value.empty(type, options),
    },
    set: {
      names: keysOf<SetOptions>({ createParents: true, missing: true }),
      run: (options) => value.set("s", "x", options),
    },
    delete: {
      names: keysOf<DeleteOptions>({ required: true }),
      run: (options) => value.delete("s", options),
    },
    project: {
      names: keysOf<ProjectOptions>({ required: true, default: true, unknownFields: true }),
      run: (options) => value.project(type, options),
    },
    toJS: {
      names: keysOf<ToJsOptions>({ int64: true, map: true, keys: true, enums: true }),
      run: (options) => value.toJS(options),
    },
  };

  function keysOf<Options>(names: Required<{ [Name in keyof Options]: true }>): string[] {
    return Object.keys(names).filter((name) => name !== "protocol" && name !== "limits");
  }

  it.each(Object.entries(calls))("have every option of %s", (call, { names, run }) => {
    const rows = ofValues!.filter(([cell = ""]) => codeIn(cell).includes(call));
    expect(rows.flatMap(([, cell = ""]) => codeIn(cell)).sort()).toEqual([...names].sort());
    expect(refusal(() => run({ "no such option": 1 }))).toContain("no such option");
  });

  const wordsOfCalls = ofValues!.flatMap(([cell = "", option = "", values = ""]) =>
    wordsIn(values).length === 0 ? [] : [{ call: codeIn(cell)[0]!, option: codeIn(option)[0]!, values }],
  );
  it.each(wordsOfCalls)("$call: $option is $values", ({ call, option, values }) => {
    const message = refusal(() => calls[call]!.run({ [option]: "no such word" }));
    expect(wordsIn(message.replace(/, got .*$/, "")).sort()).toEqual(wordsIn(values).sort());
    for (const word of wordsIn(values)) calls[call]!.run({ [option]: word });
  });

  it.each(["services", "fieldKeys"] as const)("parseIdl: %s has these words, the default first", (option) => {
    const [, values = ""] = ofIdl!.find(([cell = ""]) => cell === `\`${option}\``)!;
    const message = refusal(() => parseIdl("", { [option]: "no such word" as never }));
    expect(wordsIn(message.replace(/, got .*$/, ""))).toEqual(wordsIn(values));
  });
});

describe("the error tables", () => {
  const [classes, codes] = tablesBelow(README, "Errors").map(({ rows }) => rows);

  it("have the codes of errors.ts with the same words", () => {
    const inCode = [...read("src/errors.ts").matchAll(/^ \* \| (`[A-Z0-9_]+`) \| (.*) \|$/gm)].map(
      ([, code, meaning]) => [code, meaning],
    );
    expect(codes).toEqual(inCode);
    const union = /export type ErrorCode =([^;]*);/.exec(read("src/errors.ts"))![1]!;
    expect(namesOf(codes!)).toEqual(wordsIn(union));
  });

  it("have the classes that are exported", () => {
    const exported = Object.entries(library)
      .filter(([, member]) => typeof member === "function" && member.prototype instanceof Error)
      .map(([name]) => name);
    expect(namesOf(classes!).sort()).toEqual(exported.sort());
  });

  it("name codes that exist everywhere in the text", () => {
    const known = new Set<string>(namesOf(codes!) satisfies string[] as ErrorCode[]);
    const named = [...README.matchAll(/`([A-Z]+_[A-Z0-9_]+)`/g)].map(([, code]) => code!);
    // The environment variable is written alike.
    known.add("DYNAMIC_THRIFT_KERNEL");
    expect(named.filter((code) => !known.has(code))).toEqual([]);
    expect(named.length).toBeGreaterThan(known.size);
  });
});

describe("the table of limits", () => {
  const MIB = 1024 * 1024;
  const shown: Record<keyof Limits, string> = {
    maxDepth: String(DEFAULT_LIMITS.maxDepth),
    maxSize: `${DEFAULT_LIMITS.maxSize / MIB} MiB`,
    maxLength: "what the remaining bytes can hold",
    maxOutputSize: `${DEFAULT_LIMITS.maxOutputSize / MIB} MiB`,
  };
  it("has every limit with its default", () => {
    const [limits] = tablesBelow(README, "Limits and safety");
    expect(limits!.rows.map(([name = "", value]) => [codeIn(name)[0], value])).toEqual(Object.entries(shown));
  });
});

describe("the picture of the layers in ARCHITECTURE.md", () => {
  const picture = /```\n([^`]*)```/.exec(read("ARCHITECTURE.md"))![1]!;

  it("has every folder and file of src", () => {
    const layers = readdirSync(join(import.meta.dirname, "../src")).map((name) => name.replace(/\.ts$/, ""));
    // Names stand in front of the gap that the descriptions begin behind.
    const drawn = picture.split("\n").flatMap((line) => line.slice(0, 40).match(/[a-z][a-z0-9]*/g) ?? []);
    expect(drawn.sort()).toEqual(layers.sort());
  });
});

it("README.md names everything that the package exports", () => {
  expect(Object.keys(library).filter((name) => !new RegExp(`\\b${name}\\b`).test(README))).toEqual([]);
});

describe("the table of IDL forms", () => {
  /** Per row: what holds for it. */
  const forms: Readonly<Record<string, () => void>> = {
    "a field without an id": () => {
      const { warnings, ids } = linked("struct S { i32 a, i32 b }");
      expect(ids).toEqual([-1, -2]);
      expect(warnings).toEqual([expect.stringContaining("has no id")]);
    },
    "a negative id": () => {
      const { warnings, ids } = linked("struct S { -7: i32 a }");
      expect(ids).toEqual([-7]);
      expect(warnings).toEqual([expect.stringContaining("-allow-neg-keys")]);
    },
    "`required` in a union or in `throws`": () => {
      const { warnings, idl } = linked("union S { 1: required i32 a }");
      expect(idl.struct("S").fields[0]!.requiredness).toBe("optional");
      expect(warnings).toEqual([expect.stringContaining("`required` is ignored")]);
      const method = linked("exception S {} service T { void f() throws (1: required S s) }");
      expect(method.idl.service().method("f").exceptions[0]!.requiredness).toBe("optional");
      expect(method.warnings).toHaveLength(1);
    },
    "two enum members with one number": () => {
      const { warnings, idl } = linked("struct S {} enum E { A = 1, B = 1 }");
      expect(idl.enum("E").nameOf(1)).toBe("A");
      expect(warnings).toHaveLength(1);
    },
    "an id beyond the 16 bits of the wire": () => {
      const { warnings, ids } = linked("struct S { 1: i32 a, 32768: i32 b }");
      expect(ids).toEqual([1]);
      expect(warnings).toEqual([expect.stringContaining("the field is left out")]);
    },
    "exceptions with id 0 beside a returned value": () => {
      const { warnings, idl } = linked("exception S {} service T { i32 f() throws (0: S s) }");
      expect(idl.service().method("f").exceptions[0]!.id).toBe(-1);
      expect(warnings).toHaveLength(1);
    },
    "`1e3`, `\\n` in literals": () => {
      const { idl } = linked(String.raw`struct S {} const double d = 1e3 const string s = "\n"`);
      expect(idl.constants.get("d")!.value).toBe(1000);
      expect(idl.constants.get("s")!.value).toBe("\n");
    },
    "`010`, `0o17`": () => {
      const { warnings, idl } = linked("struct S {} const i32 a = 010 const i32 b = 0o17");
      expect([idl.constants.get("a")!.value, idl.constants.get("b")!.value]).toEqual([10, 15]);
      expect(warnings).toHaveLength(2);
    },
    '`"\\d"` or a line break in a constant': () => {
      const { warnings, idl } = linked('struct S {} const string a = "\\d" const string b = "\n"');
      expect([idl.constants.get("a")!.value, idl.constants.get("b")!.value]).toEqual(["\\d", "\n"]);
      expect(warnings).toHaveLength(2);
    },
    "a declared name with a dot": () => {
      const { warnings, idl } = linked("struct S {} struct c.d {}");
      expect([...idl.structs.keys()]).toEqual(["S", "c.d"]);
      expect(warnings).toHaveLength(1);
      expect(() => parseIdl("struct c.d {} struct S { 1: c.d a }")).toThrow("there is no type `c.d`");
    },
    "a number that its type cannot hold, an unknown type, a name or id used twice, a cyclic typedef": () => {
      const problems: readonly (readonly [source: string, column: number])[] = [
        ["const byte b = 128", 16],
        ["struct A { 1: Unknown a }", 15],
        ["struct B { 1: i32 a, 1: i32 b }", 22],
        ["struct C { 1: i32 a, 2: i32 a }", 29],
        ["typedef E D typedef D E", 11],
      ];
      for (const [source, column] of problems) {
        const error = expectThriftError(() => parseIdl(source), { code: "INVALID_IDL" });
        expect((error as library.IdlError).diagnostics, source).toMatchObject([{ line: 1, column }]);
      }
      const all = problems.slice(1).map(([source]) => source);
      expectThriftError(() => parseIdl(all.join("\n")), {
        code: "INVALID_IDL",
        message: /\(and [3-9] more problems\)$/,
      });
    },
  };

  function linked(source: string): { idl: library.Idl; warnings: string[]; ids: number[] } {
    const idl = parseIdl(source);
    const ids = idl.struct("S").fields.map((field) => field.id);
    return { idl, warnings: idl.warnings.map(({ message }) => message), ids };
  }

  const [table] = tablesBelow(README, "Which IDL is accepted");

  it("has the rows that are tested here", () => {
    expect(table!.rows.map(([form]) => form)).toEqual(Object.keys(forms));
  });

  it.each(Object.entries(forms))("%s", (_form, check) => {
    check();
  });
});

describe("the engines", () => {
  it("have the sizes that the README states", () => {
    const kernel = Buffer.from(KERNEL_BASE64, "base64");
    const [, size, zipped] = /\(([\d,]+) bytes, (\d+) KB\s+with gzip/.exec(README)!;
    expect(size).toBe(kernel.length.toLocaleString("en"));
    expect(Math.abs(Number(zipped) * 1000 - gzipSync(kernel).length)).toBeLessThan(1000);
  });

  it("have a row for each word of the environment variable", () => {
    const table = tablesBelow(README, "Engines")[1]!;
    expect(table.rows.flatMap(([cell = ""]) => codeIn(cell)).sort()).toEqual(
      [...KERNEL_OPTIONS, "--allow-env"].sort(),
    );
  });
});
