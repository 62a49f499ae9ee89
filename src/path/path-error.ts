import { ThriftError } from "../errors.ts";

/**
 * A path that cannot be: text that does not parse, a value that is no step, steps that no value of the type can have
 * (`INVALID_PATH`), that the data of a node cannot have (`TYPE_MISMATCH`), or with bytes that are no key of a map
 * (`INVALID_UTF8`, `INVALID_VALUE`); or a place on it: a parent or index that is not there (`NOT_FOUND`), a field that
 * may not be removed (`MISSING_REQUIRED`). `offset` counts in the text of a path that does not parse, else in the data.
 */
export class PathError extends ThriftError {
  override name = "PathError";
}
