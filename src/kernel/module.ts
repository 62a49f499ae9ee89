import { decodeBase64 } from "../bytes/base64.ts";
import { KERNEL_BASE64 } from "./kernel.wasm.ts";

/** The exports of the module that `assembly/index.ts` is compiled to. Addresses and sizes are in bytes. */
export interface KernelExports {
  readonly dataEnd: { readonly value: number };
  /** Bytes behind the input that the kernel may read, the first of which is 0. */
  readonly PADDING: { readonly value: number };
  /** Bytes behind the last output position that a value may begin at. */
  readonly OUT_MARGIN: { readonly value: number };
  readonly setUp: (stackStart: number, inputStart: number, memoryEnd: number) => void;
  readonly jsonToThrift: KernelConversion;
  readonly thriftToJson: KernelConversion;
  /** Whether the last output of `thriftToJson` is all ASCII. */
  readonly isAscii: () => number;
  /** Transcodes the UTF-8 from `start` to `end` to UTF-16 at `target`; returns its end. */
  readonly toUtf16: (start: number, end: number, target: number) => number;
  /** Transcodes UTF-16 to UTF-8 likewise; 0 for a lone surrogate. */
  readonly fromUtf16: (start: number, end: number, target: number) => number;
}

/** Converts the input of `size` bytes. Returns the end of the output, or 0 (failed) or 1 (too large). */
export type KernelConversion = (program: number, size: number, maxDepth: number, maxLength: number) => number;

let module: WebAssembly.Module | undefined;
let isMissing = false;

/**
 * The compiled kernel; `undefined` where the runtime has no WebAssembly, no SIMD, or forbids to compile. Compiled by
 * the first call.
 */
export function kernelModule(): WebAssembly.Module | undefined {
  if (module !== undefined || isMissing) return module;
  try {
    module = new WebAssembly.Module(decodeBase64(KERNEL_BASE64));
  } catch {
    isMissing = true;
  }
  return module;
}
