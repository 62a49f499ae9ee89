import type { ErrorCode } from "../../src/errors.ts";
import { FieldId, fieldId, type PathStep } from "../../src/path/step.ts";
import { type Protocol, TType } from "../../src/wire/ttype.ts";
import { fromUtf8 } from "../support/bytes.ts";
import type { Random } from "../support/random.ts";
import {
  encode,
  list,
  map,
  type Plain,
  type PlainMap,
  type Scalar,
  type Sequence,
  type Struct,
  set,
  struct,
} from "./plain.ts";

/** The rules of edits, on plain data: what `ThriftNode` is held against. */

/** A step, and, where that is the encoded bytes of a key, the key. */
export interface ModelStep {
  readonly step: PathStep;
  readonly key?: Plain;
}

export class Refused extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode) {
    super(code);
    this.code = code;
  }
}

interface Outcome {
  readonly value: Plain;
  readonly found: boolean;
}

/** What becomes of the value at the end of a path; `undefined` when it is removed. */
type Change = (value: Plain) => Plain | undefined;

interface Edit {
  readonly change: Change;
  /** What is put where there is nothing; without it nothing is. */
  readonly put?: Plain;
  /** The encoding decides what an empty map knows of its types, and which elements are equal. */
  readonly protocol: Protocol;
}

export function getIn(value: Plain, [first, ...rest]: readonly ModelStep[]): Plain | undefined {
  if (first === undefined) return value;
  const part = partsOf(value, first).find(Boolean);
  return part === undefined ? undefined : getIn(part, rest);
}

export function setIn(value: Plain, path: readonly ModelStep[], put: Plain, protocol: Protocol): Outcome {
  const change = (old: Plain): Plain => {
    if (old.type !== put.type) throw new Refused("TYPE_MISMATCH");
    return put;
  };
  return edit(value, path, { change, put, protocol });
}

export function deleteIn(value: Plain, path: readonly ModelStep[], protocol: Protocol): Outcome {
  return edit(value, path, { change: () => undefined, protocol });
}

/** The parts that a step leads to, in their order. */
function partsOf(value: Plain, first: ModelStep): Plain[] {
  const { step } = first;
  if ("fields" in value) {
    if (!(step instanceof FieldId)) throw new Refused("INVALID_PATH");
    return value.fields.filter(([id]) => id === step.id).map(([, part]) => part);
  }
  if ("elements" in value) return value.elements.slice(indexOf(step), indexOf(step) + 1);
  if ("entries" in value) {
    if (step instanceof FieldId) throw new Refused("TYPE_MISMATCH");
    if (value.entries.length === 0) return [];
    const key = keyOf(first, value.keyType);
    return value.entries.filter(([other]) => isSame(other, key)).map(([, part]) => part);
  }
  throw new Refused("TYPE_MISMATCH");
}

function indexOf(step: PathStep): number {
  if (typeof step !== "number") throw new Refused("TYPE_MISMATCH");
  if (!Number.isInteger(step) || step < 0) throw new Refused("INVALID_PATH");
  return step;
}

function edit(value: Plain, path: readonly ModelStep[], how: Edit): Outcome {
  const [first, ...rest] = path;
  if (first === undefined) return { value: how.change(value)!, found: true };
  let found = false;
  const within = (part: Plain): Plain | undefined => {
    if (rest.length === 0) {
      found = true;
      return how.change(part);
    }
    const inner = edit(part, rest, how);
    found ||= inner.found;
    return inner.value;
  };
  const isMissing = partsOf(value, first).length === 0;
  if (isMissing && how.put === undefined) return { value, found: false };
  if (isMissing && rest.length > 0) throw new Refused("NOT_FOUND");
  let edited: Plain;
  if ("fields" in value) edited = editStruct(value, first, isMissing ? how.put : undefined, within);
  else if ("entries" in value) edited = editMap(value, first, isMissing ? how : undefined, within);
  else edited = editSequence(value as Sequence, indexOf(first.step), isMissing, how, within);
  return { value: edited, found };
}

function editStruct({ fields }: Struct, { step }: ModelStep, put: Plain | undefined, within: Change): Plain {
  const { id } = step as FieldId;
  if (put !== undefined) {
    const at = fields.findIndex(([other]) => other > id);
    const place = at < 0 ? fields.length : at;
    return struct(...fields.slice(0, place), [id, put], ...fields.slice(place));
  }
  return struct(
    ...fields.flatMap((field) => {
      const part = field[0] === id ? within(field[1]) : field[1];
      return part === undefined ? [] : [[field[0], part] as const];
    }),
  );
}

function editMap(
  { keyType, valueType, entries }: PlainMap,
  step: ModelStep,
  adds: Edit | undefined,
  within: Change,
): Plain {
  if (adds !== undefined) {
    const put = adds.put!;
    // An empty map of the compact protocol tells no types.
    const tells = entries.length > 0 || adds.protocol === "binary";
    if (!tells || keyType === TType.STOP) throw new Refused("TYPE_MISMATCH");
    if (put.type !== valueType && valueType !== TType.STOP) throw new Refused("TYPE_MISMATCH");
    return map(keyType, put.type, ...entries, [keyOf(step, keyType, true), put]);
  }
  const key = keyOf(step, keyType);
  return map(
    keyType,
    valueType,
    ...entries.flatMap(([other, part]) => {
      const next = isSame(other, key) ? within(part) : part;
      return next === undefined ? [] : [[other, next] as const];
    }),
  );
}

const INTEGER_BITS: Readonly<Record<number, number>> = { [TType.BYTE]: 8, [TType.I16]: 16, [TType.I32]: 32 };

/** The key that a step is in a map with keys of a type. `written`: it must be one that can be encoded. */
function keyOf({ step, key }: ModelStep, type: TType, written = false): Plain {
  const fits = (does: boolean, value: Scalar["value"]): Plain => {
    if (!does) throw new Refused("TYPE_MISMATCH");
    return { type, value };
  };
  const bytes = typeof step === "string" ? new TextEncoder().encode(step) : step;
  switch (type) {
    case TType.STRING:
      return fits(bytes instanceof Uint8Array, bytes as Uint8Array);
    case TType.UUID:
      return fits(step instanceof Uint8Array && step.length === 16, step as Uint8Array);
    case TType.BOOL:
      return fits(typeof step === "boolean", step as boolean);
    case TType.DOUBLE:
      return fits(typeof step === "number", step as number);
    case TType.BYTE:
    case TType.I16:
    case TType.I32:
    case TType.I64: {
      if (typeof step !== "bigint" && !Number.isSafeInteger(step)) throw new Refused("TYPE_MISMATCH");
      const integer = BigInt(step as number | bigint);
      if (type === TType.I64) return { type, value: integer };
      if (BigInt.asIntN(INTEGER_BITS[type]!, integer) === integer) return { type, value: Number(integer) };
      if (written) throw new Refused("OUT_OF_RANGE");
      return NO_KEY;
    }
    default:
      if (!(step instanceof Uint8Array)) throw new Refused("TYPE_MISMATCH");
      if (key?.type === type) return key;
      if (written) throw new Refused("INVALID_VALUE");
      return NO_KEY;
  }
}

/** Equal to no key. */
const NO_KEY: Plain = { type: TType.VOID, value: false };

/** What is left of a value that has been encoded in a protocol: compact forgets the types of empty maps. */
export function encodedIn(protocol: Protocol, value: Plain): Plain {
  if (protocol === "binary") return value;
  const within = (part: Plain): Plain => encodedIn(protocol, part);
  if ("fields" in value) return struct(...value.fields.map(([id, part]) => [id, within(part)] as const));
  if ("elements" in value) return { ...value, elements: value.elements.map(within) };
  if (!("entries" in value)) return value;
  if (value.entries.length === 0) return map(TType.STOP as TType, TType.STOP as TType);
  return { ...value, entries: value.entries.map(([key, part]) => [within(key), within(part)] as const) };
}

function editSequence(
  value: Sequence,
  index: number,
  isMissing: boolean,
  { put, protocol }: Edit,
  within: Change,
): Plain {
  const { type, elementType, elements } = value;
  const make = type === TType.SET ? set : list;
  const isHeld = (element: Plain, others: readonly Plain[]): boolean =>
    type === TType.SET && others.some((other) => isSame(other, element, protocol));
  if (isMissing) {
    if (index > elements.length) throw new Refused("NOT_FOUND");
    if (put!.type !== elementType) throw new Refused("TYPE_MISMATCH");
    return isHeld(put!, elements) ? value : make(elementType, ...elements, put!);
  }
  const before = elements.slice(0, index);
  const behind = elements.slice(index + 1);
  const old = elements[index]!;
  const next = within(old);
  const isGone = next === undefined || (next !== old && isHeld(next, [...before, ...behind]));
  return make(elementType, ...before, ...(isGone ? [] : [next]), ...behind);
}

function isSame(a: Plain, b: Plain, protocol: Protocol = "binary"): boolean {
  return a === b || (a.type === b.type && Buffer.compare(encode(a, protocol), encode(b, protocol)) === 0);
}

// Random values, from small domains, so that paths of one lead somewhere in another.

const SCALARS: readonly TType[] = [
  TType.BOOL,
  TType.BYTE,
  TType.I16,
  TType.I32,
  TType.I64,
  TType.DOUBLE,
  TType.STRING,
  TType.UUID,
];
const CONTAINERS: readonly TType[] = [TType.STRUCT, TType.STRUCT, TType.LIST, TType.SET, TType.MAP];
const IDS: readonly number[] = [-300, -1, 0, 1, 2, 3, 4, 5, 17, 18, 40, 32767];

export function randomPlain(random: Random, depth: number, type: TType = randomType(random, depth)): Plain {
  const inner = (of?: TType): Plain => randomPlain(random, depth - 1, of);
  const many = <T>(make: () => T): T[] => Array.from({ length: random.int(0, 3) }, make);
  switch (type) {
    case TType.STRUCT:
      return randomStruct(random, depth);
    case TType.LIST:
    case TType.SET: {
      const elementType = randomType(random, depth - 1);
      const make = type === TType.SET ? set : list;
      const length = random.chance(0.1) ? random.int(13, 16) : random.int(0, 3);
      return make(elementType, ...Array.from({ length }, () => inner(elementType)));
    }
    case TType.MAP: {
      const keyType = random.chance(0.8) ? random.pick(SCALARS) : randomType(random, depth - 1);
      const valueType = randomType(random, depth - 1);
      return map(keyType, valueType, ...many(() => [inner(keyType), inner(valueType)] as const));
    }
    default:
      return randomScalar(random, type);
  }
}

function randomType(random: Random, depth: number): TType {
  return depth > 0 && random.chance(0.5) ? random.pick(CONTAINERS) : random.pick(SCALARS);
}

function randomStruct(random: Random, depth: number): Plain {
  const ids = IDS.filter(() => random.chance(0.3));
  if (random.chance(0.2)) ids.sort(() => random.next() - 0.5);
  const fields = ids.map((id) => [id, randomPlain(random, depth - 1)] as const);
  if (fields.length > 0 && random.chance(0.2)) {
    const [id, { type }] = random.pick(fields);
    fields.splice(random.int(0, fields.length), 0, [id, randomPlain(random, depth - 1, type)]);
  }
  return struct(...fields);
}

function randomScalar(random: Random, type: TType): Scalar {
  const value = (): Scalar["value"] => {
    switch (type) {
      case TType.BOOL:
        return random.chance(0.5);
      case TType.I64:
        return random.pick([0n, 1n, -1n, 2n ** 53n + 1n, -(2n ** 63n)]);
      case TType.DOUBLE:
        return random.pick([0, -0, 1, 0.5, 1e300]);
      case TType.STRING:
        return random.pick(
          ["", "a", "b", "né"].map((each) => new TextEncoder().encode(each)).concat(Uint8Array.of(0xff)),
        );
      case TType.UUID:
        return new Uint8Array(16).fill(random.int(0, 2) * 0x7f);
      default:
        return random.pick([0, 1, -1, 100, -128]);
    }
  };
  return { type, value: value() };
}

/** A path into a value: mostly to something, at times to nothing, seldom of steps that do not fit. */
export function randomPath(random: Random, value: Plain, protocol: Protocol): ModelStep[] {
  const path: ModelStep[] = [];
  let at: Plain | undefined = value;
  while (at !== undefined && (path.length === 0 || random.chance(0.7))) {
    const step: ModelStep | undefined = randomStep(random, at, protocol);
    if (step === undefined) break;
    path.push(step);
    if (random.chance(0.02)) path.push({ step: random.pick([0, "x", fieldId(1), true]) });
    at = tryGet(value, path);
  }
  return path;
}

function tryGet(value: Plain, path: readonly ModelStep[]): Plain | undefined {
  try {
    return getIn(value, path);
  } catch {
    return undefined;
  }
}

function randomStep(random: Random, value: Plain, protocol: Protocol): ModelStep | undefined {
  const isOdd = random.chance(0.03);
  if ("fields" in value) {
    if (isOdd) return { step: random.pick([0, "x", true]) };
    const isThere = value.fields.length > 0 && random.chance(0.6);
    return { step: fieldId(isThere ? random.pick(value.fields)[0] : random.pick(IDS)) };
  }
  if ("elements" in value) {
    return { step: isOdd ? random.pick([-1, 0.5, "0", fieldId(0)]) : random.int(0, value.elements.length) };
  }
  if ("entries" in value) {
    if (isOdd) return { step: fieldId(1) };
    const isThere = value.entries.length > 0 && random.chance(0.6);
    const key = isThere ? random.pick(value.entries)[0] : randomPlain(random, 1, value.keyType);
    return { step: stepOf(random, key, protocol), key };
  }
  return random.chance(0.05) ? { step: fieldId(1) } : undefined;
}

/** A step for a key, in one of its forms. */
function stepOf(random: Random, key: Plain, protocol: Protocol): PathStep {
  if (!("value" in key)) return encode(key, protocol);
  const { type, value } = key;
  if (type === TType.STRING && value instanceof Uint8Array && value[0] !== 0xff && random.chance(0.5))
    return fromUtf8(value);
  const isInteger = type === TType.BYTE || type === TType.I16 || type === TType.I32;
  if (isInteger && random.chance(0.3)) return BigInt(value as number);
  return value;
}
