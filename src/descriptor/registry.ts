import type { Annotations } from "./annotations.ts";
import type { HttpEndpoint } from "./mapping.ts";
import type { FieldMappings, StreamingMode } from "./types.ts";

/** How generated JSON keys are spelt where no annotation of the field itself gives a key. */
export type NamingCase = "snake" | "lower-camel";

/** What the annotations of one field mean. */
export interface ResolvedField {
  /** The JSON key. */
  readonly alias: string;
  /**
   * Where the field does not exist: nowhere, in responses (`api.none`), or everywhere
   * (`dynamicgo.deprecated`). A removed field is an unknown field.
   */
  readonly removed: "never" | "response" | "always";
  readonly mappings: FieldMappings;
}

/** What the annotations of one method mean. */
export interface ResolvedMethod {
  readonly streaming: StreamingMode;
  readonly endpoints: readonly HttpEndpoint[];
}

/**
 * Gives annotations their meaning. A registry is passed in with the IDL options; nothing is registered
 * globally. It is asked when IDL is linked and when descriptors are built, for a field possibly more than
 * once (with different naming cases), and must always answer alike.
 *
 * A function throws `ThriftError` `INVALID_IDL` for annotations that make no sense, such as an unknown
 * streaming mode; that becomes a diagnostic. Anything else that it throws fails the call, as `FAILED_MAPPING`.
 */
export interface AnnotationRegistry {
  /** `naming` is the case inherited from the service, the method or the struct. */
  resolveField(name: string, annotations: Annotations, naming: NamingCase | undefined): ResolvedField;
  resolveMethod(name: string, annotations: Annotations): ResolvedMethod;
  /**
   * The naming case in force below a service, method or struct with these annotations, where `inherited` is
   * in force around it. `undefined` means that names stay as they are.
   */
  resolveNaming(annotations: Annotations, inherited: NamingCase | undefined): NamingCase | undefined;
}
