import { describe, expect, it } from "vitest";
import { ThriftNode } from "../../src/node/thrift-node.ts";
import { fieldId, type Path } from "../../src/path/step.ts";
import { TType } from "../../src/wire/ttype.ts";
import { hex, toHex } from "../support/bytes.ts";
import { expectThriftError } from "../support/errors.ts";
import { checkEdit, checkFails } from "./check-edit.ts";
import { i32, list, nodeOf, noisyNode, type Plain, PROTOCOLS, set, struct, text } from "./plain.ts";

describe.each(PROTOCOLS)("what short ways of editing must not let pass: %s", (protocol) => {
  it.each<[name: string, value: Plain, paths: readonly Path[], path: string]>([
    ["an index that is no safe integer", list(TType.I32, i32(1)), [2 ** 53], ""],
    ["the same in an empty list", list(TType.I32), [2 ** 53], ""],
    ["the same behind a good one", list(TType.I32, i32(1)), [0, 2 ** 53], ""],
    ["the same in a set", set(TType.I32, i32(1)), [2 ** 53], ""],
    ["0 and −0", list(TType.I32, i32(5)), [0, -0], "[-0]"],
    ["0 and −0 in an empty list", list(TType.I32), [0, -0], "[-0]"],
    ["0 and −0 in an empty set", set(TType.I32), [0, -0], "[-0]"],
  ])("deleteMany: %s", (_, value, paths, path) => {
    checkFails(nodeOf(value, protocol), (node) => node.deleteMany(paths.map((step) => [step].flat())), {
      code: "INVALID_PATH",
      path,
    });
  });

  it.each<[name: string, set: (node: ThriftNode, put: ThriftNode) => void]>([
    ["set", (node, put) => node.set([0], put)],
    ["setMany", (node, put) => node.setMany([[[0], put]])],
    [
      "setMany of two",
      (node, put) =>
        node.setMany([
          [[0], put],
          [[0], put],
        ]),
    ],
  ])("%s of an element says nothing about what is behind it", (_, edit) => {
    const bytes = protocol === "binary" ? hex`0b 00000002 00000001 "A" 00000009` : hex`28 01 "A" 09`;
    const after = protocol === "binary" ? hex`0b 00000002 00000001 "z" 00000009` : hex`28 01 "z" 09`;
    const node = noisyNode(TType.LIST, bytes, protocol);
    edit(node, nodeOf(text("z"), protocol));
    expect(toHex(node.bytes)).toBe(toHex(after));
    expectThriftError(() => node.validate(), { code: "INVALID_SIZE" });
  });

  it.each([10, 3000])("the root that getMany gives is not taken for read: %i bytes", (size) => {
    const broken = ThriftNode.from(TType.STRUCT, new Uint8Array(size).fill(8), { protocol });
    const [root] = broken.getMany([[]]);
    const code = protocol === "binary" ? "TRUNCATED" : "INVALID_SIZE";
    checkFails(nodeOf(struct(), protocol), (node) => node.set(fieldId(1), root!), { code });
    const whole = nodeOf(struct([1, list(TType.I32, i32(size))]), protocol);
    checkEdit(
      nodeOf(struct(), protocol),
      (node) => node.set(fieldId(1), whole.getMany([[]])[0]!),
      struct([1, struct([1, list(TType.I32, i32(size))])]),
    );
  });
});
