import type { Route } from "../path/compiled-path.ts";
import type { PathStep } from "../path/step.ts";
import { TType } from "../wire/ttype.ts";
import type { EncodedValue } from "./encoded-value.ts";
import { checkMap, checkType, fieldIdOf, indexOf, noParts, skipElements } from "./find.ts";
import { type KeyMatcher, matcherOf } from "./key.ts";
import { giveBack, type NodeReader, takeReader } from "./reader.ts";

/** Called for each path that leads to a value, with the number of the path. */
export type OnFound = (path: number, type: TType, start: number, end: number, inHeader: boolean) => void;

/** A path, and where the data has what is behind its first `count` steps; `start` is −1 where it has nothing. */
interface Search {
  readonly route: Route;
  count: number;
  type: TType;
  start: number;
  end: number;
  inHeader: boolean;
}

/**
 * Finds the first value at each path. A value is passed over once per level that a path goes into; what lies behind
 * the last one that is looked for is not looked at.
 */
export function findMany(node: EncodedValue, routes: readonly Route[], onFound: OnFound): void {
  const { protocol, type, source, start, end, limits, inHeader } = node;
  const searches: Search[] = [];
  for (const route of routes) searches.push({ route, count: 0, type, start, end, inHeader });
  const reader = takeReader(protocol, source, start, end, limits);
  // Groups of paths that go on in the same value. A list, not recursion: paths may be long.
  const open: Search[][] = [unfinished(searches)];
  for (let group = open.pop(); group !== undefined; group = open.pop()) {
    if (group.length === 0) continue;
    const first = group[0]!;
    reader.restart(source, first.start, first.end, limits);
    search(reader, group, first.type, first.start);
    for (let going = unfinished(group); going.length > 0; ) {
      const at = going[0]!.start;
      open.push(going.length === 1 ? going : going.filter((other) => other.start === at));
      going = going.filter((other) => other.start !== at);
    }
  }
  giveBack(reader);
  for (let i = 0; i < searches.length; i++) {
    const found = searches[i]!;
    if (found.start >= 0) onFound(i, found.type, found.start, found.end, found.inHeader);
  }
}

/** The paths that have something, and more steps. */
function unfinished(group: readonly Search[]): Search[] {
  return group.filter(({ start, count, route }) => start >= 0 && count < route.steps.length);
}

/** Takes one step of each path in the value where the reader is. */
function search(reader: NodeReader, group: readonly Search[], type: TType, start: number): void {
  for (const search of group) search.start = -1;
  switch (type) {
    case TType.STRUCT:
      return searchStruct(reader, group);
    case TType.LIST:
    case TType.SET:
      return searchList(reader, group, type, start);
    case TType.MAP:
      return searchMap(reader, group, start);
    default:
      throw noParts(type, group[0]!.route.shown, group[0]!.count, start);
  }
}

function searchStruct(reader: NodeReader, group: readonly Search[]): void {
  const ids: number[] = [];
  for (const { route, count } of group) ids.push(fieldIdOf(route.steps[count]!, route.shown, count));
  reader.readStructBegin();
  for (let left = group.length; left > 0; ) {
    const header = reader.position;
    const type = reader.readFieldBegin();
    if (type === TType.STOP) return;
    const id = reader.fieldId;
    let index = ids.indexOf(id);
    if (index < 0 || group[index]!.start >= 0) {
      reader.skip(type);
      continue;
    }
    const inHeader = type === TType.BOOL && reader.protocol === "compact";
    const start = inHeader ? header : reader.position;
    for (let i = index; i < ids.length; i++) if (ids[i] === id) check(group[i]!, type, start);
    reader.skip(type);
    for (; index < ids.length; index++) {
      if (ids[index] !== id) continue;
      take(group[index]!, type, start, reader.position, inHeader);
      left--;
    }
  }
}

function searchList(reader: NodeReader, group: readonly Search[], type: TType, start: number): void {
  const indices: { search: Search; index: number }[] = [];
  for (const search of group) {
    const { route, count } = search;
    indices.push({ search, index: indexOf(route.steps[count]!, type, route.shown, count, start) });
  }
  if (indices.length > 1) indices.sort((a, b) => a.index - b.index);
  reader.readListBegin();
  const { length, elementType } = reader;
  let next = 0;
  let at = reader.position;
  for (const { search, index } of indices) {
    if (index >= length) {
      const { route, count } = search;
      if (length > 0) checkType(elementType, wantedOf(search), route.shown, count, start);
      continue;
    }
    // Several paths may lead to one element.
    if (index < next) reader.position = at;
    else skipElements(reader, index - next);
    at = reader.position;
    check(search, elementType, at);
    reader.skip(elementType);
    take(search, elementType, at, reader.position, false);
    next = index + 1;
  }
}

function searchMap(reader: NodeReader, group: readonly Search[], start: number): void {
  reader.readMapBegin();
  const { length, keyType, elementType } = reader;
  const wanted: [Search, PathStep, KeyMatcher][] = [];
  for (const search of group) {
    const { route, count } = search;
    const step = route.steps[count]!;
    checkMap(reader, step, wantedOf(search), route.shown, count, start);
    wanted.push([search, step, matcherOf(step, keyType)]);
  }
  for (let left = length; left > 0 && wanted.length > 0; left--) {
    const key = reader.position;
    let index = matchIndex(reader, wanted, keyType);
    if (index < 0) {
      reader.skip(elementType);
      continue;
    }
    const at = reader.position;
    check(wanted[index]![0], elementType, at);
    reader.skip(elementType);
    const end = reader.position;
    // Several paths may have the same key, also as different steps: 0 and −0, the text and the bytes of a uuid.
    while (index >= 0) {
      const [found] = wanted.splice(index, 1)[0]!;
      take(found, elementType, at, end, false);
      reader.position = key;
      index = matchIndex(reader, wanted, keyType);
    }
    reader.position = end;
  }
}

function wantedOf({ route, count }: Search): number {
  return route.expected === undefined ? 0 : route.expected[count]!;
}

/** Throws unless the value at `start` can be what the next step of a path leads to. */
function check(search: Search, type: TType, start: number): void {
  checkType(type, wantedOf(search), search.route.shown, search.count + 1, start);
}

/** Notes where the next step of a path leads to. */
function take(search: Search, type: TType, start: number, end: number, inHeader: boolean): void {
  search.count++;
  search.type = type;
  search.start = start;
  search.end = end;
  search.inHeader = inHeader;
}

/** Which of the keys the one that is read next is, or −1; the reader is behind it then. */
export function matchIndex(
  reader: NodeReader,
  wanted: readonly (readonly [unknown, PathStep, KeyMatcher])[],
  keyType: TType,
): number {
  const start = reader.position;
  for (let i = 0; i < wanted.length; i++) {
    reader.position = start;
    const [, step, match] = wanted[i]!;
    if (match(reader, step)) return i;
  }
  reader.position = start;
  reader.skip(keyType);
  return -1;
}
