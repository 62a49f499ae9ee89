import { ThriftError } from "../errors.ts";
import { checkOptions, oneOf } from "../options.ts";

export interface SetOptions {
  /**
   * Makes the structs, maps and elements on the way that are not there, empty but for what is put into them. Without it
   * a missing parent is `NOT_FOUND`. Default false.
   */
  readonly createParents?: boolean;
  /**
   * What is done where the path leads to nothing: `insert` as `set` says, or `skip`: the value stays as it is, as it does
   * for a missing parent and an index beyond the length. Default `insert`.
   */
  readonly missing?: "insert" | "skip";
}

/** What `set` does where a path leads to nothing. */
export type Missing = "insert" | "skip" | "create";

export interface DeleteOptions {
  /** Fields that the IDL requires: an error, or removed like others. Default `error`. */
  readonly required?: "error" | "remove";
}

/** Checks the options of `set`. */
export function resolveSet(options: SetOptions | undefined): Missing {
  if (options === undefined) return "insert";
  checkOptions("set", options, ["createParents", "missing"]);
  const { createParents = false } = options;
  const missing = oneOf("missing", options.missing, ["insert", "skip"]) ?? "insert";
  if (typeof createParents !== "boolean") {
    throw new ThriftError("INVALID_OPTION", "option `createParents` must be a boolean");
  }
  if (!createParents) return missing;
  if (missing === "insert") return "create";
  const message = 'option `createParents` makes what is missing, and `missing: "skip"` leaves it out';
  throw new ThriftError("INVALID_OPTION", message);
}

/** Checks the options of `delete`; returns whether required fields are removed like others. */
export function removesRequired(options: DeleteOptions | undefined): boolean {
  checkOptions("delete", options, ["required"]);
  return oneOf("required", options?.required, ["error", "remove"]) === "remove";
}
