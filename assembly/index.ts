import { jsonToThrift as readJson } from "./json-to-thrift";
import { OUT_MARGIN, PADDING, TOO_LARGE } from "./memory";
import { thriftToJson as readThrift } from "./thrift-to-json";

export { OUT_MARGIN, PADDING } from "./memory";
export { fromUtf16 } from "./from-utf16";
export { isAscii } from "./thrift-to-json";
export { toUtf16 } from "./to-utf16";

/** What the host calls: `src/kernel/instance.ts`. */

let stack: usize = 0;
let input: usize = 0;
let end: usize = 0;

/** Where the memory begins that the module does not use itself. */
export const dataEnd: usize = __heap_base;

/** Where stack and input begin, and where the memory ends. Called once. */
export function setUp(stackStart: usize, inputStart: usize, memoryEnd: usize): void {
  stack = stackStart;
  input = inputStart;
  end = memoryEnd;
}

/** Where the output of an input that ends at `inputEnd` begins. */
function outputOf(inputEnd: usize): usize {
  return (inputEnd + PADDING + 15) & ~15;
}

/**
 * Converts the JSON text of `size` bytes by the program at an address. Returns the end of the output, or `FAILED` or
 * `TOO_LARGE`.
 */
export function jsonToThrift(program: usize, size: usize, maxDepth: i32, maxLength: u32): usize {
  const inputEnd = input + size;
  store<u8>(inputEnd, 0);
  // A string is written without another look at the limit, and is never longer than the input.
  return clearBehind(readJson(
    program, stack, input, input, inputEnd, outputOf(inputEnd), end - OUT_MARGIN - size, maxDepth, maxLength,
  ));
}

/** Converts the encoded value of `size` bytes likewise. */
export function thriftToJson(program: usize, size: usize, maxDepth: i32, maxLength: u32): usize {
  const inputEnd = input + size;
  store<u8>(inputEnd, 0);
  return clearBehind(
    readThrift(program, stack, input, input, inputEnd, outputOf(inputEnd), end - OUT_MARGIN, maxDepth, maxLength),
  );
}

/** The host copies whole words: what follows the output in its last one must not be of another message. */
function clearBehind(outputEnd: usize): usize {
  if (outputEnd > TOO_LARGE) store<u64>(outputEnd, 0);
  return outputEnd;
}
