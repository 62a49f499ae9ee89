import { describe, expect, it } from "vitest";
import { ThriftNode } from "../../src/node/thrift-node.ts";
import { fieldId, type Path, type PathStep } from "../../src/path/step.ts";
import { TType } from "../../src/wire/ttype.ts";
import { expectThriftError } from "../support/errors.ts";
import { checkEdit, checkFails } from "./check-edit.ts";
import {
  BASE,
  bool,
  encode,
  i32,
  list,
  map,
  nestedStructs,
  nodeOf,
  noisyNode,
  type Plain,
  PROTOCOLS,
  set,
  show,
  struct,
  text,
} from "./plain.ts";

const f = fieldId;

describe.each(PROTOCOLS)("limits of edits: %s", (protocol) => {
  const of = (plain: Plain): ThriftNode => nodeOf(plain, protocol);

  it("maxOutputSize bounds the edited value, exactly", () => {
    const value = of(text("0123456789"));
    const expected = struct([1, i32(1)], [2, text("0123456789")]);
    const { length } = encode(expected, protocol);
    const node = (maxOutputSize: number): ThriftNode =>
      nodeOf(struct([1, i32(1)]), protocol, { maxOutputSize });
    checkEdit(node(length), (each) => each.set(f(2), value), expected);
    checkFails(node(length - 1), (each) => each.set(f(2), value), { code: "LIMIT_EXCEEDED" });
    checkFails(node(length - 1), (each) => each.setMany([[f(2), value]]), { code: "LIMIT_EXCEEDED" });
    // A new root is an output as well.
    checkFails(node(length - 1), (each) => each.set([], of(expected)), { code: "LIMIT_EXCEEDED" });
    checkEdit(node(length), (each) => each.set([], of(expected)), expected);
    // What an edit leaves out does not count, and nothing is no output.
    const smaller = nodeOf(expected, protocol, { maxOutputSize: length - 5 });
    checkEdit(smaller, (each) => each.delete(f(2)), struct([1, i32(1)]));
    expect(nodeOf(expected, protocol, { maxOutputSize: 0 }).delete(f(3))).toBe(false);
  });

  it("maxOutputSize: a transcoded value", () => {
    const other = protocol === "binary" ? "compact" : "binary";
    const large = nodeOf(list(TType.I32, ...Array.from({ length: 100 }, () => i32(1))), other, {
      maxOutputSize: 50,
    });
    checkFails(of(BASE), (node) => node.set(f(4), large), { code: "LIMIT_EXCEEDED" });
  });

  it("maxDepth counts the root as one, on the way and in what is passed over", () => {
    const path = (length: number): PathStep[] => new Array<PathStep>(length).fill(f(1));
    const node = (maxDepth: number): ThriftNode =>
      noisyNode(TType.STRUCT, nestedStructs(4, protocol), protocol, { maxDepth });
    const value = of(bool(true));
    const expected = struct([1, struct([1, struct([1, struct([2, bool(true)])])])]);
    checkEdit(node(4), (each) => each.set([...path(3), f(2)], value), expected);
    checkFails(node(3), (each) => each.set([...path(3), f(2)], value), { code: "LIMIT_EXCEEDED" });
    checkFails(node(3), (each) => each.delete(f(2)), { code: "LIMIT_EXCEEDED" });
    checkFails(node(3), (each) => each.set(f(2), value), { code: "LIMIT_EXCEEDED" });
  });

  it("maxLength: of containers that are gone into", () => {
    const limits = { maxLength: 1 };
    const two = [i32(1), i32(2)] as const;
    const error = { code: "LIMIT_EXCEEDED" } as const;
    checkFails(nodeOf(list(TType.I32, ...two), protocol, limits), (node) => node.delete(0), error);
    checkFails(nodeOf(set(TType.I32, ...two), protocol, limits), (node) => node.delete(0), error);
    const entries = map(TType.I32, TType.I32, [i32(1), i32(1)], [i32(2), i32(2)]);
    checkFails(nodeOf(entries, protocol, limits), (node) => node.delete(1), error);
  });

  it("a very long path over shallow data", () => {
    const path: Path = new Array<PathStep>(50_000).fill(f(1));
    checkFails(of(struct()), (node) => node.set(path, of(i32(1))), { code: "NOT_FOUND", path: "#1" });
    expect(of(struct([1, struct()])).delete(path)).toBe(false);
  });

  it("a very long path over very deep data: an error, no exhausted stack", () => {
    const limits = { maxDepth: Number.POSITIVE_INFINITY };
    const node = noisyNode(TType.STRUCT, nestedStructs(4000, protocol), protocol, limits);
    const path = (length: number): Path => new Array<PathStep>(length).fill(f(1));
    checkFails(node, (each) => each.set(path(4000), of(i32(1))), { code: "LIMIT_EXCEEDED" });
    checkFails(node, (each) => each.delete(path(3500)), { code: "LIMIT_EXCEEDED" });
    // The depth of the path counts, not that of the data.
    const { size } = node;
    expect(node.set([f(1), f(2)], of(bool(true)))).toBe(false);
    expect(node.size).toBe(size + (protocol === "binary" ? 4 : 1));
    expect(node.delete(path(100))).toBe(true);
    node.validate();
  });
});

describe.each(PROTOCOLS)("whose bytes an edit leaves: %s", (protocol) => {
  const of = (plain: Plain): ThriftNode => nodeOf(plain, protocol);

  it("the node has bytes of its own, in which the input and the value may change", () => {
    const input = encode(struct([1, text("aaa")], [2, list(TType.I32, i32(1))]), protocol);
    const value = encode(text("bbb"), protocol);
    const node = ThriftNode.from(TType.STRUCT, input, { protocol });
    node.set(f(3), ThriftNode.from(TType.STRING, value, { protocol }));
    input.fill(0xee);
    value.fill(0xee);
    expect(show(node)).toBe('{1: "aaa", 2: [1], 3: "bbb"}');
    expect([node.start, node.end]).toEqual([0, node.source.length]);
  });

  it("views taken before keep the old bytes, views taken from them too", () => {
    const node = of(BASE);
    const whole = node.get([])!;
    const inner = node.get(f(3))!;
    const elements = [...node.get(f(4))!.values()];
    const iterator = node.get(f(5))!.entries();
    iterator.next();
    node.set([f(3), f(1)], of(i32(-1)));
    node.setMany([
      [[f(4), 0], of(i32(-1))],
      [[f(4), 2], of(i32(-2))],
    ]);
    node.delete(f(5));
    expect(show(whole)).toBe(show(of(BASE)));
    expect([show(inner), show(inner.get(f(1))), elements.map(show)]).toEqual(["{1: 7}", "7", ["1", "2"]]);
    expect(show((iterator.next().value as [PathStep, ThriftNode])[1])).toBe("2");
    expect(show(node.get(f(4)))).toBe("[-1, 2, -2]");
    expect(node.get(f(5))).toBeUndefined();
  });

  it("an edited view does not change the views that it has been taken from", () => {
    const node = of(BASE);
    const inner = node.get(f(3))!;
    const again = node.get(f(3))!;
    inner.delete(f(1));
    expect([show(inner), show(again), show(node)]).toEqual(["{}", "{1: 7}", show(of(BASE))]);
  });

  it("keeps the limits, the type and the protocol", () => {
    const node = nodeOf(BASE, protocol, { maxDepth: 7 });
    const { limits } = node;
    node.delete(f(1));
    node.set([], nodeOf(struct(), protocol));
    expect([node.limits === limits, node.type, node.protocol]).toEqual([true, TType.STRUCT, protocol]);
  });

  it("keeps bytes behind the value, as those of the node", () => {
    const node = noisyNode(TType.LIST, Uint8Array.of(...encode(list(TType.BYTE), protocol), 0xaa), protocol);
    node.set(0, ThriftNode.of(TType.BYTE, 5, protocol));
    expect(node.bytes.at(-1)).toBe(0xaa);
    expect(node.get(0)!.asNumber()).toBe(5);
    expectThriftError(() => node.validate(), { code: "TRAILING_DATA", offset: node.end - 1 });
  });

  it("an edit after one that failed", () => {
    const node = of(BASE);
    expectThriftError(
      () =>
        node.setMany([
          [f(1), of(i32(5))],
          [[f(99), f(1)], of(i32(1))],
        ]),
      { code: "NOT_FOUND" },
    );
    expect(show(node.get(f(1)))).toBe("1");
    node.set(f(1), of(i32(6)));
    expect(show(node.get(f(1)))).toBe("6");
  });

  it("an iterable that throws leaves the value alone", () => {
    const node = of(BASE);
    const { source } = node;
    function* failing(): Generator<readonly [Path, ThriftNode]> {
      yield [f(1), of(i32(5))];
      throw new RangeError("from the caller");
    }
    expect(() => node.setMany(failing())).toThrow("from the caller");
    expect(node.source === source).toBe(true);
  });
});
