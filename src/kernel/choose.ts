import { ThriftError } from "../errors.ts";
import { describe } from "../options.ts";
import { hasKernel, MAX_KERNEL_DEPTH } from "./kernel.ts";

/** Which engine a converter is to use. `auto`: the kernel wherever it can run. */
export type KernelOption = "auto" | "wasm" | "typescript";

export const KERNEL_OPTIONS: readonly [KernelOption, ...KernelOption[]] = ["auto", "wasm", "typescript"];

/** The environment variable that decides instead of the option, wherever there is an environment. */
const VARIABLE = "DYNAMIC_THRIFT_KERNEL";

/**
 * Whether a converter uses the kernel. `obstacle` says why its program cannot run there, if so. Throws
 * `INVALID_OPTION` where the option asks for the kernel and it cannot run, and for an environment variable that is no
 * engine. An environment that asks for the kernel never makes a converter fail.
 */
export function choosesKernel(
  caller: string,
  option: KernelOption,
  obstacle: string | undefined,
  maxDepth: number,
): boolean {
  const forced = readEnvironment();
  if ((forced ?? option) === "typescript") return false;
  const reason =
    obstacle ??
    (maxDepth > MAX_KERNEL_DEPTH
      ? `\`limits.maxDepth\` is more than ${MAX_KERNEL_DEPTH}`
      : hasKernel()
        ? undefined
        : "this runtime has no WebAssembly with SIMD, or forbids to compile it");
  if (reason === undefined) return true;
  if (forced === undefined && option === "wasm") {
    throw new ThriftError("INVALID_OPTION", `${caller}: \`kernel: "wasm"\` is impossible: ${reason}`);
  }
  return false;
}

function readEnvironment(): KernelOption | undefined {
  const value = readVariable();
  if (value === undefined || value === "") return undefined;
  const known = KERNEL_OPTIONS.find((option) => option === value);
  if (known !== undefined) return known;
  const words = KERNEL_OPTIONS.map((word) => `"${word}"`).join(", ");
  throw new ThriftError(
    "INVALID_OPTION",
    `the environment variable ${VARIABLE} must be one of ${words}, got ${describe(value)}`,
  );
}

/** The text of the variable; `undefined` too where nobody may read the environment. */
function readVariable(): string | undefined {
  try {
    return (globalThis as { process?: { env?: Record<string, string | undefined> } }).process?.env?.[
      VARIABLE
    ];
  } catch {
    // Deno throws without `--allow-env`.
    return undefined;
  }
}
