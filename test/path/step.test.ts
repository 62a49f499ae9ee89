import { describe, expect, it } from "vitest";
import { PathError } from "../../src/path/path-error.ts";
import { FieldId, fieldId, type Path, toSteps } from "../../src/path/step.ts";
import { hex } from "../support/bytes.ts";
import { expectThriftError } from "../support/errors.ts";

describe("fieldId", () => {
  it.each([0, 1, -1, 32767, -32768])("makes the step %d", (id) => {
    const step = fieldId(id);
    expect(step).toBeInstanceOf(FieldId);
    expect(step.id).toBe(id);
    expect(Object.isFrozen(step)).toBe(true);
  });

  it("makes 0 of -0", () => {
    expect(fieldId(-0).id).toBe(0);
  });

  it.each([32768, -32769, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 32, 7n, "7", undefined, null, {}])(
    "rejects %o",
    (id) => {
      const error = expectThriftError(() => fieldId(id as number), {
        code: "INVALID_PATH",
        offset: undefined,
        path: undefined,
        message: "a field id must be an integer from -32768 to 32767",
      });
      expect(error).toBeInstanceOf(PathError);
      expect(error.name).toBe("PathError");
    },
  );
});

describe("toSteps", () => {
  it.each<[Path]>([
    ["a"],
    [""],
    ["a.b[0]"],
    ["__proto__"],
    [0],
    [-0],
    [-3],
    [1.5],
    [5n],
    [2n ** 63n - 1n],
    [-(2n ** 63n)],
    [true],
    [false],
    [hex``],
    [Buffer.from("k")],
    [fieldId(7)],
  ])("makes one step of %o", (path) => {
    expect(toSteps(path)).toStrictEqual([path]);
  });

  it("gives an array back as it is", () => {
    const steps = [
      "a",
      0,
      -0,
      Number.NaN,
      Number.NEGATIVE_INFINITY,
      2n,
      true,
      hex`01`,
      fieldId(-1),
      "\ud800",
    ];
    expect(toSteps(steps)).toBe(steps);
    const none: Path = Object.freeze([]);
    expect(toSteps(none)).toBe(none);
  });

  it.each<[kind: string, value: unknown]>([
    ["undefined", undefined],
    ["null", null],
    ["a bigint that does not fit 64 bits", 2n ** 63n],
    ["a bigint that does not fit 64 bits", -(2n ** 63n) - 1n],
    ["an object", {}],
    ["an object", { id: 7 }],
    ["an object", { __proto__: null, secret: "payload" }],
    ["an object", new ArrayBuffer(1)],
    ["an object", new Int8Array(1)],
    ["an object", new String("payload")],
    ["a function", () => "payload"],
    ["a symbol", Symbol("payload")],
  ])("rejects %s: %o", (kind, value) => {
    const expected = "a step is a string, a number, a bigint, a boolean, a Uint8Array or a field id";
    const error = expectThriftError(() => toSteps(value as Path), {
      code: "INVALID_PATH",
      offset: undefined,
      excerpt: undefined,
      message: `the path is ${kind}; ${expected}`,
    });
    expect(error).toBeInstanceOf(PathError);
    expectThriftError(() => toSteps(["a", 1, value] as Path), {
      code: "INVALID_PATH",
      message: `step 2 of the path is ${kind}; ${expected}`,
    });
  });

  it("rejects arrays within arrays, and holes", () => {
    expectThriftError(() => toSteps(["a", ["b"]] as unknown as Path), {
      code: "INVALID_PATH",
      message: /^step 1 of the path is an array;/,
    });
    expectThriftError(() => toSteps(new Array(1) as Path), {
      code: "INVALID_PATH",
      message: /^step 0 of the path is undefined;/,
    });
  });
});
