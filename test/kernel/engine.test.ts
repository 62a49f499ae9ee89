import { afterEach, describe, expect, it, vi } from "vitest";
import {
  createAnnotationRegistry,
  type JsonToThriftOptions,
  jsonToThrift,
  parseIdl,
  thriftToJson,
  type ValueMapping,
} from "../../src/index.ts";
import { hex, toHex, utf8 } from "../support/bytes.ts";
import { expectThriftError } from "../support/errors.ts";

const VARIABLE = "DYNAMIC_THRIFT_KERNEL";

const custom: ValueMapping = {
  kind: "custom",
  name: "custom",
  jsonToThrift: () => hex`00000007`,
  thriftToJson: () => "7",
};

const idl = parseIdl(
  `struct Plain { 1: i32 a }
  struct Mapped { 1: i32 a (test.custom = "") }
  struct Http { 1: i32 a (api.query = "a") }
  struct Wide { ${Array.from({ length: 17_000 }, (_, i) => `${i + 1}: i8 f${i}`).join(" ")} }`,
  { annotations: createAnnotationRegistry({ values: { "test.custom": () => custom } }) },
);

afterEach(() => {
  delete process.env[VARIABLE];
});

describe("the engine of a converter", () => {
  // `Mapped` has a value mapping of the user, `Http` fields for HTTP, `Wide` more fields than the stack of the kernel
  // has room for at the usual depth.
  const CASES: readonly [type: string, options: JsonToThriftOptions, engine: string][] = [
    ["Plain", {}, "wasm"],
    ["Plain", { kernel: "auto" }, "wasm"],
    ["Plain", { kernel: "wasm" }, "wasm"],
    ["Plain", { kernel: "typescript" }, "typescript"],
    ["Plain", { protocol: "compact" }, "wasm"],
    ["Mapped", {}, "typescript"],
    ["Mapped", { valueMapping: "off" }, "wasm"],
    ["Http", {}, "wasm"],
    ["Plain", { limits: { maxDepth: 512 } }, "wasm"],
    ["Plain", { limits: { maxDepth: 513 } }, "typescript"],
    ["Wide", {}, "typescript"],
    ["Wide", { limits: { maxDepth: 8 } }, "wasm"],
  ];
  it.each(CASES)("for %s with %j: %s", (type, options, engine) => {
    expect(jsonToThrift(idl.struct(type), options).engine).toBe(engine);
    expect(thriftToJson(idl.struct(type), options).engine).toBe(engine);
  });

  const IMPOSSIBLE: readonly [type: string, options: JsonToThriftOptions, reason: string][] = [
    ["Mapped", {}, "the type has a custom value mapping"],
    ["Plain", { limits: { maxDepth: 513 } }, "`limits.maxDepth` is more than 512"],
    ["Wide", {}, "the type has too many fields for `limits.maxDepth`"],
  ];
  it.each(IMPOSSIBLE)("wasm for %s with %j is refused: %s", (type, options, reason) => {
    expectThriftError(() => jsonToThrift(idl.struct(type), { ...options, kernel: "wasm" }), {
      code: "INVALID_OPTION",
      message: `jsonToThrift: \`kernel: "wasm"\` is impossible: ${reason}`,
    });
    expectThriftError(() => thriftToJson(idl.struct(type), { ...options, kernel: "wasm" }), {
      code: "INVALID_OPTION",
      message: `thriftToJson: \`kernel: "wasm"\` is impossible: ${reason}`,
    });
  });

  it('kernel: "native" is refused', () => {
    expectThriftError(() => jsonToThrift(idl.struct("Plain"), { kernel: "native" as never }), {
      code: "INVALID_OPTION",
    });
  });
});

describe("the environment variable", () => {
  const CASES: readonly [
    value: string,
    type: string,
    option: JsonToThriftOptions["kernel"],
    engine: string,
  ][] = [
    ["typescript", "Plain", undefined, "typescript"],
    ["typescript", "Plain", "wasm", "typescript"],
    ["wasm", "Plain", "typescript", "wasm"],
    ["wasm", "Mapped", undefined, "typescript"],
    ["wasm", "Mapped", "wasm", "typescript"],
    ["auto", "Plain", "typescript", "wasm"],
    ["", "Plain", "typescript", "typescript"],
  ];
  it.each(CASES)("'%s' for %s, option %s: %s", (value, type, kernel, engine) => {
    process.env[VARIABLE] = value;
    const options = kernel === undefined ? {} : { kernel };
    expect(jsonToThrift(idl.struct(type), options).engine).toBe(engine);
    expect(thriftToJson(idl.struct(type), options).engine).toBe(engine);
  });

  it("'off' is refused", () => {
    process.env[VARIABLE] = "off";
    expectThriftError(() => jsonToThrift(idl.struct("Plain")), {
      code: "INVALID_OPTION",
      message: `the environment variable ${VARIABLE} must be one of "auto", "wasm", "typescript", got "off"`,
    });
  });
});

describe("an environment that nobody may read", () => {
  const { process: original } = globalThis;

  afterEach(() => {
    globalThis.process = original;
  });

  const deny = (): never => {
    throw new Error('Requires env access to "DYNAMIC_THRIFT_KERNEL", run again with the --allow-env flag');
  };
  const PROCESSES: readonly [what: string, process: unknown][] = [
    ["process.env.DYNAMIC_THRIFT_KERNEL throws", { env: new Proxy({}, { get: deny }) }],
    [
      "process.env throws",
      {
        get env() {
          return deny();
        },
      },
    ],
    ["process.env is missing", {}],
    ["process is missing", undefined],
  ];
  it.each(PROCESSES)("says nothing: %s", (_what, process) => {
    globalThis.process = process as typeof original;
    const engines = (["auto", "typescript"] as const).map((kernel) => [
      jsonToThrift(idl.struct("Plain"), { kernel }).engine,
      thriftToJson(idl.struct("Plain"), { kernel }).engine,
    ]);
    globalThis.process = original;
    expect(engines).toEqual([
      ["wasm", "wasm"],
      ["typescript", "typescript"],
    ]);
  });
});

describe("a runtime without the kernel", () => {
  const { WebAssembly: original } = globalThis;

  afterEach(() => {
    globalThis.WebAssembly = original;
    vi.resetModules();
  });

  const RUNTIMES: readonly [what: string, webAssembly: unknown][] = [
    ["WebAssembly is undefined", undefined],
    [
      "a policy against compiling: Module throws EvalError",
      {
        ...original,
        Module: class {
          constructor() {
            throw new EvalError("blocked");
          }
        },
      },
    ],
    [
      "no SIMD: Module throws CompileError",
      {
        ...original,
        Module: class {
          constructor() {
            throw new original.CompileError("invalid opcode 0xfd");
          }
        },
      },
    ],
    [
      "no memory: Memory throws RangeError",
      {
        Module: original.Module,
        Instance: original.Instance,
        Memory: class {
          constructor() {
            throw new RangeError("could not allocate memory");
          }
        },
      },
    ],
  ];
  it.each(RUNTIMES)("%s", async (_what, webAssembly) => {
    vi.resetModules();
    globalThis.WebAssembly = webAssembly as typeof original;
    const library = await import("../../src/index.ts");
    const type = library.parseIdl("struct S { 1: i32 a }").struct("S");
    const toThrift = library.jsonToThrift(type);
    expect(toThrift.engine).toBe("typescript");
    expect(toHex(toThrift.convert('{"a":5}'))).toBe("0800010000000500");
    const toJson = library.thriftToJson(type);
    expect(toJson.engine).toBe("typescript");
    expect(toJson.convert(hex`08 0001 00000005 00`)).toEqual(utf8('{"a":5}'));
    expect(() => library.jsonToThrift(type, { kernel: "wasm" })).toThrow(
      "this runtime has no WebAssembly with SIMD, or forbids to compile it",
    );
  });
});

describe("calls with a context", () => {
  it("run on the machine where the type has fields for them", () => {
    const converter = jsonToThrift(idl.struct("Http"));
    const source = { read: () => hex`00000009`, allowsBody: () => true };
    expect(toHex(converter.convert('{"a":5}', { source }))).toBe("0800010000000900");
    expect(toHex(converter.convert('{"a":5}', {}))).toBe("0800010000000500");
    expect(toHex(converter.convert('{"a":5}'))).toBe("0800010000000500");
  });

  it("are checked on both engines", () => {
    for (const kernel of ["wasm", "typescript"] as const) {
      const call = { sorce: {} } as never;
      const convert = jsonToThrift(idl.struct("Plain"), { kernel }).convert;
      expectThriftError(() => convert('{"a":5}', call), { code: "INVALID_OPTION" });
    }
  });
});
