import { readInt16BE } from "../bytes/fixed.ts";
import type { Route } from "../path/compiled-path.ts";
import {
  FIELD_HEADER_SIZE,
  LIST,
  LIST_HEADER_SIZE,
  MAP,
  MAP_HEADER_SIZE,
  openList,
  openMap,
  readFieldType,
  SET,
  STOP,
  STRUCT,
} from "../wire/binary-parts.ts";
import type { ResolvedLimits } from "../wire/limits.ts";
import { seekBinaryField, skipBinary, skipElements } from "../wire/skip-binary.ts";
import type { TType } from "../wire/ttype.ts";
import { failDepth } from "../wire/wire-error.ts";
import { checkMap, checkType, fieldIdOf, indexOf, noParts } from "./check.ts";
import { keysLeft, seekKey } from "./seek.ts";

/** Beyond 16 bits. */
const NO_ID = 0x1_0000;

/** Where `findBinary` has found a value, and its wire type. */
export let binaryStart = 0;
export let binaryEnd = 0;
export let binaryType = 0;

/**
 * `find` for the binary protocol, over positions instead of a reader: looks in the value of type `rootType` in
 * `start … end`, and throws the same.
 */
export function findBinary(
  bytes: Uint8Array,
  start: number,
  end: number,
  rootType: TType,
  route: Route,
  limits: ResolvedLimits,
): boolean {
  const { steps, expected } = route;
  let pos = start;
  let type: number = rootType;
  // The structs and containers that may still be opened.
  let depth = limits.maxDepth;
  for (let i = 0; i < steps.length; i++) {
    const step = steps[i]!;
    const wanted = expected === undefined ? 0 : expected[i]!;
    if (type === STRUCT) {
      const id = fieldIdOf(step, route, i);
      if (depth <= 0) failDepth(pos);
      depth--;
      pos = seekBinaryField(bytes, pos, end, id, depth);
      type = readFieldType(bytes, pos, end);
      if (type === STOP) return false;
      pos += FIELD_HEADER_SIZE;
    } else if (type === LIST || type === SET) {
      const index = indexOf(step, type, route, i, pos);
      // element type u8, length i32
      const length = openList(bytes, pos, end, limits.maxLength, depth);
      depth--;
      type = bytes[pos]!;
      if (index >= length) {
        if (length > 0) checkType(type, wanted, route, i, pos);
        return false;
      }
      pos = skipElements(bytes, pos + LIST_HEADER_SIZE, end, index, type, depth);
    } else if (type === MAP) {
      // key type u8, value type u8, length i32
      const length = openMap(bytes, pos, end, limits.maxLength, depth);
      depth--;
      const keyType = bytes[pos]!;
      type = bytes[pos + 1]!;
      checkMap(length, keyType, type, step, wanted, route, i, pos);
      pos = seekKey(bytes, pos + MAP_HEADER_SIZE, end, length, keyType, type, step, limits, depth);
      if (keysLeft === 0) return false;
    } else {
      throw noParts(type, route, i, pos);
    }
    checkType(type, wanted, route, i + 1, pos);
  }
  binaryStart = pos;
  binaryEnd = skipBinary(bytes, pos, end, type, depth);
  binaryType = type;
  return true;
}

/** More paths than that are for `findMany`. */
export const MAX_FIELDS = 16;

/** What `findFields` has found: for each path the wire type, STOP for what is not there, the start and the end. */
export const PLACES: Int32Array = new Int32Array(3 * MAX_FIELDS);
export const PLACE_SIZE = 3;

/** The ids that `findFields` still looks for; NO_ID where one has been found. */
const IDS = new Int32Array(MAX_FIELDS);

/**
 * `findMany` for at most `MAX_FIELDS` paths of one step, which lead to fields of a struct in the binary protocol: without
 * anything that has to be remembered for each path. What it finds is in `PLACES`.
 */
export function findFields(
  bytes: Uint8Array,
  start: number,
  end: number,
  routes: readonly Route[],
  limits: ResolvedLimits,
): void {
  const count = routes.length;
  for (let i = 0; i < count; i++) {
    const route = routes[i]!;
    IDS[i] = fieldIdOf(route.steps[0]!, route, 0);
    PLACES[i * PLACE_SIZE] = STOP;
  }
  const depth = limits.maxDepth - 1;
  let pos = start;
  for (let left = count; left > 0; ) {
    // type u8, then unless it is STOP: id i16
    const type = readFieldType(bytes, pos, end);
    if (type === STOP) return;
    const id = readInt16BE(bytes, pos + 1);
    const value = pos + FIELD_HEADER_SIZE;
    let index = 0;
    while (index < count && IDS[index] !== id) index++;
    if (index === count) {
      pos = skipBinary(bytes, value, end, type, depth);
      continue;
    }
    for (let i = index; i < count; i++) {
      if (IDS[i] === id) checkType(type, expectedOf(routes[i]!), routes[i]!, 1, value);
    }
    pos = skipBinary(bytes, value, end, type, depth);
    for (let i = index; i < count; i++) {
      if (IDS[i] !== id) continue;
      IDS[i] = NO_ID;
      left--;
      const place = i * PLACE_SIZE;
      PLACES[place] = type;
      PLACES[place + 1] = value;
      PLACES[place + 2] = pos;
    }
  }
}

function expectedOf({ expected }: Route): number {
  return expected === undefined ? 0 : expected[0]!;
}
