import { expect } from "vitest";
import type { ThriftNode } from "../../src/node/thrift-node.ts";
import type { Path } from "../../src/path/step.ts";
import { TType } from "../../src/wire/ttype.ts";
import { toHex } from "../support/bytes.ts";
import { type ExpectedError, expectThriftError } from "../support/errors.ts";
import { encode, leavesUntouched, nodeOf, type Plain, show } from "./plain.ts";

const CONTAINERS: ReadonlySet<TType> = new Set([TType.STRUCT, TType.LIST, TType.SET, TType.MAP]);

/**
 * Runs an edit of a node, and checks what holds for every edit: not a byte of the input is written, views taken before
 * still show the old value, the new value is well-formed, exactly as `expected` is encoded, and of the old protocol.
 * Gives what the edit gave.
 */
export function checkEdit<T>(node: ThriftNode, edit: (node: ThriftNode) => T, expected: Plain): T {
  const { source, protocol, type } = node;
  const before = node.get([])!;
  const shown = show(before);
  const parts = CONTAINERS.has(type) ? [...node.values()] : [];
  const partsShown = parts.map(show);
  const result = leavesUntouched(source, () => edit(node));
  node.validate();
  expect(show(node)).toBe(show(nodeOf(expected, protocol)));
  expect(toHex(node.bytes)).toBe(toHex(encode(expected, protocol)));
  expect([node.type, node.protocol]).toEqual([type, protocol]);
  expect(show(before)).toBe(shown);
  expect(parts.map(show)).toEqual(partsShown);
  return result;
}

/** Runs an edit that must change nothing at all, and gives what it gave. */
export function checkNothing<T>(node: ThriftNode, edit: (node: ThriftNode) => T): T {
  const { source, start, end, inHeader } = node;
  const result = leavesUntouched(source, () => edit(node));
  expect(node.source === source, "the node has got other bytes").toBe(true);
  expect([node.start, node.end, node.inHeader]).toEqual([start, end, inHeader]);
  return result;
}

/** Runs an edit that must fail and change nothing. */
export function checkFails(
  node: ThriftNode,
  edit: (node: ThriftNode) => unknown,
  expected: ExpectedError,
): void {
  checkNothing(node, () => expectThriftError(() => edit(node), expected));
}

/** `set`, `setMany` and `setMany` after the same path has been set to something else: all must do the same. */
export function checkSet(node: () => ThriftNode, path: Path, value: ThriftNode, expected: Plain): boolean {
  checkEdit(node(), (each) => each.setMany([[path, value]]), expected);
  return checkEdit(node(), (each) => each.set(path, value), expected);
}

export function checkDelete(node: () => ThriftNode, path: Path, expected: Plain): boolean {
  expect(checkEdit(node(), (each) => each.deleteMany([path]), expected)).toBe(1);
  return checkEdit(node(), (each) => each.delete(path), expected);
}
