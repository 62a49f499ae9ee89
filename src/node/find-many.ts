import type { Route } from "../path/compiled-path.ts";
import type { PathStep } from "../path/step.ts";
import { TType } from "../wire/ttype.ts";
import { checkMap, checkType, fieldIdOf, indexOf, noParts } from "./check.ts";
import type { EncodedValue } from "./encoded-value.ts";
import { skipElements } from "./find.ts";
import { type KeyMatcher, matcherOf } from "./key.ts";
import { giveBack, type NodeReader, takeReader } from "./reader.ts";

/** A path, and where the data has what is behind its first `count` steps; `start` is −1 where it has nothing. */
export interface Search {
  readonly route: Route;
  count: number;
  /** The field id or index that the next step is, while the value that it starts from is in work. */
  number: number;
  type: TType;
  start: number;
  end: number;
  inHeader: boolean;
}

/**
 * Finds the first value at each path; a search for each, in their order, with where that is. A value is passed over
 * once per level that a path goes into; what lies behind the last one that is looked for is not looked at.
 */
export function findMany(node: EncodedValue, routes: readonly Route[]): readonly Search[] {
  const { protocol, type, source, start, end, limits, inHeader } = node;
  const searches = new Array<Search>(routes.length);
  for (let i = 0; i < routes.length; i++) {
    searches[i] = { route: routes[i]!, count: 0, number: 0, type, start, end, inHeader };
  }
  let group = unfinished(searches);
  if (group.length === 0) return searches;
  const reader = takeReader(protocol, source, start, end, limits);
  // Groups of paths that go on in the same value. A list, not recursion: paths may be long.
  const open: (readonly Search[])[] = [];
  for (;;) {
    const first = group[0]!;
    reader.restart(source, first.start, first.end, limits);
    search(reader, group, first.type, first.start);
    for (let going = unfinished(group); going.length > 0; ) {
      const at = going[0]!.start;
      open.push(going.length === 1 ? going : going.filter((other) => other.start === at));
      going = going.filter((other) => other.start !== at);
    }
    const next = open.pop();
    if (next === undefined) break;
    group = next;
  }
  giveBack(reader);
  return searches;
}

const NONE: readonly Search[] = [];

/** The paths that have something, and more steps. */
function unfinished(group: readonly Search[]): readonly Search[] {
  let count = 0;
  for (let i = 0; i < group.length; i++) if (isUnfinished(group[i]!)) count++;
  if (count === 0) return NONE;
  return count === group.length ? group : group.filter(isUnfinished);
}

function isUnfinished({ start, count, route }: Search): boolean {
  return start >= 0 && count < route.steps.length;
}

/** Takes one step of each path in the value where the reader is. */
function search(reader: NodeReader, group: readonly Search[], type: TType, start: number): void {
  for (let i = 0; i < group.length; i++) group[i]!.start = -1;
  switch (type) {
    case TType.STRUCT:
      return searchStruct(reader, group);
    case TType.LIST:
    case TType.SET:
      return searchList(reader, group, type, start);
    case TType.MAP:
      return searchMap(reader, group, start);
    default:
      throw noParts(type, group[0]!.route, group[0]!.count, start);
  }
}

function searchStruct(reader: NodeReader, group: readonly Search[]): void {
  for (let i = 0; i < group.length; i++) {
    const search = group[i]!;
    search.number = fieldIdOf(search.route.steps[search.count]!, search.route, search.count);
  }
  reader.readStructBegin();
  for (let left = group.length; left > 0; ) {
    const header = reader.position;
    const type = reader.readFieldBegin();
    if (type === TType.STOP) return;
    const id = reader.fieldId;
    let index = 0;
    while (index < group.length && group[index]!.number !== id) index++;
    if (index === group.length || group[index]!.start >= 0) {
      reader.skip(type);
      continue;
    }
    const inHeader = type === TType.BOOL && reader.protocol === "compact";
    const start = inHeader ? header : reader.position;
    for (let i = index; i < group.length; i++) if (group[i]!.number === id) check(group[i]!, type, start);
    reader.skip(type);
    for (; index < group.length; index++) {
      if (group[index]!.number !== id) continue;
      take(group[index]!, type, start, reader.position, inHeader);
      left--;
    }
  }
}

function searchList(reader: NodeReader, group: readonly Search[], type: TType, start: number): void {
  for (const search of group) {
    const { route, count } = search;
    search.number = indexOf(route.steps[count]!, type, route, count, start);
  }
  const sorted = group.length > 1 ? [...group].sort((a, b) => a.number - b.number) : group;
  reader.readListBegin();
  const { length, elementType } = reader;
  let next = 0;
  let at = reader.position;
  for (const search of sorted) {
    const { route, count, number: index } = search;
    if (index >= length) {
      if (length > 0) checkType(elementType, wantedOf(search), route, count, start);
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
    checkMap(length, keyType, elementType, step, wantedOf(search), route, count, start);
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
  checkType(type, wantedOf(search), search.route, search.count + 1, start);
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
