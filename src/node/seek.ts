import { encodeUtf8, isWellFormed, writeUtf8 } from "../bytes/utf8.ts";
import type { PathStep } from "../path/step.ts";
import { STRING } from "../wire/binary-parts.ts";
import type { ResolvedLimits } from "../wire/limits.ts";
import { entriesLeft, seekTextKey } from "../wire/skip-binary.ts";
import type { TType } from "../wire/ttype.ts";
import { matcherOf } from "./key.ts";
import { giveBack, takeReader } from "./reader.ts";

/** What `seekKey` has left to look at: the entries from the one it stopped at on; 0 when it found none. */
export let keysLeft = 0;

/**
 * Looks for a key among `length` map entries from `pos` on, in the binary protocol. Returns where its value starts and
 * sets `keysLeft`; the position behind the entries when there is none. `depth`: structs and containers that keys and
 * values may open. `keyProblem` has been asked.
 */
export function seekKey(
  bytes: Uint8Array,
  pos: number,
  end: number,
  length: number,
  keyType: number,
  valueType: number,
  step: PathStep,
  limits: ResolvedLimits,
  depth: number,
): number {
  if (keyType === STRING) {
    const value = seekText(bytes, pos, end, length, step as string | Uint8Array, valueType, depth);
    keysLeft = entriesLeft;
    return value;
  }
  const reader = takeReader("binary", bytes, pos, end, limits);
  reader.depth = limits.maxDepth - depth;
  reader.keyType = keyType as TType;
  const match = matcherOf(step, keyType);
  let left = length;
  while (left > 0 && !match(reader, step)) {
    reader.skip(valueType as TType);
    left--;
  }
  keysLeft = left;
  const { position } = reader;
  giveBack(reader);
  return position;
}

/** Text with so many UTF-16 units is encoded in scratch memory. */
const SCRATCH_LENGTH = 64;
const SCRATCH = new Uint8Array(3 * SCRATCH_LENGTH);

/** The size of what no key is. */
const NO_KEY = -1;

/** `seekTextKey` for a key that may be given as text; of which a lone surrogate makes one that no key is. */
function seekText(
  bytes: Uint8Array,
  pos: number,
  end: number,
  length: number,
  key: string | Uint8Array,
  valueType: number,
  depth: number,
): number {
  if (typeof key !== "string") {
    return seekTextKey(bytes, pos, end, length, key, key.length, valueType, depth);
  }
  if (key.length <= SCRATCH_LENGTH) {
    const size = writeUtf8(key, SCRATCH, 0);
    return seekTextKey(bytes, pos, end, length, SCRATCH, size, valueType, depth);
  }
  if (!isWellFormed(key)) return seekTextKey(bytes, pos, end, length, SCRATCH, NO_KEY, valueType, depth);
  const encoded = encodeUtf8(key);
  return seekTextKey(bytes, pos, end, length, encoded, encoded.length, valueType, depth);
}
