import type { Annotations } from "../descriptor/annotations.ts";
import type {
  AnnotationRegistry,
  NamingCase,
  ResolvedField,
  ResolvedMethod,
} from "../descriptor/registry.ts";
import { isThriftError, ThriftError } from "../errors.ts";

/** A registry of the caller, whose foreign errors become `ThriftError` `FAILED_MAPPING`, with their cause. */
export class GuardedRegistry implements AnnotationRegistry {
  readonly #registry: AnnotationRegistry;

  constructor(registry: AnnotationRegistry) {
    this.#registry = registry;
  }

  resolveField(name: string, annotations: Annotations, naming: NamingCase | undefined): ResolvedField {
    try {
      return this.#registry.resolveField(name, annotations, naming);
    } catch (error) {
      throw wrapped(error, `field \`${name}\``);
    }
  }

  resolveMethod(name: string, annotations: Annotations): ResolvedMethod {
    try {
      return this.#registry.resolveMethod(name, annotations);
    } catch (error) {
      throw wrapped(error, `method \`${name}\``);
    }
  }

  resolveNaming(annotations: Annotations, inherited: NamingCase | undefined): NamingCase | undefined {
    try {
      return this.#registry.resolveNaming(annotations, inherited);
    } catch (error) {
      throw wrapped(error, "a naming case");
    }
  }
}

function wrapped(error: unknown, what: string): ThriftError {
  return isThriftError(error)
    ? error
    : new ThriftError("FAILED_MAPPING", `the annotation registry failed for ${what}`, { cause: error });
}
