import { ThriftError } from "../errors.ts";
import { withHint } from "../hint.ts";
import { checkString, shorten } from "../options.ts";
import type { Annotations } from "./annotations.ts";
import type { MethodDescriptor, ServiceDescriptor } from "./types.ts";

/** What a service is made of. */
export interface ServiceParts {
  readonly name: string;
  readonly extends: ServiceDescriptor | undefined;
  readonly annotations: Annotations;
  readonly doc: string | undefined;
  /** Called once, when the methods are first needed: own methods first, then inherited ones. */
  readonly methods: () => readonly MethodDescriptor[];
}

class Service implements ServiceDescriptor {
  readonly name: string;
  readonly extends: ServiceDescriptor | undefined;
  readonly annotations: Annotations;
  readonly doc: string | undefined;
  readonly #build: () => readonly MethodDescriptor[];
  #methods: readonly MethodDescriptor[] | undefined;
  #byName: ReadonlyMap<string, MethodDescriptor> | undefined;

  constructor(parts: ServiceParts) {
    this.name = parts.name;
    this.extends = parts.extends;
    this.annotations = parts.annotations;
    this.doc = parts.doc;
    this.#build = parts.methods;
  }

  get methods(): readonly MethodDescriptor[] {
    return (this.#methods ??= this.#build());
  }

  method(name: string): MethodDescriptor {
    checkString("service.method", "the name", name);
    this.#byName ??= new Map(this.methods.map((method) => [method.name, method]));
    const method = this.#byName.get(name);
    if (method === undefined) {
      const message = `service \`${this.name}\` has no method \`${shorten(name)}\``;
      throw new ThriftError("NOT_FOUND", withHint(message, name, this.#byName.keys()));
    }
    return method;
  }
}

export function createService(parts: ServiceParts): ServiceDescriptor {
  return new Service(parts);
}
