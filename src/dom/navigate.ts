import type { TypeDescriptor } from "../descriptor/types.ts";
import {
  checkType,
  type Expectation,
  expectedKeyType,
  expectedType,
  noParent,
  type ShownPath,
  wrongKeys,
} from "../node/check.ts";
import { nameOf } from "../node/edit-tree.ts";
import { matcherOf, readKey } from "../node/key.ts";
import { giveBack, type NodeReader, takeReader } from "../node/reader.ts";
import type { TypedRoute } from "../path/compiled-path.ts";
import type { FieldId, PathStep } from "../path/step.ts";
import type { Missing } from "../value/edit-options.ts";
import { TType } from "../wire/ttype.ts";
import type { Document } from "./document.ts";

/**
 * Finds values by path among records, as `node/find.ts` does in bytes and with its errors. Values that a route starts
 * from are of the route's type.
 */
export type DomRoute = TypedRoute<TypeDescriptor>;

/**
 * The first child that step `index` of a route leads to, of those behind the sibling `after`; 0 when there is none.
 * Throws `WireError`, `TYPE_MISMATCH` for data of another type.
 */
export function findChild(
  document: Document,
  parent: number,
  route: DomRoute,
  index: number,
  after = 0,
): number {
  const step = route.steps[index]!;
  const expected = route.expected[index]!;
  let at = after === 0 ? document.firstChild(parent) : document.next(after);
  switch (document.typeOf(parent)) {
    case TType.STRUCT: {
      const { id } = step as FieldId;
      while (at !== 0 && document.idOf(at) !== id) at = document.next(at);
      break;
    }
    case TType.MAP:
      checkItems(document, parent, expected, route, index);
      at = findKey(document, parent, step, at);
      break;
    default:
      at = after === 0 ? document.childAt(parent, step as number) : 0;
      if (at === 0) checkItems(document, parent, expected, route, index);
  }
  if (at !== 0) checkType(document.typeOf(at), expected, route, index + 1, document.startOf(at));
  return at;
}

/** All children that a step leads to, in their order; see `findChild`. */
function findChildren(document: Document, parent: number, route: DomRoute, index: number): number[] {
  const found: number[] = [];
  for (
    let at = findChild(document, parent, route, index);
    at !== 0;
    at = findChild(document, parent, route, index, at)
  ) {
    found.push(at);
  }
  return found;
}

/** A value, and what step `index` of a route leads to in it now. */
export interface Place {
  readonly parent: number;
  readonly index: number;
  readonly found: readonly number[];
}

/**
 * All places that a route leads to. Where a parent is missing: under `skip` nothing, under `create` the place of that
 * parent, else `NOT_FOUND`. What throws later on would have thrown here: edits are made whole or not at all.
 */
export function findPlaces(document: Document, record: number, route: DomRoute, missing: Missing): Place[] {
  const last = route.steps.length - 1;
  const places: Place[] = [];
  let parents = [record];
  for (let index = 0; index <= last; index++) {
    const next: number[] = [];
    for (const parent of parents) {
      const found = findChildren(document, parent, route, index);
      if (found.length > 0 && index < last) {
        next.push(...found);
      } else if (found.length > 0 || missing === "create" || (index === last && missing === "insert")) {
        places.push({ parent, index, found });
      } else if (missing === "insert") {
        throw noParent(route, index + 1);
      }
    }
    parents = next;
  }
  return places;
}

/** Throws `WireError` `TYPE_MISMATCH` where the keys or values that a list, set or map has are of another type. */
export function checkItems(
  document: Document,
  record: number,
  expected: Expectation,
  path: ShownPath,
  count: number,
): void {
  const first = document.firstChild(record);
  if (first === 0) return;
  const start = document.startOf(record);
  const keyType = expectedKeyType(expected);
  if (document.typeOf(record) === TType.MAP && document.keyTypeOf(record) !== keyType) {
    throw wrongKeys(document.keyTypeOf(record), keyType, path, count, start);
  }
  checkType(document.typeOf(first), expectedType(expected), path, count, start);
}

/** The first entry with that key from `at` on. */
function findKey(document: Document, map: number, step: PathStep, at: number): number {
  const keyType = document.keyTypeOf(map);
  const match = matcherOf(step, keyType);
  for (let entry = at; entry !== 0; entry = document.next(entry)) {
    const reader = takeKey(document, entry, keyType);
    const isMatch = match(reader, step);
    giveBack(reader);
    if (isMatch) return entry;
  }
  return 0;
}

/** The key that is read next, in a form that equal keys share and others do not. */
export function keyName(reader: NodeReader): string | number {
  return nameOf(readKey(reader));
}

/** The shared reader at the key of a map entry. */
export function takeKey(document: Document, entry: number, keyType: TType): NodeReader {
  const { protocol, limits } = document;
  const source = document.sourceOf(entry);
  const reader = takeReader(protocol, source, document.entryOf(entry), document.startOf(entry), limits);
  reader.keyType = keyType;
  return reader;
}
