import {
  type EnumDescriptor,
  type Idl,
  isThriftError,
  type ServiceDescriptor,
  type StructDescriptor,
  type TypeDescriptor,
} from "../index.ts";

/** `dir/shared.thrift` → `shared`, what names of that file are prefixed with where it is included. */
export function includePrefix(path: string): string {
  const baseName = path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
  const dot = baseName.lastIndexOf(".");
  return dot < 0 ? baseName : baseName.slice(0, dot);
}

/**
 * What the root file of an IDL calls types and services, as TYPE on the command line does: `base.User`,
 * `list<base.User>`. What the root file does not include has no such name: structs get the prefix of their own file,
 * enums and services, which do not know theirs, get none.
 */
export class TypeNames {
  readonly #idl: Idl;
  /** Of every include; the one that led to something last is first, as its neighbours are likely there too. */
  readonly #prefixes: string[];
  readonly #names = new Map<TypeDescriptor | ServiceDescriptor, string>();

  constructor(idl: Idl, prefixes: Iterable<string>) {
    this.#idl = idl;
    this.#prefixes = [...new Set(prefixes)];
  }

  ofType(type: TypeDescriptor): string {
    switch (type.kind) {
      case "list":
      case "set":
        return `${type.kind}<${this.ofType(type.element)}>`;
      case "map":
        return `map<${this.ofType(type.key)},${this.ofType(type.value)}>`;
      case "struct":
        return this.#nameOf(type, () => this.#findStruct(type));
      case "enum":
        return this.#nameOf(type, () => this.#findEnum(type));
      default:
        return type.name;
    }
  }

  ofService(service: ServiceDescriptor): string {
    return this.#nameOf(service, () => {
      if (this.#idl.services.get(service.name) === service) return service.name;
      return this.#withPrefix(service.name, (name) => this.#idl.service(name) === service) ?? service.name;
    });
  }

  #nameOf(owner: TypeDescriptor | ServiceDescriptor, find: () => string): string {
    let name = this.#names.get(owner);
    if (name === undefined) {
      name = find();
      this.#names.set(owner, name);
    }
    return name;
  }

  #findStruct(struct: StructDescriptor): string {
    // Methods have descriptors of their own of some structs.
    const isSame = (other: TypeDescriptor | undefined): boolean =>
      other?.kind === "struct" && other.name === struct.name && other.fileName === struct.fileName;
    if (isSame(this.#idl.structs.get(struct.name))) return struct.name;
    const prefix = includePrefix(struct.fileName);
    this.#moveToFront(prefix);
    return (
      this.#withPrefix(struct.name, (name) => isSame(this.#idl.type(name))) ?? `${prefix}.${struct.name}`
    );
  }

  #findEnum(type: EnumDescriptor): string {
    if (this.#idl.enums.get(type.name) === type) return type.name;
    return this.#withPrefix(type.name, (name) => this.#idl.type(name) === type) ?? type.name;
  }

  #withPrefix(local: string, matches: (name: string) => boolean): string | undefined {
    for (const prefix of this.#prefixes) {
      const name = `${prefix}.${local}`;
      try {
        if (!matches(name)) continue;
      } catch (error) {
        if (isThriftError(error)) continue;
        throw error;
      }
      this.#moveToFront(prefix);
      return name;
    }
    return undefined;
  }

  #moveToFront(prefix: string): void {
    const index = this.#prefixes.indexOf(prefix);
    if (index > 0) this.#prefixes.unshift(...this.#prefixes.splice(index, 1));
  }
}
