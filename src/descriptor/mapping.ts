import type { Protocol } from "../wire/ttype.ts";
import type { FieldDescriptor } from "./types.ts";

/** What a value mapping gets to work with; valid only during the call. */
export interface MappingContext {
  readonly field: FieldDescriptor;
  /** The protocol of the Thrift side. */
  readonly protocol: Protocol;
}

export interface JsonToThriftContext extends MappingContext {
  /** Converts JSON text to the field's type by the ordinary rules; the encoded value without a field header. */
  fromJson(json: Uint8Array | string): Uint8Array;
}

export interface ThriftToJsonContext extends MappingContext {
  /** Converts an encoded value of the field's type to JSON text by the ordinary rules. */
  toJson(bytes: Uint8Array): string;
}

/**
 * How the value of one field crosses between JSON and Thrift, other than by the ordinary rules.
 *
 * The two built-in forms are known to the conversion program and run inside the machines:
 * - `string-numbers` (`api.js_conv`): numbers are written as JSON strings and read from strings or numbers.
 * - `raw-json` (`agw.body_dynamic`): a string field that carries JSON text, unquoted on the JSON side.
 *
 * A `custom` mapping is user code. Each function gets the value in the form that it is read from, JSON text or
 * encoded Thrift, as borrowed bytes, which must not be kept, and returns the other form. They may run other
 * converters. What they throw is wrapped into a `ThriftError` with code `FAILED_MAPPING`, unless it is a
 * `ThriftError` already.
 */
export type ValueMapping =
  | { readonly kind: "string-numbers" }
  | { readonly kind: "raw-json" }
  | {
      readonly kind: "custom";
      readonly name: string;
      /** JSON text of the value → encoded Thrift value (without a field header) in `context.protocol`. */
      readonly jsonToThrift: (json: Uint8Array, context: JsonToThriftContext) => Uint8Array;
      /** Encoded Thrift value → JSON text. */
      readonly thriftToJson: (bytes: Uint8Array, context: ThriftToJsonContext) => Uint8Array | string;
    };

/** Where in an HTTP message a field comes from or goes to. */
export type HttpPlace =
  | "query"
  | "path"
  | "header"
  | "cookie"
  | "body"
  | "form"
  | "raw_body"
  | "raw_uri"
  | "http_code"
  | "no_body_struct";

export interface HttpMapping {
  readonly place: HttpPlace;
  /** The key there; empty where the place has none. */
  readonly key: string;
}

export interface HttpEndpoint {
  /** Upper case: `GET`. */
  readonly method: string;
  readonly path: string;
}
