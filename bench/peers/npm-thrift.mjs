// What npm `thrift` does: its own TBinaryProtocol and TFramedTransport under the statements of its compiler, which
// npm-thrift-code.mjs writes. Values have `Buffer` for binary and `Int64` for i64, as there.
import Int64 from "node-int64";
import thrift from "thrift";
import { generateReader, generateWriter } from "./npm-thrift-code.mjs";

const { Thrift, TBinaryProtocol, TFramedTransport } = thrift;
const FRAME_HEADER_SIZE = 4;

/**
 * `Int64` calls `new Buffer(8)`. Node looks at the stack of so many of these calls of a process for a deprecation, at
 * 10 µs and more each, and no longer after that: services are past it soon, so measurements are too.
 */
const CHECKED_BUFFERS = 10_000;
let areBuffersChecked = false;

function passBufferChecks() {
  if (areBuffersChecked) return;
  areBuffersChecked = true;
  for (let i = 0; i <= CHECKED_BUFFERS; i++) new Int64(0);
}

/**
 * @param {import("../../dist/index.js").TypeDescriptor} type
 * @returns {{ decode(bytes: Buffer): unknown, encode(value: unknown): Buffer, skip(bytes: Buffer): unknown }}
 */
export function createNpmThrift(type) {
  passBufferChecks();
  const read = generateReader(type, Thrift);
  return {
    decode: (bytes) => read(open(bytes)),
    encode: createEncoder(type),
    skip(bytes) {
      const input = open(bytes);
      input.skip(type.ttype);
      return input;
    },
  };
}

function createEncoder(type) {
  const write = generateWriter(type, Thrift);
  return (value) => collect((output) => write(output, value));
}

function open(bytes) {
  return new TBinaryProtocol(new TFramedTransport(bytes));
}

/** Runs `write` over a fresh transport and gives the bytes without the frame header. */
function collect(write) {
  let bytes;
  const transport = new TFramedTransport(undefined, (frame) => {
    bytes = frame.subarray(FRAME_HEADER_SIZE);
  });
  const protocol = new TBinaryProtocol(transport);
  write(protocol);
  protocol.flush();
  return bytes;
}

/** A value with bigints in Thrift binary. */
export function encodeExactly(type, value) {
  return createEncoder(type)(withInt64(value));
}

/** The value with exact `Int64` objects where it holds bigints, which is what this library can write. */
function withInt64(value) {
  if (typeof value === "bigint") {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64BE(value);
    return new Int64(bytes);
  }
  if (Array.isArray(value)) return value.map(withInt64);
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, withInt64(member)]));
}
