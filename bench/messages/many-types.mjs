// Many root types of one shape with different names, and distinct messages of them: what a gateway sees, and
// what a benchmark of one repeated message hides (caches and predictions that only fit that message).
import { createRandom, shuffle } from "./random.mjs";

export const TYPE_COUNT = 50;
export const DISTINCT_COUNT = 2_000;
const MESSAGES_PER_TYPE = 10;
const PARTS_PER_TYPE = 7;
const SEED = 7;

const SYLLABLES =
  "ba be bi bo da de di do fa fe ka ke ki ko la le li lo ma me mi mo na ne no pa po ra re ri ro sa se ta te ti to va ve".split(
    " ",
  );

function createTools(seed) {
  const random = createRandom(seed);
  const int = (min, max) => min + Math.floor(random() * (max - min + 1));
  const word = (syllables) =>
    Array.from({ length: syllables }, () => SYLLABLES[int(0, SYLLABLES.length - 1)]).join("");
  return { random, int, word };
}

/** Ids in order, names that differ from type to type, the kinds in another order for each struct. */
function declareFields(kinds, { random, int, word }) {
  const names = new Set();
  return shuffle([...kinds], random).map((kind, index) => {
    let name;
    do name = word(int(2, 5));
    while (names.has(name));
    names.add(name);
    return { id: index + 1, name, kind };
  });
}

const PART_KINDS = ["string", "i64", "i32", "bool", "double", "list<string>"];

function declareType(index, tools) {
  const parts = Array.from({ length: PARTS_PER_TYPE }, (_, part) => ({
    name: `Type${index}Part${part}`,
    fields: declareFields(PART_KINDS, tools),
  }));
  const partKinds = parts.map(({ name }, part) =>
    part % 3 === 0 ? `list<${name}>` : part % 3 === 1 ? name : `map<string, ${name}>`,
  );
  const root = { name: `Type${index}`, fields: declareFields([...PART_KINDS, ...partKinds], tools) };
  return { root, parts: new Map(parts.map((part) => [part.name, part])) };
}

function declare({ name, fields }) {
  return `struct ${name} {\n${fields.map((field) => `  ${field.id}: ${field.kind} ${field.name}\n`).join("")}}\n`;
}

function createValue(kind, type, tools) {
  const { random, int, word } = tools;
  const container = /^(list|map)<(?:string, )?(\w+)>$/.exec(kind);
  if (container?.[1] === "list") {
    return Array.from({ length: int(1, 4) }, () => createValue(container[2], type, tools));
  }
  if (container?.[1] === "map") {
    return Object.fromEntries(
      Array.from({ length: int(1, 3) }, () => [word(3), createValue(container[2], type, tools)]),
    );
  }
  switch (kind) {
    case "string":
      return Array.from({ length: int(1, 6) }, () => word(int(1, 4))).join(" ");
    case "i64":
      return Number.MAX_SAFE_INTEGER - int(0, 2 ** 30);
    case "i32":
      return int(0, 100_000);
    case "bool":
      return random() < 0.5;
    case "double":
      return int(0, 100_000) / 100;
    default: {
      const { fields } = kind === type.root.name ? type.root : type.parts.get(kind);
      return Object.fromEntries(fields.map((field) => [field.name, createValue(field.kind, type, tools)]));
    }
  }
}

function createMessages(types, count, tools) {
  return Array.from({ length: count }, (_, index) => {
    const type = types[index % types.length];
    return {
      type: type.root.name,
      json: Buffer.from(JSON.stringify(createValue(type.root.name, type, tools))),
    };
  });
}

/** Messages are `{ type, json }`. `one` has as many as `many`, in which the types take turns. */
export function createManyTypes() {
  const tools = createTools(SEED);
  const types = Array.from({ length: TYPE_COUNT }, (_, index) => declareType(index, tools));
  const structs = types.flatMap(({ root, parts }) => [...parts.values(), root]);
  const [first] = types;
  return {
    idl: structs.map(declare).join("\n"),
    structCount: structs.length,
    one: createMessages([first], TYPE_COUNT * MESSAGES_PER_TYPE, tools),
    many: createMessages(types, TYPE_COUNT * MESSAGES_PER_TYPE, tools),
    distinct: createMessages([first], DISTINCT_COUNT, tools),
  };
}
