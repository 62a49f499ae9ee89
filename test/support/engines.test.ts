import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { FAILED, KernelInstance } from "../../src/kernel/instance.ts";
import { ByteWriter, jsonToThrift, parseIdl, thriftToJson } from "./engines.ts";

const TESTS = join(import.meta.dirname, "..");

/** May take converters from elsewhere. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  "docs.test.ts": "makes converters and converts nothing",
  "kernel/engine.test.ts": "is about the choice",
  "kernel/memory.test.ts": "names its engines, and counts what the kernel does",
  "kernel/thrift-to-json.test.ts": "names its engines",
  "support/engines.ts": "is the helper",
  "support/fuzz-engines.ts": "names its engines",
  "support/fuzz.ts": "runs outside of Vitest too",
};

/** The modules that a file takes a converter from. */
function sourcesOfConverters(text: string): string[] {
  return [...text.matchAll(/^import \{([^}]*)\} from "([^"]+)";$/gm)]
    .filter(([, names = ""]) => /(?:^|[\s,])(?:jsonToThrift|thriftToJson)\b/.test(names))
    .map(([, , source = ""]) => source);
}

describe("tests that convert run on both engines", () => {
  const files = readdirSync(TESTS, { recursive: true, encoding: "utf8" })
    .map((file) => file.replaceAll("\\", "/"))
    .filter((file) => file.endsWith(".ts"))
    .map((file) => [file, sourcesOfConverters(readFileSync(join(TESTS, file), "utf8"))] as const)
    .filter(([, sources]) => sources.length > 0);

  it.each(files.filter(([file]) => !(file in EXCEPTIONS)))("%s", (_file, sources) => {
    for (const source of sources) expect(source).toMatch(/\/engines\.ts$/);
  });

  it("the exceptions exist", () => {
    expect(files.map(([file]) => file)).toEqual(expect.arrayContaining(Object.keys(EXCEPTIONS)));
  });
});

describe("the helper notices", () => {
  const type = parseIdl("").type("list<i32>");
  const json = "[1]";
  const thrift = jsonToThrift(type).convert(json);
  const { convert } = KernelInstance.prototype;

  afterEach(() => {
    vi.restoreAllMocks();
  });

  const WAYS: readonly [way: string, run: () => unknown][] = [
    ["jsonToThrift, convert", () => jsonToThrift(type).convert(json)],
    ["jsonToThrift, convertInto", () => jsonToThrift(type).convertInto(json, new ByteWriter())],
    ["thriftToJson, convert", () => thriftToJson(type).convert(thrift)],
    ["thriftToJson, convertToString", () => thriftToJson(type).convertToString(thrift)],
    ["thriftToJson, convertInto", () => thriftToJson(type).convertInto(thrift, new ByteWriter())],
  ];

  it.each(WAYS)("a kernel that leaves all to the machine: %s", (_way, run) => {
    vi.spyOn(KernelInstance.prototype, "convert").mockReturnValue(FAILED);
    expect(run).toThrow("the kernel has converted");
  });

  it.each(WAYS)("a kernel with another result: %s", (_way, run) => {
    vi.spyOn(KernelInstance.prototype, "convert").mockImplementation(function (
      this: KernelInstance,
      ...args
    ) {
      const outcome = convert.apply(this, args);
      this.bytes[this.outputEnd - 1]! ^= 1;
      return outcome;
    });
    expect(run).toThrow("the kernel's result");
  });
});
