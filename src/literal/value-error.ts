import { ThriftError } from "../errors.ts";

/** A JavaScript value that does not fit its type descriptor. `path` says where in the value. */
export class ValueError extends ThriftError {
  override name = "ValueError";
}
