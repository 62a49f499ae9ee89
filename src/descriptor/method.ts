import type { Annotations } from "./annotations.ts";
import type { HttpEndpoint } from "./mapping.ts";
import type {
  FieldDescriptor,
  MethodDescriptor,
  StreamingMode,
  StructDescriptor,
  TypeDescriptor,
} from "./types.ts";

/** The name of field 0 of every result struct, which carries the returned value. */
export const SUCCESS = "success";

/** What a method is made of, beside what follows from its result struct. */
export interface MethodParts {
  readonly name: string;
  readonly oneway: boolean;
  readonly streaming: StreamingMode;
  readonly args: StructDescriptor;
  readonly result: StructDescriptor;
  /** Whether the first field of `result` is the returned value. */
  readonly returns: boolean;
  readonly endpoints: readonly HttpEndpoint[];
  readonly annotations: Annotations;
  readonly doc: string | undefined;
}

class Method implements MethodDescriptor {
  readonly name: string;
  readonly oneway: boolean;
  readonly streaming: StreamingMode;
  readonly args: StructDescriptor;
  readonly result: StructDescriptor;
  readonly endpoints: readonly HttpEndpoint[];
  readonly annotations: Annotations;
  readonly doc: string | undefined;
  readonly #returns: boolean;
  #exceptions: readonly FieldDescriptor[] | undefined;

  constructor(parts: MethodParts) {
    this.name = parts.name;
    this.oneway = parts.oneway;
    this.streaming = parts.streaming;
    this.args = parts.args;
    this.result = parts.result;
    this.endpoints = parts.endpoints;
    this.annotations = parts.annotations;
    this.doc = parts.doc;
    this.#returns = parts.returns;
  }

  get returnType(): TypeDescriptor | undefined {
    return this.#returns ? this.result.fields[0]?.type : undefined;
  }

  get exceptions(): readonly FieldDescriptor[] {
    return (this.#exceptions ??= this.#returns ? this.result.fields.slice(1) : this.result.fields);
  }
}

export function createMethod(parts: MethodParts): MethodDescriptor {
  return new Method(parts);
}
