import { TType } from "../wire/ttype.ts";
import type { Annotations } from "./annotations.ts";
import type { FieldDescriptor, StructDescriptor } from "./types.ts";

/** Which JSON keys find a field. */
export type FieldKeys = "alias" | "name" | "both";

/** What a struct is made of. */
export interface StructParts {
  readonly flavor: "struct" | "union" | "exception";
  readonly role: "args" | "result" | undefined;
  readonly name: string;
  readonly fileName: string;
  readonly annotations: Annotations;
  readonly doc: string | undefined;
  readonly fieldKeys: FieldKeys;
  /** Called once, when the fields are first needed; `parent` is the struct itself. */
  readonly fields: (parent: StructDescriptor) => readonly FieldDescriptor[];
}

/** Ids below this are looked up in an array that may have holes; generated IDL rarely goes beyond. */
const MAX_DENSE_ID = 1024;

class Struct implements StructDescriptor {
  readonly kind = "struct";
  readonly ttype: typeof TType.STRUCT = TType.STRUCT;
  readonly flavor: "struct" | "union" | "exception";
  readonly role: "args" | "result" | undefined;
  readonly name: string;
  readonly fileName: string;
  readonly annotations: Annotations;
  readonly doc: string | undefined;
  readonly #fieldKeys: FieldKeys;
  readonly #build: (parent: StructDescriptor) => readonly FieldDescriptor[];
  #tables: Tables | undefined;

  constructor(parts: StructParts) {
    this.flavor = parts.flavor;
    this.role = parts.role;
    this.name = parts.name;
    this.fileName = parts.fileName;
    this.annotations = parts.annotations;
    this.doc = parts.doc;
    this.#fieldKeys = parts.fieldKeys;
    this.#build = parts.fields;
  }

  get fields(): readonly FieldDescriptor[] {
    return (this.#tables ?? this.#load()).fields;
  }

  get fieldKeys(): ReadonlyMap<string, FieldDescriptor> {
    return (this.#tables ?? this.#load()).byKey;
  }

  fieldById(id: number): FieldDescriptor | undefined {
    const { dense, sparse } = this.#tables ?? this.#load();
    return id >= 0 && id < dense.length ? dense[id] : sparse.get(id);
  }

  fieldByName(name: string): FieldDescriptor | undefined {
    return (this.#tables ?? this.#load()).byName.get(name);
  }

  fieldByKey(key: string): FieldDescriptor | undefined {
    return (this.#tables ?? this.#load()).byKey.get(key);
  }

  #load(): Tables {
    return (this.#tables = createTables(this.#build(this), this.#fieldKeys));
  }
}

interface Tables {
  readonly fields: readonly FieldDescriptor[];
  /** By id, for the ids from 0 up to `dense.length`. */
  readonly dense: readonly (FieldDescriptor | undefined)[];
  /** By id, for all others. */
  readonly sparse: ReadonlyMap<number, FieldDescriptor>;
  readonly byName: ReadonlyMap<string, FieldDescriptor>;
  readonly byKey: ReadonlyMap<string, FieldDescriptor>;
}

function createTables(fields: readonly FieldDescriptor[], fieldKeys: FieldKeys): Tables {
  let denseLength = 0;
  for (const { id } of fields) {
    if (id >= denseLength && id < MAX_DENSE_ID) {
      denseLength = id + 1;
    }
  }
  const dense = new Array<FieldDescriptor | undefined>(denseLength).fill(undefined);
  const sparse = new Map<number, FieldDescriptor>();
  const byName = new Map<string, FieldDescriptor>();
  for (const field of fields) {
    if (field.id >= 0 && field.id < denseLength) {
      dense[field.id] = field;
    } else {
      sparse.set(field.id, field);
    }
    addFirst(byName, field.name, field);
  }
  return { fields, dense, sparse, byName, byKey: keysOf(fields, fieldKeys, byName) };
}

/** Of two fields with one key the first one keeps it; under `both`, a name beats an alias. */
function keysOf(
  fields: readonly FieldDescriptor[],
  fieldKeys: FieldKeys,
  byName: ReadonlyMap<string, FieldDescriptor>,
): ReadonlyMap<string, FieldDescriptor> {
  if (fieldKeys === "name" || fields.every((field) => field.alias === field.name)) {
    return byName;
  }
  const keys = new Map(fieldKeys === "both" ? byName : []);
  for (const field of fields) {
    addFirst(keys, field.alias, field);
  }
  return keys;
}

function addFirst(map: Map<string, FieldDescriptor>, key: string, field: FieldDescriptor): void {
  if (!map.has(key)) {
    map.set(key, field);
  }
}

export function createStruct(parts: StructParts): StructDescriptor {
  return new Struct(parts);
}
