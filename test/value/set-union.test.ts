import { describe, expect, it } from "vitest";
import { Dom } from "../../src/dom/dom.ts";
import { parseIdl } from "../../src/idl/idl.ts";
import type { PathStep } from "../../src/path/step.ts";
import { Value } from "../../src/value/value.ts";
import { hex, toHex } from "../support/bytes.ts";
import { expectThriftError } from "../support/errors.ts";
import { PROTOCOLS } from "./fixtures.ts";

const TYPE = parseIdl(`
  struct In { 1: i32 x, 2: string s }
  union U { 1: i32 n, 2: string t, 5: bool b, 7: In in, 9: U u }
  struct Out { 1: i32 before, 2: U u, 3: list<U> many, 4: i32 after }
`).struct("Out");

type Entries = readonly (readonly [PathStep[], unknown])[];

const CREATE = { createParents: true };

describe.each(PROTOCOLS)("a union keeps the member that it gets: %s", (protocol) => {
  const make = (js: unknown): Value => Value.of(TYPE, js, { protocol });

  it.each<[before: unknown, path: PathStep[], value: unknown, after: unknown]>([
    [{ u: { n: 1 } }, ["u", "t"], "x", { u: { t: "x" } }],
    [{ u: { t: "x" } }, ["u", "n"], 1, { u: { n: 1 } }],
    [{ u: { n: 1 } }, ["u", "b"], true, { u: { b: true } }],
    [{ u: { b: true } }, ["u", "in"], { x: 1 }, { u: { in: { x: 1 } } }],
    [{ before: 1, u: { b: false }, after: 4 }, ["u", "t"], "x", { before: 1, u: { t: "x" }, after: 4 }],
    [{ u: { in: { x: 1 } } }, ["u", "in", "s"], "s", { u: { in: { x: 1, s: "s" } } }],
    [{ u: { n: 1 } }, ["u", "in", "s"], "s", { u: { in: { s: "s" } } }],
    [{ u: { n: 1 } }, ["u", "u", "u", "t"], "x", { u: { u: { u: { t: "x" } } } }],
    [{ u: { u: { u: { n: 1 } } } }, ["u", "u", "t"], "x", { u: { u: { t: "x" } } }],
    [{ many: [{ n: 1 }, { t: "a" }] }, ["many", 1, "n"], 2, { many: [{ n: 1 }, { n: 2 }] }],
    [{ many: [{ n: 1 }] }, ["many", 1, "t"], "b", { many: [{ n: 1 }, { t: "b" }] }],
    [{}, ["u", "u", "n"], 3, { u: { u: { n: 3 } } }],
  ])("%o: %o ← %o", (before, path, put, after) => {
    const wanted = toHex(make(after).bytes);
    const value = make(before);
    value.set(path, put, CREATE);
    expect(toHex(value.bytes)).toBe(wanted);
    const many = make(before);
    many.setMany([[path, put]], CREATE);
    expect(toHex(many.bytes)).toBe(wanted);
    using dom = Dom.load(make(before));
    dom.root.set(path, put, CREATE);
    expect(toHex(dom.toBytes())).toBe(wanted);
  });

  it.each<[before: unknown, entries: Entries, after: unknown]>([
    [
      { u: { n: 1 } },
      [
        [["u", "t"], "x"],
        [["u", "b"], true],
      ],
      { u: { b: true } },
    ],
    [
      { u: { n: 1 } },
      [
        [["u", "t"], "x"],
        [["u", "n"], 2],
      ],
      { u: { n: 2 } },
    ],
    [
      { u: { in: { x: 1, s: "s" } } },
      [
        [["u", "t"], "x"],
        [["u", "in", "x"], 2],
      ],
      { u: { in: { x: 2 } } },
    ],
    [
      { before: 1, u: { n: 1 } },
      [["before"], ["u", "t"], ["after"]].map((path) => [path, path[0] === "u" ? "x" : 7]),
      { before: 7, u: { t: "x" }, after: 7 },
    ],
  ])("setMany one after another: %o, %o", (before, entries, after) => {
    const value = make(before);
    value.setMany(entries, CREATE);
    expect(value.toJS()).toEqual(after);
  });

  it("setMany below a member that has gone", () => {
    const value = make({ u: { in: { x: 1 } } });
    const { node } = value;
    const entries: Entries = [
      [["u", "t"], "x"],
      [["u", "in", "s"], "s"],
    ];
    expectThriftError(() => value.setMany(entries), { code: "NOT_FOUND", path: "u.in" });
    expect(value.node).toBe(node);
  });

  it("append of another one, in a Dom", () => {
    using dom = Dom.load(make({ u: { n: 1 }, after: 2 }));
    dom.root.get("u")!.append({ t: "x" });
    expect(dom.root.toJS()).toEqual({ u: { t: "x" }, after: 2 });
    dom.root.append({ u: { b: true } });
    expect(dom.root.toJS()).toEqual({ u: { b: true }, after: 2 });
  });

  it("members that only the wire has go too", () => {
    if (protocol !== "binary") return;
    // u: field 77 of it, an i32
    const bytes = hex`0c 0002 08 004d 00000001 00 00`;
    const value = Value.from(TYPE, bytes);
    using dom = Dom.load(value);
    for (const target of [value, dom.root]) target.set(["u", "n"], 5);
    const wanted = "0c0002080001000000050000";
    expect([toHex(value.bytes), toHex(dom.toBytes())]).toEqual([wanted, wanted]);
  });
});
