import { readInt16BE } from "../bytes/fixed.ts";
import type { Route } from "../path/compiled-path.ts";
import { FieldId } from "../path/step.ts";
import { copyRange, newOutput } from "../pool/pieces.ts";
import { FIELD_HEADER_SIZE, readFieldType, STOP, STRUCT } from "../wire/binary-parts.ts";
import { skipBinary } from "../wire/skip-binary.ts";
import { WireError } from "../wire/wire-error.ts";
import { expectedType } from "./check.ts";
import type { EncodedValue } from "./encoded-value.ts";

/** Beyond that, comparing each field with all paths takes longer than an `EditTree`; each of them is a bit. */
const MAX_FIELDS = 16;

/** The fields that are replaced: their ids, then, in the order of the data, which they are and their start and end. */
const IDS = new Int32Array(MAX_FIELDS);
const PLACES = new Int32Array(3 * MAX_FIELDS);
/** Whether each new value takes as many bytes as the old one. */
let isInPlace = true;

/**
 * The bytes of a struct in the binary protocol with other values in some of its fields, the `set`s of one call: in half
 * the time that an `EditTree` takes. Returns `undefined` whenever something is not that simple: a longer path, a field
 * that is not there, or more than once, of another type, a value of the other protocol; corrupt bytes.
 */
export function replaceFields(
  { protocol, source, start, end, type, limits }: EncodedValue,
  routes: readonly Route[],
  values: readonly EncodedValue[],
): Uint8Array | undefined {
  const count = routes.length;
  if (protocol !== "binary" || type !== STRUCT || limits.maxDepth < 1) return undefined;
  if (count === 0 || count > MAX_FIELDS) return undefined;
  for (let i = 0; i < count; i++) {
    const { steps, expected } = routes[i]!;
    const step = steps[0];
    if (steps.length !== 1 || !(step instanceof FieldId)) return undefined;
    const value = values[i]!;
    const wanted = expected === undefined ? 0 : expectedType(expected[0]!);
    if (value.protocol !== "binary" || (wanted !== 0 && wanted !== value.type)) return undefined;
    IDS[i] = step.id;
  }
  let growth: number;
  try {
    growth = findPlaces(source, start, end, values, limits.maxDepth - 1);
  } catch (error) {
    // The edits are not wrong before the general way says so: it need not look at what is behind them.
    if (error instanceof WireError) return undefined;
    throw error;
  }
  if (growth === NOT_SIMPLE) return undefined;
  const output = newOutput(end - start + growth, limits.maxOutputSize);
  if (isInPlace) {
    // One copy of all is faster than one of each piece.
    copyRange(source, start, end, output, 0);
    for (let place = 0; place < 3 * count; place += 3) {
      const value = values[PLACES[place]!]!;
      copyRange(value.source, value.start, value.end, output, PLACES[place + 1]! - start);
    }
    return output;
  }
  let from = start;
  let at = 0;
  for (let place = 0; place < 3 * count; place += 3) {
    const value = values[PLACES[place]!]!;
    at = copyRange(source, from, PLACES[place + 1]!, output, at);
    at = copyRange(value.source, value.start, value.end, output, at);
    from = PLACES[place + 2]!;
  }
  copyRange(source, from, end, output, at);
  return output;
}

/** Greater than the bytes by which an output can grow. */
const NOT_SIMPLE = Number.POSITIVE_INFINITY;

/** Notes where each field is that has one of the ids. Returns how much larger the struct is with the new values. */
function findPlaces(
  bytes: Uint8Array,
  start: number,
  end: number,
  values: readonly EncodedValue[],
  depth: number,
): number {
  const count = values.length;
  isInPlace = true;
  let growth = 0;
  let found = 0;
  /** A bit for each path whose field has been found. */
  let seen = 0;
  let pos = start;
  for (;;) {
    // type u8, then unless it is STOP: id i16
    const type = readFieldType(bytes, pos, end);
    if (type === STOP) return found === count ? growth : NOT_SIMPLE;
    const id = readInt16BE(bytes, pos + 1);
    const value = pos + FIELD_HEADER_SIZE;
    pos = skipBinary(bytes, value, end, type, depth);
    let index = 0;
    while (index < count && IDS[index] !== id) index++;
    if (index === count) continue;
    // A second path with the same id finds nothing, which is not simple either.
    const bit = 1 << index;
    if ((seen & bit) !== 0 || values[index]!.type !== type) return NOT_SIMPLE;
    seen |= bit;
    PLACES[3 * found] = index;
    PLACES[3 * found + 1] = value;
    PLACES[3 * found + 2] = pos;
    const more = values[index]!.end - values[index]!.start - (pos - value);
    if (more !== 0) isInPlace = false;
    growth += more;
    found++;
  }
}
