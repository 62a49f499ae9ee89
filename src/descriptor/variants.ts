import type { ContainerTypes } from "./container.ts";
import { createField } from "./field.ts";
import type { AnnotationRegistry, NamingCase } from "./registry.ts";
import { createStruct, type FieldKeys } from "./struct.ts";
import type { FieldDescriptor, StructDescriptor, TypeDescriptor } from "./types.ts";

/** What a type is used for; `plain` is what `idl.struct()` gives, and what requests and exceptions use. */
export type Use = "plain" | "response";

/**
 * Makes the variants of types that depend on the method using them:
 *
 * - in responses, fields marked `api.none` are absent, at every depth;
 * - a naming case that the service or the method puts in force renames the direct fields of the structs
 *   that are its arguments and results (also as elements of containers), but not of structs inside those.
 *
 * Where neither makes a difference the variant is the given type itself. Variants are made once; their
 * fields are built on first use, so recursive types end.
 */
export class TypeVariants {
  readonly #registry: AnnotationRegistry;
  readonly #fieldKeys: FieldKeys;
  readonly #containers: ContainerTypes;
  /** Per struct, its variants by use and naming case. */
  readonly #variants = new Map<StructDescriptor, Map<string, StructDescriptor>>();
  /** Whether a field that is absent in responses can be reached from a struct. */
  readonly #reachesRemoved = new Map<StructDescriptor, boolean>();

  constructor(registry: AnnotationRegistry, fieldKeys: FieldKeys, containers: ContainerTypes) {
    this.#registry = registry;
    this.#fieldKeys = fieldKeys;
    this.#containers = containers;
  }

  /** `naming` is the case in force around the type, from the method or the service. */
  of(type: TypeDescriptor, use: Use, naming: NamingCase | undefined): TypeDescriptor {
    switch (type.kind) {
      case "list":
      case "set": {
        const element = this.of(type.element, use, naming);
        return element === type.element ? type : this.#containers[type.kind](element);
      }
      case "map": {
        const key = this.of(type.key, use, naming);
        const value = this.of(type.value, use, naming);
        return key === type.key && value === type.value ? type : this.#containers.map(key, value);
      }
      case "struct":
        return this.#ofStruct(type, use, naming);
      default:
        return type;
    }
  }

  #ofStruct(struct: StructDescriptor, use: Use, naming: NamingCase | undefined): StructDescriptor {
    const removes = use === "response" && this.#canReachRemoved(struct);
    const renames = naming !== undefined && this.#renames(struct, naming);
    if (!removes && !renames) {
      return struct;
    }
    const key = `${removes} ${renames ? naming : ""}`;
    let variants = this.#variants.get(struct);
    if (variants === undefined) {
      variants = new Map();
      this.#variants.set(struct, variants);
    }
    let variant = variants.get(key);
    if (variant === undefined) {
      variant = this.#create(struct, removes, renames ? naming : undefined);
      variants.set(key, variant);
    }
    return variant;
  }

  #create(struct: StructDescriptor, removes: boolean, naming: NamingCase | undefined): StructDescriptor {
    return createStruct({
      flavor: struct.flavor,
      role: struct.role,
      name: struct.name,
      fileName: struct.fileName,
      annotations: struct.annotations,
      doc: struct.doc,
      fieldKeys: this.#fieldKeys,
      fields: (parent) => this.#createFields(parent, struct, removes, naming),
    });
  }

  #createFields(
    parent: StructDescriptor,
    struct: StructDescriptor,
    removes: boolean,
    naming: NamingCase | undefined,
  ): readonly FieldDescriptor[] {
    const use = removes ? "response" : "plain";
    const ownNaming = this.#registry.resolveNaming(struct.annotations, naming);
    const fields: FieldDescriptor[] = [];
    for (const field of struct.fields) {
      const resolved = this.#registry.resolveField(field.name, field.annotations, ownNaming);
      if (removes && resolved.removed === "response") {
        continue;
      }
      fields.push(
        createField(parent, {
          ...field,
          alias: resolved.alias,
          mappings: naming === undefined ? field.mappings : resolved.mappings,
          type: this.of(field.type, use, undefined),
        }),
      );
    }
    return fields;
  }

  #renames(struct: StructDescriptor, naming: NamingCase): boolean {
    const ownNaming = this.#registry.resolveNaming(struct.annotations, naming);
    if (ownNaming === this.#registry.resolveNaming(struct.annotations, undefined)) {
      return false;
    }
    return struct.fields.some((field) => {
      const { alias, mappings } = this.#registry.resolveField(field.name, field.annotations, ownNaming);
      return (
        alias !== field.alias ||
        mappings.http.some((mapping, index) => mapping.key !== field.mappings.http[index]?.key)
      );
    });
  }

  /**
   * Explores what is reachable from `start` and not yet decided, then propagates from the structs with
   * removed fields backwards along the edges. Each struct is explored once, whatever the number of calls,
   * and without recursion.
   */
  #canReachRemoved(start: StructDescriptor): boolean {
    const known = this.#reachesRemoved.get(start);
    if (known !== undefined) {
      return known;
    }
    const users = new Map<StructDescriptor, StructDescriptor[]>([[start, []]]);
    const positive: StructDescriptor[] = [];
    // A Map iterates over entries that are added meanwhile.
    for (const struct of users.keys()) {
      if (this.#hasRemoved(struct)) {
        positive.push(struct);
      }
      for (const field of struct.fields) {
        for (const used of structsIn(field.type)) {
          const decided = this.#reachesRemoved.get(used);
          if (decided === true) {
            positive.push(struct);
          } else if (decided === undefined) {
            const usersOfUsed = users.get(used);
            if (usersOfUsed === undefined) {
              users.set(used, [struct]);
            } else {
              usersOfUsed.push(struct);
            }
          }
        }
      }
    }
    for (let struct = positive.pop(); struct !== undefined; struct = positive.pop()) {
      if (!this.#reachesRemoved.has(struct)) {
        this.#reachesRemoved.set(struct, true);
        for (const user of users.get(struct) ?? []) {
          positive.push(user);
        }
      }
    }
    for (const struct of users.keys()) {
      if (!this.#reachesRemoved.has(struct)) {
        this.#reachesRemoved.set(struct, false);
      }
    }
    return this.#reachesRemoved.get(start) === true;
  }

  #hasRemoved(struct: StructDescriptor): boolean {
    return struct.fields.some(
      (field) => this.#registry.resolveField(field.name, field.annotations, undefined).removed === "response",
    );
  }
}

/** The structs that a type holds directly or in its containers. Container nesting is bounded by the linker. */
function* structsIn(type: TypeDescriptor): Generator<StructDescriptor> {
  switch (type.kind) {
    case "struct":
      yield type;
      break;
    case "list":
    case "set":
      yield* structsIn(type.element);
      break;
    case "map":
      yield* structsIn(type.key);
      yield* structsIn(type.value);
      break;
  }
}
