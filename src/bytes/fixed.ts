/**
 * Numbers of fixed width at a position. Nothing is checked: the caller has proved that all bytes are inside
 * the array. Shifts beat a `DataView` here unless one is at hand anyway: making one costs about 50 ns.
 */

const SCRATCH_BYTES = new Uint8Array(8);
const SCRATCH_DOUBLE = new Float64Array(SCRATCH_BYTES.buffer);

/** Typed arrays have the order of the machine, which is little-endian nearly everywhere. */
const LITTLE_ENDIAN: boolean = /* @__PURE__ */ isLittleEndian();

function isLittleEndian(): boolean {
  return new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;
}

export function readInt16BE(bytes: Uint8Array, pos: number): number {
  return ((bytes[pos]! << 24) >> 16) | bytes[pos + 1]!;
}

export function readInt32BE(bytes: Uint8Array, pos: number): number {
  return (bytes[pos]! << 24) | (bytes[pos + 1]! << 16) | (bytes[pos + 2]! << 8) | bytes[pos + 3]!;
}

export function readDoubleBE(bytes: Uint8Array, pos: number): number {
  return LITTLE_ENDIAN ? readReversed(bytes, pos) : readStraight(bytes, pos);
}

export function readDoubleLE(bytes: Uint8Array, pos: number): number {
  return LITTLE_ENDIAN ? readStraight(bytes, pos) : readReversed(bytes, pos);
}

function readStraight(bytes: Uint8Array, pos: number): number {
  for (let i = 0; i < 8; i++) SCRATCH_BYTES[i] = bytes[pos + i]!;
  return SCRATCH_DOUBLE[0]!;
}

function readReversed(bytes: Uint8Array, pos: number): number {
  for (let i = 0; i < 8; i++) SCRATCH_BYTES[7 - i] = bytes[pos + i]!;
  return SCRATCH_DOUBLE[0]!;
}

export function writeInt16BE(value: number, bytes: Uint8Array, at: number): void {
  bytes[at] = value >> 8;
  bytes[at + 1] = value;
}

export function writeInt32BE(value: number, bytes: Uint8Array, at: number): void {
  bytes[at] = value >> 24;
  bytes[at + 1] = value >> 16;
  bytes[at + 2] = value >> 8;
  bytes[at + 3] = value;
}

export function writeDoubleBE(value: number, bytes: Uint8Array, at: number): void {
  SCRATCH_DOUBLE[0] = value;
  if (LITTLE_ENDIAN) writeReversed(bytes, at);
  else writeStraight(bytes, at);
}

export function writeDoubleLE(value: number, bytes: Uint8Array, at: number): void {
  SCRATCH_DOUBLE[0] = value;
  if (LITTLE_ENDIAN) writeStraight(bytes, at);
  else writeReversed(bytes, at);
}

function writeStraight(bytes: Uint8Array, at: number): void {
  for (let i = 0; i < 8; i++) bytes[at + i] = SCRATCH_BYTES[i]!;
}

function writeReversed(bytes: Uint8Array, at: number): void {
  for (let i = 0; i < 8; i++) bytes[at + i] = SCRATCH_BYTES[7 - i]!;
}
