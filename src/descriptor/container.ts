import { TType } from "../wire/ttype.ts";
import type { ListDescriptor, MapDescriptor, SetDescriptor, TypeDescriptor } from "./types.ts";

/**
 * A name longer than this is cut where it is used inside another name: typedefs such as
 * `typedef map<T0, T0> T1` double it at every step.
 */
const MAX_INNER_NAME = 240;

function innerName(type: TypeDescriptor): string {
  const { name } = type;
  return name.length > MAX_INNER_NAME ? `${name.slice(0, MAX_INNER_NAME)}…` : name;
}

class List implements ListDescriptor {
  readonly kind = "list";
  readonly ttype: typeof TType.LIST = TType.LIST;
  readonly element: TypeDescriptor;
  #name: string | undefined;

  constructor(element: TypeDescriptor) {
    this.element = element;
  }

  get name(): string {
    return (this.#name ??= `list<${innerName(this.element)}>`);
  }
}

class SetOf implements SetDescriptor {
  readonly kind = "set";
  readonly ttype: typeof TType.SET = TType.SET;
  readonly element: TypeDescriptor;
  #name: string | undefined;

  constructor(element: TypeDescriptor) {
    this.element = element;
  }

  get name(): string {
    return (this.#name ??= `set<${innerName(this.element)}>`);
  }
}

class MapOf implements MapDescriptor {
  readonly kind = "map";
  readonly ttype: typeof TType.MAP = TType.MAP;
  readonly key: TypeDescriptor;
  readonly value: TypeDescriptor;
  #name: string | undefined;

  constructor(key: TypeDescriptor, value: TypeDescriptor) {
    this.key = key;
    this.value = value;
  }

  get name(): string {
    return (this.#name ??= `map<${innerName(this.key)},${innerName(this.value)}>`);
  }
}

/**
 * Makes container types, one object per combination of element types, so that container types of one IDL
 * compare by identity and what is cached per type is shared.
 */
export class ContainerTypes {
  readonly #lists = new Map<TypeDescriptor, ListDescriptor>();
  readonly #sets = new Map<TypeDescriptor, SetDescriptor>();
  readonly #maps = new Map<TypeDescriptor, Map<TypeDescriptor, MapDescriptor>>();

  list(element: TypeDescriptor): ListDescriptor {
    let type = this.#lists.get(element);
    if (type === undefined) {
      type = new List(element);
      this.#lists.set(element, type);
    }
    return type;
  }

  set(element: TypeDescriptor): SetDescriptor {
    let type = this.#sets.get(element);
    if (type === undefined) {
      type = new SetOf(element);
      this.#sets.set(element, type);
    }
    return type;
  }

  map(key: TypeDescriptor, value: TypeDescriptor): MapDescriptor {
    let byValue = this.#maps.get(key);
    if (byValue === undefined) {
      byValue = new Map();
      this.#maps.set(key, byValue);
    }
    let type = byValue.get(value);
    if (type === undefined) {
      type = new MapOf(key, value);
      byValue.set(value, type);
    }
    return type;
  }
}
