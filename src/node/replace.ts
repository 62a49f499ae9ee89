import { FieldId } from "../path/step.ts";
import { TType } from "../wire/ttype.ts";
import type { EditTree } from "./edit-tree.ts";
import type { EncodedValue } from "./encoded-value.ts";
import { expectedKeyType, expectedType, skipElements } from "./find.ts";
import { keyProblem, matcherOf } from "./key.ts";
import { giveBack, type NodeReader, takeReader } from "./reader.ts";
import { Splicer } from "./splicer.ts";
import { MAX_RECURSION } from "./transcode.ts";

/**
 * The bytes of a value with another one in the place of what is at the end of a single path: the most frequent edit,
 * which takes one pass here, a quarter to a third less time than the two of `applyEdits`. Returns `undefined`, having
 * done nothing, whenever something is not that simple: nothing there, a type or step that does not fit, a set, a boolean
 * in a header, a value of the other protocol.
 */
export function replaceOne(node: EncodedValue, edits: EditTree): Uint8Array | undefined {
  const { protocol, source, start, end, type, limits } = node;
  let leaf = edits;
  let left = Math.min(limits.maxDepth, MAX_RECURSION);
  for (; leaf.children.length === 1; leaf = leaf.children[0]!) {
    if (leaf.value !== undefined || --left < 0) return undefined;
  }
  const { value } = leaf;
  if (value === undefined || leaf === edits || leaf.hasChildren) return undefined;
  if (value.protocol !== protocol || (value.type === TType.BOOL && protocol === "compact")) return undefined;
  const reader = takeReader(protocol, source, start, end, limits);
  const places: number[] = [];
  const isFound = walk(reader, edits, type, value.type, places);
  giveBack(reader);
  if (!isFound) return undefined;
  const out = new Splicer(protocol, source, start);
  for (let i = 0; i < places.length; i += 2) {
    out.keep(places[i]!);
    out.add(value.source, value.start, value.end);
    out.drop(places[i + 1]!);
  }
  out.keep(end);
  for (let tree = edits; tree !== leaf; ) {
    tree = tree.children[0]!;
    tree.found = true;
  }
  return out.finish(limits.maxOutputSize);
}

/** Passes over the value at the reader; notes the ranges of what the path leads to. False: the general way is wanted. */
function walk(reader: NodeReader, tree: EditTree, type: TType, valueType: TType, places: number[]): boolean {
  const child = tree.children[0]!;
  const step = child.step!;
  let isFound = false;
  switch (type) {
    case TType.STRUCT: {
      if (!(step instanceof FieldId)) return false;
      const { id } = step;
      reader.readStructBegin();
      for (let wire = reader.readFieldBegin(); wire !== TType.STOP; wire = reader.readFieldBegin()) {
        if (reader.fieldId !== id) {
          reader.skip(wire);
          continue;
        }
        if (!goOn(reader, child, wire, valueType, places)) return false;
        isFound = true;
      }
      reader.readStructEnd();
      return isFound;
    }
    case TType.LIST: {
      reader.readListBegin();
      const { length, elementType } = reader;
      if (typeof step !== "number" || !(step >= 0 && step < length) || !Number.isInteger(step)) return false;
      skipElements(reader, step);
      if (!goOn(reader, child, elementType, valueType, places)) return false;
      reader.elementType = elementType;
      skipElements(reader, length - step - 1);
      reader.readListEnd();
      return true;
    }
    case TType.MAP: {
      reader.readMapBegin();
      const { length, keyType, elementType } = reader;
      const wanted = expectedKeyType(child.expected);
      if (length === 0 || (wanted !== 0 && wanted !== keyType)) return false;
      if (step instanceof FieldId || keyProblem(step, keyType) !== undefined) return false;
      const match = matcherOf(step, keyType);
      for (let left = length; left > 0; left--) {
        reader.keyType = keyType;
        if (!match(reader, step)) {
          reader.skip(elementType);
          continue;
        }
        if (!goOn(reader, child, elementType, valueType, places)) return false;
        isFound = true;
      }
      reader.readMapEnd();
      return isFound;
    }
    default:
      return false;
  }
}

/** Goes into a value that the path leads to, or notes its range when it is the last. */
function goOn(reader: NodeReader, tree: EditTree, type: TType, valueType: TType, places: number[]): boolean {
  const expected = expectedType(tree.expected);
  if (expected !== 0 && expected !== type) return false;
  if (tree.hasChildren) return walk(reader, tree, type, valueType, places);
  if (type !== valueType) return false;
  places.push(reader.position);
  reader.skip(type);
  places.push(reader.position);
  return true;
}
