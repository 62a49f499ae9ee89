/** Writers look only at the end whether a message has fitted, and write a little beyond until then. */
const MARGIN = 64;

/** Memory for messages of at most that size. */
export function createScratch(size) {
  return Buffer.alloc(size + MARGIN);
}

export function viewOf({ buffer, byteOffset, length }) {
  return new DataView(buffer, byteOffset, length);
}
