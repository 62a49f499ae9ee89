import { builtinAnnotations } from "../annotation/registry.ts";
import type { AnnotationRegistry } from "../descriptor/registry.ts";
import type { FieldKeys } from "../descriptor/struct.ts";
import { ThriftError } from "../errors.ts";
import { withHint } from "../hint.ts";
import { checkOptions, describe, oneOf } from "../options.ts";
import { GuardedRegistry } from "./guarded-registry.ts";
import type { IncludedSource } from "./includes.ts";
import type { ServiceChoice } from "./select-service.ts";

/** How IDL is loaded and what becomes of it. An unknown name throws `INVALID_OPTION`. */
export interface IdlOptions {
  /** What `parseIdl` calls the root file, and where its includes are relative to. Default `main.thrift`. */
  readonly fileName?: string;
  /** Text of files that can be included, by name. These come before files on disk. */
  readonly sources?: Readonly<Record<string, string>> | ReadonlyMap<string, string>;
  /** Asked first for every include; `undefined` leaves it to the other ways. More than 10,000 files are an error. */
  readonly resolveInclude?: (include: string, fromFile: string) => IncludedSource | undefined;
  /** Directories to search when an include is not found relative to the including file. */
  readonly includeDirs?: readonly string[];
  /** Stops `loadIdl`, which then rejects with the reason of the signal. */
  readonly signal?: AbortSignal;
  /**
   * What `idl.service()` gives when the root file has several services: the last one (default), the first
   * one, the named one, or one service `CombinedServices` with the methods of all.
   */
  readonly services?: "last" | "first" | "combine" | { readonly name: string };
  /** Describe only these methods, in all services. Default: all. */
  readonly methods?: readonly string[];
  /**
   * Which JSON keys find a field: its alias (default; the name where no annotation gives another), its
   * name, or both, where a name beats an alias. JSON output always has the alias.
   */
  readonly fieldKeys?: FieldKeys;
  /** What annotations mean. Default: the built-in ones; see `createAnnotationRegistry` for your own. */
  readonly annotations?: AnnotationRegistry;
}

const OPTION_NAMES: readonly (keyof IdlOptions)[] = [
  "fileName",
  "sources",
  "resolveInclude",
  "includeDirs",
  "signal",
  "services",
  "methods",
  "fieldKeys",
  "annotations",
];

/** The options with everything filled in that linking needs. */
export interface ResolvedIdlOptions extends IdlOptions {
  readonly services: ServiceChoice;
  readonly fieldKeys: FieldKeys;
  readonly annotations: AnnotationRegistry;
}

/** Throws `ThriftError` `INVALID_OPTION`; `caller` is the function whose options they are. */
export function resolveIdlOptions(caller: string, options: IdlOptions = {}): ResolvedIdlOptions {
  checkOptions(caller, options, OPTION_NAMES);
  const { fileName, sources, resolveInclude, includeDirs, signal, methods, annotations } = options;
  check("fileName", "a string", fileName, typeof fileName === "string");
  check("sources", "an object or a Map", sources, typeof sources === "object" && sources !== null);
  check("resolveInclude", "a function", resolveInclude, typeof resolveInclude === "function");
  check("includeDirs", "an array of strings", includeDirs, isStrings(includeDirs));
  check(
    "signal",
    "an AbortSignal",
    signal,
    typeof signal === "object" && signal !== null && "aborted" in signal,
  );
  check("methods", "an array of strings", methods, isStrings(methods));
  check("annotations", "an annotation registry", annotations, isRegistry(annotations));
  return Object.freeze({
    ...options,
    services: serviceChoice(options.services),
    fieldKeys: oneOf("fieldKeys", options.fieldKeys, ["alias", "name", "both"]) ?? "alias",
    annotations: annotations === undefined ? builtinAnnotations : new GuardedRegistry(annotations),
  });
}

function check(name: keyof IdlOptions, wanted: string, value: unknown, valid: boolean): void {
  if (value !== undefined && !valid) {
    throw new ThriftError("INVALID_OPTION", `option \`${name}\` must be ${wanted}, got ${describe(value)}`);
  }
}

function isStrings(value: unknown): boolean {
  return Array.isArray(value) && value.every((element) => typeof element === "string");
}

function isRegistry(value: unknown): boolean {
  const wanted: readonly (keyof AnnotationRegistry)[] = ["resolveField", "resolveMethod", "resolveNaming"];
  return (
    typeof value === "object" &&
    value !== null &&
    wanted.every((name) => typeof (value as Partial<AnnotationRegistry>)[name] === "function")
  );
}

const SERVICE_WORDS = ["last", "first", "combine"] as const;

function serviceChoice(value: IdlOptions["services"]): ServiceChoice {
  if (typeof value === "object" && value !== null) {
    checkOptions("option `services`", value, ["name"]);
    if (typeof value.name !== "string") {
      throw new ThriftError(
        "INVALID_OPTION",
        `option \`services.name\` must be a string, got ${describe(value.name)}`,
      );
    }
    return { name: value.name };
  }
  const word = value === undefined ? "last" : SERVICE_WORDS.find((candidate) => candidate === value);
  if (word === undefined) failServiceChoice(value);
  return word;
}

function failServiceChoice(value: unknown): never {
  const words = SERVICE_WORDS.map((word) => JSON.stringify(word)).join(", ");
  // A word that is none is mostly the name of a service.
  const named = `{ name: ${typeof value === "string" ? JSON.stringify(value) : "string"} }`;
  const message = `option \`services\` must be ${words} or ${named}, got ${describe(value)}`;
  throw new ThriftError(
    "INVALID_OPTION",
    typeof value === "string" ? withHint(message, value, SERVICE_WORDS) : message,
  );
}
