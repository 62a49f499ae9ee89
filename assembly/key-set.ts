import { hashBytes } from "./keys";
import { failMemory, setStackEnd, setStackTop, stackEnd, stackTop } from "./memory";

/**
 * The keys of a map in work, for the rule that none may occur twice: start and end of each key's bytes, in the free
 * part of the stack, compared when the map is complete. Maps inside it put theirs above, and take them away.
 *
 * ```
 * start u32 | end u32 | start | end | …      hash table of entry numbers + 1, while they are compared
 * ```
 */

/** Remembers a key. False when the stack is full. */
export function addKey(start: usize, end: usize): bool {
  const at = stackTop;
  if (at + 8 > stackEnd) {
    failMemory();
    return false;
  }
  store<u32>(at, <u32>start);
  store<u32>(at, <u32>end, 4);
  setStackTop(at + 8);
  return true;
}

/**
 * Moves the bytes of the key that was added last to the stack: the output that they stand in is taken back. False when
 * the stack is full.
 */
export function keepLastKey(): bool {
  const entry = stackTop - 8;
  const start = <usize>load<u32>(entry);
  const size = <usize>load<u32>(entry, 4) - start;
  // The entries must stay one behind the other: the bytes go to the other end.
  const at = stackEnd - size;
  if (size > stackEnd - stackTop) {
    failMemory();
    return false;
  }
  memory.copy(at, start, size);
  setStackEnd(at);
  store<u32>(entry, <u32>at);
  store<u32>(entry, <u32>(at + size), 4);
  return true;
}

/**
 * Who knows the hash can make keys that collide: after so many comparisons per key the kernel gives up, and the
 * TypeScript machine, whose hashes nobody can know, decides.
 */
const MAX_PROBES_PER_KEY: u32 = 16;

/** Forgets the keys from `first` on, and what stands behind `end`; true when they are all different. */
export function keysDiffer(first: usize, end: usize): bool {
  const count = <u32>((stackTop - first) >> 3);
  // The table goes between the entries and the bytes that have been kept.
  const table = stackTop;
  const room = stackEnd - table;
  setStackTop(first);
  setStackEnd(end);
  if (count < 2) return true;
  const slots: u32 = <u32>1 << (33 - clz(count - 1));
  const mask = slots - 1;
  if ((<usize>slots << 2) > room) {
    failMemory();
    return false;
  }
  memory.fill(table, 0, <usize>slots << 2);
  let probes = count * MAX_PROBES_PER_KEY;
  for (let i: u32 = 0; i < count; i++) {
    const entry = first + (<usize>i << 3);
    const start = <usize>load<u32>(entry);
    const size = <usize>load<u32>(entry, 4) - start;
    let slot = hashBytes(start, start + size) & mask;
    while (true) {
      const known = load<u32>(table + (<usize>slot << 2));
      if (known == 0) break;
      const other = first + (<usize>(known - 1) << 3);
      const otherStart = <usize>load<u32>(other);
      if (<usize>load<u32>(other, 4) - otherStart == size && memory.compare(otherStart, start, size) == 0) return false;
      slot = (slot + 1) & mask;
      if (--probes == 0) return false;
    }
    store<u32>(table + (<usize>slot << 2), i + 1);
  }
  return true;
}
