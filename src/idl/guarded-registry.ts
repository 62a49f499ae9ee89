import type { Annotations } from "../descriptor/annotations.ts";
import { checkHttpMapping, checkValueMapping } from "../descriptor/check-mapping.ts";
import type {
  AnnotationRegistry,
  NamingCase,
  ResolvedField,
  ResolvedMethod,
} from "../descriptor/registry.ts";
import type { StreamingMode } from "../descriptor/types.ts";
import { isThriftError, ThriftError } from "../errors.ts";
import { describe } from "../options.ts";

/**
 * A registry of the caller, whose foreign errors become `ThriftError` `FAILED_MAPPING`, with their cause. What it
 * answers is checked, as hidden fields depend on it: `ThriftError` `INVALID_OPTION`.
 */
export class GuardedRegistry implements AnnotationRegistry {
  readonly #registry: AnnotationRegistry;

  constructor(registry: AnnotationRegistry) {
    this.#registry = registry;
  }

  resolveField(name: string, annotations: Annotations, naming: NamingCase | undefined): ResolvedField {
    let resolved: ResolvedField;
    try {
      resolved = this.#registry.resolveField(name, annotations, naming);
    } catch (error) {
      throw wrapped(error, `field \`${name}\``);
    }
    checkField(`the annotation registry, for the field \`${name}\``, resolved);
    return resolved;
  }

  resolveMethod(name: string, annotations: Annotations): ResolvedMethod {
    let resolved: ResolvedMethod;
    try {
      resolved = this.#registry.resolveMethod(name, annotations);
    } catch (error) {
      throw wrapped(error, `method \`${name}\``);
    }
    checkMethod(`the annotation registry, for the method \`${name}\``, resolved);
    return resolved;
  }

  resolveNaming(annotations: Annotations, inherited: NamingCase | undefined): NamingCase | undefined {
    let naming: NamingCase | undefined;
    try {
      naming = this.#registry.resolveNaming(annotations, inherited);
    } catch (error) {
      throw wrapped(error, "a naming case");
    }
    if (naming !== undefined) checkWord("the annotation registry", "the naming case", naming, NAMINGS);
    return naming;
  }
}

function wrapped(error: unknown, what: string): ThriftError {
  return isThriftError(error)
    ? error
    : new ThriftError("FAILED_MAPPING", `the annotation registry failed for ${what}`, { cause: error });
}

const REMOVED: readonly unknown[] = ["never", "response", "always"] satisfies ResolvedField["removed"][];
const STREAMING: readonly unknown[] = ["none", "client", "server", "bidirectional"] satisfies StreamingMode[];
const NAMINGS: readonly unknown[] = ["snake", "lower-camel"] satisfies NamingCase[];

function checkField(subject: string, resolved: Partial<ResolvedField> | null): void {
  const { alias, removed, mappings } = resolved ?? {};
  if (typeof alias !== "string") throw wrong(subject, "`alias`", "a string", alias);
  checkWord(subject, "`removed`", removed, REMOVED);
  const { value, http } = mappings ?? {};
  if (!Array.isArray(http)) throw wrong(subject, "`mappings.http`", "an array", http);
  if (value !== undefined) checkValueMapping(`${subject}: \`mappings.value\``, value);
  for (const mapping of http) checkHttpMapping(`${subject}: a member of \`mappings.http\``, mapping);
}

function checkMethod(subject: string, resolved: Partial<ResolvedMethod> | null): void {
  const { streaming, endpoints } = resolved ?? {};
  checkWord(subject, "`streaming`", streaming, STREAMING);
  if (!Array.isArray(endpoints)) throw wrong(subject, "`endpoints`", "an array", endpoints);
}

function checkWord(subject: string, member: string, value: unknown, words: readonly unknown[]): void {
  if (!words.includes(value)) throw wrong(subject, member, `one of ${words.join(", ")}`, value);
}

function wrong(subject: string, member: string, wanted: string, value: unknown): ThriftError {
  return new ThriftError("INVALID_OPTION", `${subject}: ${member} must be ${wanted}, got ${describe(value)}`);
}
