import { ThriftError } from "../errors.ts";

/**
 * A path that cannot be: text that does not parse, a value that is no step, steps that no value of the type can have
 * (`INVALID_PATH`), or that the data of a node cannot have (`TYPE_MISMATCH`); or a parent on the path that is not there
 * (`NOT_FOUND`). `offset` counts in the text of a path that does not parse, else in the data.
 */
export class PathError extends ThriftError {
  override name = "PathError";
}
