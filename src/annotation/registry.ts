import type { Annotations } from "../descriptor/annotations.ts";
import { checkHttpMapping, checkValueMapping } from "../descriptor/check-mapping.ts";
import type { HttpMapping, ValueMapping } from "../descriptor/mapping.ts";
import type {
  AnnotationRegistry,
  NamingCase,
  ResolvedField,
  ResolvedMethod,
} from "../descriptor/registry.ts";
import type { FieldMappings, StreamingMode } from "../descriptor/types.ts";
import { ThriftError } from "../errors.ts";
import { checkOptions, describe } from "../options.ts";
import { jsonNameInGoTag } from "./go-tag.ts";
import { endpointsIn, httpMappingOf } from "./http.ts";
import { applyNaming, namingIn } from "./naming.ts";

/**
 * Gives an annotation its meaning for one field, or `undefined` when it means nothing there.
 * `values` are the values of the key in textual order, at least one; a key without a value has `"1"`.
 */
export type AnnotationResolver<T> = (values: readonly string[], fieldName: string) => T | undefined;

/** Annotations of your own, by their key. Keys are matched without regard to case. */
export interface AnnotationRegistryOptions {
  /** Annotations that give a field its JSON key. They come before the built-in ones. */
  readonly keys?: Readonly<Record<string, AnnotationResolver<string>>>;
  /** Annotations that change how a field's value crosses. The first one of a field, in textual order, counts. */
  readonly values?: Readonly<Record<string, AnnotationResolver<ValueMapping>>>;
  /** Annotations that place a field in an HTTP message. All of a field count. */
  readonly http?: Readonly<Record<string, AnnotationResolver<HttpMapping>>>;
}

/**
 * A registry with the built-in annotations and, before them, those of `options`.
 *
 * ```ts
 * const annotations = createAnnotationRegistry({
 *   keys: { "my.key": ([key]) => key },
 *   values: {
 *     "my.mask": () => ({
 *       kind: "custom",
 *       name: "mask",
 *       jsonToThrift: (json, context) => context.fromJson(json),
 *       thriftToJson: () => '"***"',
 *     }),
 *   },
 * });
 * const idl = parseIdl(source, { annotations });
 * ```
 *
 * Built in:
 *
 * | annotation | on | meaning |
 * |---|---|---|
 * | `api.key="k"`, `agw.key="k"` | field | the JSON key |
 * | `go.tag='json:"k"'` | field | the JSON key, where no `*.key` gives one |
 * | `agw.to_snake`, `agw.to_lower_camel_case` | service, method, struct, field | spelling of JSON keys that nothing else gives; `"false"` ends it |
 * | `api.none` | field | absent in responses |
 * | `dynamicgo.deprecated`, `agw.target="ignore"` | field | absent everywhere |
 * | `api.js_conv`, `agw.js_conv` | field | numbers cross as JSON strings |
 * | `agw.body_dynamic` | field | a string that carries JSON text |
 * | `api.query`, `.path`, `.header`, `.cookie`, `.body`, `.form`, `.raw_body`, `.raw_uri`, `.http_code`, `.no_body_struct` | field | place in an HTTP message |
 * | `agw.source`, `agw.target` | field | the same, under the JSON key |
 * | `api.get="/path"`, `.post`, `.put`, `.delete`, `.patch`, `.head`, `.options`, `.connect`, `.trace` | method | an endpoint |
 * | `streaming.mode` | method | `unary`, `client`, `server` or `bidirectional` |
 *
 * `janus.source`, `janus.target` and `janus.to_*` mean the same as `agw.*`. Other annotations mean nothing.
 *
 * Throws `ThriftError` `INVALID_OPTION` for options that are no resolver functions. What a resolver gives is checked when
 * it is asked: anything but `undefined` and what its type says fails `parseIdl` with `INVALID_OPTION`.
 */
export function createAnnotationRegistry(options: AnnotationRegistryOptions = {}): AnnotationRegistry {
  checkOptions("createAnnotationRegistry", options, ["keys", "values", "http"]);
  return new Registry(
    resolversOf("keys", options.keys),
    resolversOf("values", options.values),
    resolversOf("http", options.http),
  );
}

type Resolvers<T> = ReadonlyMap<string, AnnotationResolver<T>>;

function resolversOf<T>(
  name: string,
  resolvers: Readonly<Record<string, AnnotationResolver<T>>> | undefined,
): Resolvers<T> {
  const byKey = new Map<string, AnnotationResolver<T>>();
  for (const [key, resolver] of Object.entries(resolvers ?? {})) {
    if (typeof resolver !== "function") {
      throw new ThriftError("INVALID_OPTION", `option \`${name}\`: \`${key}\` must be a function`);
    }
    byKey.set(key.toLowerCase(), resolver);
  }
  return byKey;
}

const NO_MAPPINGS: FieldMappings = Object.freeze({ http: Object.freeze([]) });

const STRING_NUMBERS: ValueMapping = Object.freeze({ kind: "string-numbers" });
const RAW_JSON: ValueMapping = Object.freeze({ kind: "raw-json" });

const VALUE_MAPPINGS: ReadonlyMap<string, ValueMapping> = new Map<string, ValueMapping>([
  ["api.js_conv", STRING_NUMBERS],
  ["agw.js_conv", STRING_NUMBERS],
  ["agw.body_dynamic", RAW_JSON],
]);

const STREAMING_MODES: ReadonlyMap<string, StreamingMode> = new Map<string, StreamingMode>([
  ["unary", "none"],
  ["client", "client"],
  ["server", "server"],
  ["bidirectional", "bidirectional"],
]);

class Registry implements AnnotationRegistry {
  readonly #keys: Resolvers<string>;
  readonly #values: Resolvers<ValueMapping>;
  readonly #http: Resolvers<HttpMapping>;

  constructor(keys: Resolvers<string>, values: Resolvers<ValueMapping>, http: Resolvers<HttpMapping>) {
    this.#keys = keys;
    this.#values = values;
    this.#http = http;
  }

  resolveField(name: string, annotations: Annotations, naming: NamingCase | undefined): ResolvedField {
    if (annotations.size === 0) {
      const alias = naming === undefined ? name : applyNaming(name, naming);
      return { alias, removed: "never", mappings: NO_MAPPINGS };
    }
    const ownNaming = namingIn(annotations, naming);
    const spelt = ownNaming === undefined ? name : applyNaming(name, ownNaming);
    const explicit = this.#explicitKey(name, annotations);
    return {
      alias: explicit ?? goTagKey(annotations) ?? spelt,
      removed: removedBy(annotations),
      // A Go tag names the JSON key only; HTTP keys ignore it, as in dynamicgo.
      mappings: this.#mappings(name, annotations, explicit ?? spelt),
    };
  }

  resolveMethod(_name: string, annotations: Annotations): ResolvedMethod {
    let streaming: StreamingMode = "none";
    for (const [key, [value = ""]] of annotations) {
      if (key.toLowerCase() === "streaming.mode") {
        const mode = STREAMING_MODES.get(value);
        if (mode === undefined) {
          throw new ThriftError(
            "INVALID_IDL",
            `\`streaming.mode\` must be ${[...STREAMING_MODES.keys()].join(", ")}, got \`${value}\``,
          );
        }
        streaming = mode;
      }
    }
    return { streaming, endpoints: endpointsIn(annotations) };
  }

  resolveNaming(annotations: Annotations, inherited: NamingCase | undefined): NamingCase | undefined {
    return namingIn(annotations, inherited);
  }

  #explicitKey(name: string, annotations: Annotations): string | undefined {
    let builtIn: string | undefined;
    for (const [key, values] of annotations) {
      const lowerKey = key.toLowerCase();
      const own = this.#keys.get(lowerKey)?.(values, name);
      if (own !== undefined) {
        checkKey(answerOf("keys", key, name), own);
        return own;
      }
      // Two values contradict each other; dynamicgo takes neither.
      if ((lowerKey === "api.key" || lowerKey === "agw.key") && values.length === 1) {
        builtIn ??= values[0];
      }
    }
    return builtIn;
  }

  #mappings(name: string, annotations: Annotations, jsonKey: string): FieldMappings {
    let value: ValueMapping | undefined;
    const http: HttpMapping[] = [];
    for (const [key, values] of annotations) {
      const lowerKey = key.toLowerCase();
      value ??= this.#ownValue(key, values, name) ?? VALUE_MAPPINGS.get(lowerKey);
      const mapping = this.#ownHttp(key, values, name) ?? httpMappingOf(lowerKey, values, jsonKey);
      if (mapping !== undefined) {
        http.push(mapping);
      }
    }
    if (value === undefined) {
      return http.length === 0 ? NO_MAPPINGS : { http };
    }
    return { value, http };
  }

  #ownValue(key: string, values: readonly string[], name: string): ValueMapping | undefined {
    const mapping = this.#values.get(key.toLowerCase())?.(values, name);
    if (mapping !== undefined) checkValueMapping(answerOf("values", key, name), mapping);
    return mapping;
  }

  #ownHttp(key: string, values: readonly string[], name: string): HttpMapping | undefined {
    const mapping = this.#http.get(key.toLowerCase())?.(values, name);
    if (mapping !== undefined) checkHttpMapping(answerOf("http", key, name), mapping);
    return mapping;
  }
}

/** Names what a resolver gave, for messages. */
function answerOf(option: keyof AnnotationRegistryOptions, key: string, fieldName: string): string {
  return `option \`${option}\`: what \`${key}\` gives for the field \`${fieldName}\``;
}

function checkKey(subject: string, key: unknown): void {
  if (typeof key !== "string") {
    throw new ThriftError("INVALID_OPTION", `${subject} must be a string or undefined, got ${describe(key)}`);
  }
}

function goTagKey(annotations: Annotations): string | undefined {
  for (const [key, values] of annotations) {
    if (key.toLowerCase() === "go.tag") {
      for (const tag of values) {
        const name = jsonNameInGoTag(tag);
        if (name !== undefined) {
          return name;
        }
      }
    }
  }
  return undefined;
}

function removedBy(annotations: Annotations): ResolvedField["removed"] {
  let removed: ResolvedField["removed"] = "never";
  for (const [key, values] of annotations) {
    switch (key.toLowerCase()) {
      case "dynamicgo.deprecated":
        return "always";
      case "agw.target":
      case "janus.target":
        if (values[0]?.toLowerCase() === "ignore") {
          return "always";
        }
        break;
      case "api.none":
        removed = "response";
        break;
    }
  }
  return removed;
}

/** The registry that is in force where the IDL options give none. */
export const builtinAnnotations: AnnotationRegistry = createAnnotationRegistry();
