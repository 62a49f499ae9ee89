import * as library from "dynamic-thrift";
import {
  ByteWriter,
  compilePath,
  createReader,
  createWriter,
  Dom,
  type DomNode,
  encodeLiteral,
  fieldId,
  type Idl,
  isThriftError,
  parseIdl,
  ThriftNode,
  TType,
  Value,
  writeEnvelope,
} from "dynamic-thrift";
import { describe, expect, it } from "vitest";
import { jsonToThrift, thriftToJson } from "./support/engines.ts";
import { expectThriftError, rejectsWithThriftError } from "./support/errors.ts";

/**
 * Every public function with everything that it does not take: what it throws is an error of the library, and its
 * message goes to a log, so that it must not hold what may be a payload.
 */

/** Longer than any message may be. */
const SECRET = "secret-marker ".repeat(100);
const MAX_MESSAGE_LENGTH = 1000;
const SECRET_NUMBER = 4111111111111111;
const SHOWN_SECRET = /secret-marker|4111111111111111/;

const idl: Idl = parseIdl(`
  struct S {
    1: string name, 2: i32 number, 3: list<i32> list, 4: map<string, i32> map, 5: set<string> set,
    6: binary content, 7: S inner, 8: uuid id, 9: double real, 10: bool flag, 11: i64 long
  }
  enum E { A }
  service T { S call(1: S s) }
`);
const type = idl.struct("S");
const bytes = encodeLiteral(type, {
  name: "n",
  number: 1,
  list: [1, 2],
  map: { k: 1 },
  set: ["a"],
  inner: { name: "i" },
});

const value = (): Value => Value.from(type, bytes);
const node = (): ThriftNode => ThriftNode.from(TType.STRUCT, bytes);
const dom = (): DomNode => Dom.load(type, bytes).root;
const list = (): DomNode => dom().get("list")!;
const inner = (): DomNode => dom().get("inner")!;
const envelope = (): Uint8Array => {
  const writer = new ByteWriter();
  writeEnvelope(writer, { name: "m", type: "call", sequenceId: 1 });
  return writer.toBytes();
};

function detached(): Uint8Array {
  const gone = new Uint8Array(8);
  structuredClone(gone, { transfer: [gone.buffer] });
  return gone;
}

/** What is given in the place of each argument. */
const GARBAGE: Readonly<Record<string, () => unknown>> = {
  undefined: () => undefined,
  null: () => null,
  true: () => true,
  "a number": () => SECRET_NUMBER,
  NaN: () => Number.NaN,
  "a bigint": () => BigInt(SECRET_NUMBER),
  "a text": () => SECRET,
  "the empty text": () => "",
  "an array": () => [],
  "an array of text": () => [SECRET],
  "an array of numbers": () => [5],
  "an array of null": () => [null],
  "an array of pairs": () => [[null, SECRET]],
  "an array of short pairs": () => [[]],
  "an object": () => ({ key: SECRET }),
  "an object without prototype": () => Object.create(null),
  "a Set": () => new Set([SECRET]),
  "a Map": () => new Map([["key", SECRET]]),
  "a function": () => () => SECRET,
  "a symbol": () => Symbol(SECRET),
  "a Date": () => new Date(0),
  bytes: () => new TextEncoder().encode(SECRET),
  "detached bytes": detached,
  "a Float64Array": () => new Float64Array(3),
  "an ArrayBuffer": () => new ArrayBuffer(3),
  "a ThriftNode": () => ThriftNode.of(TType.STRING, SECRET),
  "a Value": () => Value.of(idl.type("string"), SECRET),
  "a DomNode": list,
};

interface Call {
  /** Arguments that it takes. */
  readonly args: () => readonly unknown[];
  readonly run: (...args: never[]) => unknown;
  /** Places of arguments that messages name: names of an IDL, keys in paths. None of them is a value of a message. */
  readonly named?: readonly number[];
}

const call = (args: () => readonly unknown[], run: Call["run"], named: readonly number[] = []): Call => ({
  args,
  run,
  named,
});

/** A method of what `make` gives. */
function method<T extends object>(
  make: () => T,
  name: keyof T & (string | symbol),
  args: readonly unknown[],
  named: readonly number[] = [],
): Call {
  const run = (...given: unknown[]): unknown => {
    const result: unknown = (make()[name] as (...args: unknown[]) => unknown)(...given);
    // Iterators start when they are asked.
    return Symbol.iterator in Object(result) && typeof result === "object" && "next" in result!
      ? [...(result as unknown as Iterable<unknown>)]
      : result;
  };
  return call(() => args, run as Call["run"], named);
}

/** Methods need their object. */
const bound = <T extends object>(object: T): T =>
  new Proxy(object, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name, target);
      return typeof member === "function" ? member.bind(target) : member;
    },
  });

const methodsOf = <T extends object>(
  prefix: string,
  make: () => T,
  table: {
    readonly [Name in keyof T & string]?: readonly [args: readonly unknown[], named?: readonly number[]];
  },
): Readonly<Record<string, Call>> =>
  Object.fromEntries(
    Object.entries(table).map(([name, row]) => {
      const [args, named] = row as readonly [readonly unknown[], (readonly number[])?];
      return [`${prefix}.${name}`, method(() => bound(make()), name as never, args, named)];
    }),
  );

const toThrift = jsonToThrift(type);
const toJson = thriftToJson(type);
/** Those above look at the writer themselves. */
const intoThrift = library.jsonToThrift(type);
const intoJson = library.thriftToJson(type);

/** What a stream gives for a chunk. */
async function throughStream(
  stream: TransformStream<Uint8Array, Uint8Array>,
  chunk: never,
): Promise<unknown> {
  const writer = stream.writable.getWriter();
  const output = new Response(stream.readable).arrayBuffer();
  const written = writer.write(chunk).then(() => writer.close());
  return (await Promise.all([output, written]))[0];
}

const CALLS: Readonly<Record<string, Call>> = {
  parseIdl: call(() => ["struct A {}", {}], parseIdl as never, [0]),
  loadIdl: call(() => ["testdata/idl/base.thrift", {}], library.loadIdl as never, [0]),
  loadIdlSync: call(() => ["testdata/idl/base.thrift", {}], library.loadIdlSync as never, [0]),
  createAnnotationRegistry: call(() => [{}], library.createAnnotationRegistry as never),
  ...methodsOf("Idl", () => idl, {
    struct: [["S"], [0]],
    enum: [["E"], [0]],
    service: [["T"], [0]],
    type: [["S"], [0]],
  }),
  "service.method": call(() => ["call"], ((name: never) => idl.service().method(name)) as never, [0]),
  jsonToThrift: call(() => [type, {}], jsonToThrift as never),
  "jsonToThrift.convert": call(() => ["{}", {}], toThrift.convert as never),
  "jsonToThrift.convertInto": call(() => ["{}", new ByteWriter(), {}], intoThrift.convertInto as never),
  "jsonToThrift.stream": call(() => [{}], toThrift.stream as never),
  "jsonToThrift.stream, a chunk": call(
    () => [new TextEncoder().encode("{}")],
    (chunk: never) => throughStream(toThrift.stream(), chunk),
  ),
  thriftToJson: call(() => [type, {}], thriftToJson as never),
  "thriftToJson.convert": call(() => [bytes, {}], toJson.convert as never),
  "thriftToJson.convertToString": call(() => [bytes, {}], toJson.convertToString as never),
  "thriftToJson.convertInto": call(() => [bytes, new ByteWriter(), {}], intoJson.convertInto as never),
  "thriftToJson.stream": call(() => [{}], toJson.stream as never),
  "thriftToJson.stream, a chunk": call(
    () => [bytes],
    (chunk: never) => throughStream(toJson.stream(), chunk),
  ),
  "a call's base": call(
    () => [{}],
    (base: never) => toThrift.convert("{}", { base }),
  ),
  "a call's source": call(
    () => [undefined],
    (source: never) => toThrift.convert("{}", { source }),
  ),
  "a call's sink": call(
    () => [undefined],
    (sink: never) => toJson.convert(bytes, { sink }),
  ),
  mergeThriftBase: call(() => [{}, {}], library.mergeThriftBase as never),
  encodeLiteral: call(() => [type, { name: "x" }, "binary", {}], encodeLiteral as never, [2]),
  isThriftError: call(() => [new Error(), "NOT_FOUND"], library.isThriftError as never),
  compilePath: call(() => [type, "name"], compilePath as never, [1]),
  parsePath: call(() => ["name", type], library.parsePath as never, [0]),
  formatPath: call(() => ["name"], library.formatPath as never, [0]),
  fieldId: call(() => [1], fieldId as never),
  resolveLimits: call(() => [{}], library.resolveLimits as never),
  createReader: call(() => ["binary", bytes, {}], createReader as never, [0]),
  createWriter: call(() => ["binary", new ByteWriter()], createWriter as never, [0]),
  skipValue: call(
    () => ["binary", bytes, 0, bytes.length, TType.STRUCT, 64],
    library.skipValue as never,
    [0],
  ),
  transcode: call(
    () => [bytes, TType.STRUCT, { from: "binary", to: "compact" }, new ByteWriter()],
    library.transcode as never,
  ),
  readEnvelope: call(() => [envelope(), {}], library.readEnvelope as never),
  writeEnvelope: call(
    () => [new ByteWriter(), { name: "m", type: "call", sequenceId: 1 }, {}],
    writeEnvelope as never,
  ),
  "an envelope's name": call(
    () => ["m"],
    (name: never) => writeEnvelope(new ByteWriter(), { name, type: "call", sequenceId: 1 }),
  ),
  "an envelope's type": call(
    () => ["call"],
    (type: never) => writeEnvelope(new ByteWriter(), { name: "m", type, sequenceId: 1 }),
    [0],
  ),
  "an envelope's sequence id": call(
    () => [1],
    (sequenceId: never) => writeEnvelope(new ByteWriter(), { name: "m", type: "call", sequenceId }),
  ),
  readApplicationException: call(
    () => [createReader("binary", Uint8Array.of(0))],
    library.readApplicationException as never,
  ),
  writeApplicationException: call(
    () => [createWriter("binary", new ByteWriter()), { message: "m", type: 1 }],
    library.writeApplicationException as never,
  ),
  "an application exception's message": call(
    () => ["m"],
    (message: never) =>
      library.writeApplicationException(createWriter("binary", new ByteWriter()), { message, type: 1 }),
  ),
  "an application exception's type": call(
    () => [1],
    (type: never) =>
      library.writeApplicationException(createWriter("binary", new ByteWriter()), { message: "m", type }),
  ),
  applicationExceptionTypeName: call(() => [1], library.applicationExceptionTypeName as never),
  ByteWriter: call(
    () => [{}],
    (options: never) => new ByteWriter(options),
  ),
  "Value.from": call(() => [type, bytes, {}], Value.from as never),
  "Value.of": call(() => [type, {}, {}], Value.of as never),
  "Value.empty": call(() => [type, {}], Value.empty as never),
  ...methodsOf("Value", value, {
    get: [["name"], [0]],
    getMany: [[["name"]], [0]],
    has: [["name"], [0]],
    set: [["name", "x", {}], [0]],
    setMany: [[[["name", "x"]], {}]],
    delete: [["name", {}], [0]],
    deleteMany: [[["name"], {}], [0]],
    forEach: [[() => undefined]],
    project: [[type, {}]],
    toJS: [[{}]],
  }),
  "Value.set of each type": call(
    () => [1],
    (given: never) => {
      const outcomes = type.fields.map(({ name }) => outcomeOf(() => value().set(name, given)));
      for (const error of outcomes) if (error instanceof Error) checkError(error, false);
    },
  ),
  "ThriftNode.from": call(() => [TType.STRUCT, bytes, {}], ThriftNode.from as never),
  "ThriftNode.of": call(() => [TType.STRING, "x", "binary"], ThriftNode.of as never, [2]),
  "ThriftNode.listOf": call(() => [TType.STRING, ["x"], "binary"], ThriftNode.listOf as never, [2]),
  "ThriftNode.setOf": call(() => [TType.STRING, ["x"], "binary"], ThriftNode.setOf as never, [2]),
  "ThriftNode.mapOf": call(
    () => [TType.STRING, TType.I32, [["x", 1]], "binary"],
    ThriftNode.mapOf as never,
    [3],
  ),
  "ThriftNode.structOf": call(() => [[[1, node()]], "binary"], ThriftNode.structOf as never, [1]),
  "ThriftNode.of each type": call(
    () => [1],
    (given: never) => {
      const outcomes = Object.values(TType).map((type) => outcomeOf(() => ThriftNode.of(type, given)));
      for (const error of outcomes) if (error instanceof Error) checkError(error, false);
    },
  ),
  ...methodsOf("ThriftNode", node, {
    get: [[fieldId(1)], [0]],
    getMany: [[[fieldId(1)]], [0]],
    has: [[fieldId(1)], [0]],
    set: [[fieldId(1), ThriftNode.of(TType.STRING, "x")], [0]],
    setMany: [[[[fieldId(1), ThriftNode.of(TType.STRING, "x")]]]],
    delete: [[fieldId(1)], [0]],
    deleteMany: [[[fieldId(1)]], [0]],
    forEach: [[() => undefined]],
  }),
  "Dom.load": call(() => [type, bytes, {}], Dom.load as never),
  "Dom.load of a value": call(() => [value(), {}], Dom.load as never),
  "Dom.writeTo": call(
    () => [new ByteWriter()],
    (writer: never) => Dom.load(value()).writeTo(writer),
  ),
  ...methodsOf("DomNode", dom, {
    get: [["name"], [0]],
    has: [["name"], [0]],
    set: [["name", "x", {}], [0]],
    delete: [["name", {}], [0]],
    append: [[{}]],
    find: [[() => true]],
    findAll: [[() => true]],
    isSame: [[dom()]],
    toJS: [[{}]],
  }),
  "DomNode.replace": call(
    () => [{}],
    (given: never) => inner().replace(given),
  ),
  "DomNode.remove": call(
    () => [{}],
    (options: never) => inner().remove(options),
  ),
  ...methodsOf("DomNode", list, {
    insert: [[0, 1]],
    push: [[1]],
    sort: [[() => 0]],
    filter: [[() => true]],
    move: [[0, 1]],
  }),
};

function outcomeOf(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    return error;
  }
}

function checkError(error: Error, isNamed: boolean): void {
  expect(isThriftError(error), `${error.stack}`).toBe(true);
  if (isNamed) return;
  expect(error.message.length).toBeLessThan(MAX_MESSAGE_LENGTH);
  expect(error.message).not.toMatch(SHOWN_SECRET);
}

describe("what is no argument of", () => {
  it.each(Object.entries(CALLS))("%s", async (_name, { args, run, named = [] }) => {
    // With its own arguments it works.
    await run(...(args() as never[]));
    for (let place = 0; place < args().length; place++) {
      for (const [what, make] of Object.entries(GARBAGE)) {
        const given = [...args()];
        given[place] = make();
        let error: unknown;
        try {
          await run(...(given as never[]));
          continue;
        } catch (caught) {
          error = caught;
        }
        // What iterating over the caller's object throws is the caller's.
        if (/prototype\.values on a detached/.test((error as Error).message)) continue;
        try {
          checkError(error as Error, named.includes(place));
        } catch (failure) {
          throw new Error(`argument ${place} is ${what}`, { cause: failure });
        }
      }
    }
  });
});

describe("what is wrong is said in the message", () => {
  const cut = (text: string): string => `${text.slice(0, 40)}…`;
  const setMany = (entries: unknown): void => value().setMany(entries as never);
  it.each<[message: string, run: () => unknown]>([
    [
      "jsonToThrift: the input must be a Uint8Array or a string, got a number",
      () => toThrift.convert(1 as never),
    ],
    ["thriftToJson: the input must be a Uint8Array, got a string", () => toJson.convert(SECRET as never)],
    [
      "thriftToJson: the input must be a Uint8Array, got a string",
      () => toJson.convertToString(SECRET as never),
    ],
    [
      "thriftToJson: the input must be a Uint8Array, got a string",
      () => intoJson.convertInto(SECRET as never, new ByteWriter()),
    ],
    ["the bytes of the input are gone: their ArrayBuffer is detached", () => toJson.convert(detached())],
    ["the bytes of the input are gone: their ArrayBuffer is detached", () => toThrift.convert(detached())],
    [
      "jsonToThrift: the output must be a ByteWriter, got a string",
      () => intoThrift.convertInto("{}", SECRET as never),
    ],
    ["jsonToThrift: options must be an object, got a string", () => toThrift.convert("{}", SECRET as never)],
    [
      "jsonToThrift: `source` of the call must be a FieldSource",
      () => toThrift.convert("{}", { source: null as never }),
    ],
    ["Value.from: the bytes must be a Uint8Array, got a string", () => Value.from(type, SECRET as never)],
    ["Value.from: the bytes are gone: their ArrayBuffer is detached", () => Value.from(type, detached())],
    [
      `option \`protocol\` must be "binary" or "compact", got "${cut(SECRET)}"`,
      () => Value.from(type, bytes, { protocol: SECRET as never }),
    ],
    ["a string is the wire type of no value; see TType", () => ThriftNode.of(SECRET as never, TType.STRING)],
    [
      "a number is the wire type of no value; see TType",
      () => ThriftNode.of(SECRET_NUMBER as never, TType.I64),
    ],
    ["99 is the wire type of no value; see TType", () => ThriftNode.of(99 as never, 1)],
    ["setMany: expected an array, got a string", () => setMany(SECRET)],
    ["setMany: an entry must be a pair of a path and a value, got a number", () => setMany([5])],
    ["setMany: an entry must be a pair of a path and a value, got a string", () => setMany([SECRET])],
    [
      "setMany: an entry must be a pair of a path and a node, got a string",
      () => node().setMany([SECRET] as never),
    ],
    [
      "mapOf: an entry must be a pair of a key and a value, got a number",
      () => ThriftNode.mapOf(TType.I32, TType.I32, [5] as never),
    ],
    [
      "structOf: an entry must be a pair of a field id and a node, got null",
      () => ThriftNode.structOf([null] as never),
    ],
    ["forEach: expected a function, got undefined", () => value().forEach(undefined as never)],
    ["forEach: expected a function, got a string", () => node().forEach(SECRET as never)],
    ["sort: expected a function, got undefined", () => list().sort(undefined as never)],
    ["filter: expected a function, got null", () => list().filter(null as never)],
    ["find: expected a function, got an object", () => dom().find({} as never)],
    ["findAll: expected a function, got an array", () => dom().findAll([] as never)],
    [
      "writeTo: the output must be a ByteWriter, got undefined",
      () => Dom.load(value()).writeTo(undefined as never),
    ],
    ["idl.struct: the name must be a string, got undefined", () => idl.struct(undefined as never)],
    ["idl.enum: the name must be a string, got a number", () => idl.enum(5 as never)],
    ["idl.service: the name must be a string, got a number", () => idl.service(5 as never)],
    ["idl.type: the expression must be a string, got a number", () => idl.type(5 as never)],
    [
      "service.method: the name must be a string, got undefined",
      () => idl.service().method(undefined as never),
    ],
    ["mergeThriftBase: both bases must be objects", () => library.mergeThriftBase({}, undefined as never)],
    [
      "readApplicationException: expected a WireReader, got an object",
      () => library.readApplicationException(bytes as never),
    ],
    [
      "writeApplicationException: expected a WireWriter, got undefined",
      () => library.writeApplicationException(undefined as never, { message: "m", type: 1 }),
    ],
    [
      "writeApplicationException: `message` must be a string, got undefined",
      () => library.writeApplicationException(createWriter("binary", new ByteWriter()), {} as never),
    ],
    [
      "writeApplicationException: expected a number as `type`, got a string",
      () =>
        library.writeApplicationException(createWriter("binary", new ByteWriter()), {
          message: "m",
          type: SECRET as never,
        }),
    ],
  ])("%s", (message, run) => {
    expectThriftError(run, { code: "INVALID_OPTION", message });
  });

  it("service.method: the name of a method that there is not, cut", () => {
    const message = `service \`T\` has no method \`${cut(SECRET)}\``;
    expectThriftError(() => idl.service().method(SECRET), { code: "NOT_FOUND", message });
  });

  it("structOf: an id that is none", () => {
    expectThriftError(() => ThriftNode.structOf([[null, node()]] as never), {
      code: "INVALID_PATH",
      message: "a field id must be an integer from -32768 to 32767",
    });
  });

  it("a path of bytes that are gone", () => {
    expectThriftError(() => value().get(["map", detached()]), {
      code: "INVALID_PATH",
      message: /^step 1 of the path is a Uint8Array whose ArrayBuffer is detached; a step is/,
    });
  });

  it.each([
    ["thriftToJson", () => toJson.stream()],
    ["jsonToThrift", () => toThrift.stream()],
  ])("a stream of %s", async (_name, stream) => {
    await rejectsWithThriftError(throughStream(stream(), SECRET as never), {
      code: "INVALID_OPTION",
      message: "stream: the input must be chunks of Uint8Array, got a string",
    });
    await rejectsWithThriftError(throughStream(stream(), detached() as never), {
      code: "INVALID_OPTION",
      message: "stream: the bytes of the chunk are gone: their ArrayBuffer is detached",
    });
  });
});

it("what takes many takes any iterable", () => {
  const paths = new Set(["name", "number"]);
  expect(value().getMany(paths).map(String).length).toBe(2);
  expect(value().getMany(paths)[1]?.asNumber()).toBe(1);
  expect(
    node()
      .getMany(new Set([fieldId(2), fieldId(1)]))[1]
      ?.asString(),
  ).toBe("n");
  const edited = value();
  edited.setMany(new Map([["name", "x"]]));
  expect(edited.deleteMany(new Set(["number", "list"]))).toBe(2);
  expect(edited.get("name")?.asString()).toBe("x");
});

it("writeApplicationException leaves its output as it was", () => {
  const output = new ByteWriter();
  const exception = { message: "m", type: 2 ** 31 };
  expectThriftError(() => library.writeApplicationException(createWriter("binary", output), exception), {
    code: "OUT_OF_RANGE",
  });
  expect(output.length).toBe(0);
});

// Readers, writers and `ByteWriter` check nothing but what they write: they are called for each piece of a message.
describe("the calls above are all others that take arguments", () => {
  const owners: Readonly<Record<string, object>> = {
    "": library,
    "Value ": Value,
    "ThriftNode ": ThriftNode,
    service: Object.getPrototypeOf(idl.service()),
    Idl: Object.getPrototypeOf(idl),
    jsonToThrift: toThrift,
    thriftToJson: toJson,
    Value: Value.prototype,
    ThriftNode: ThriftNode.prototype,
    Dom: Dom.prototype,
    DomNode: Object.getPrototypeOf(dom()),
  };
  it.each(Object.entries(owners))("%s", (owner, object) => {
    const names = Object.entries(Object.getOwnPropertyDescriptors(object))
      .filter(
        ([, { value }]) => typeof value === "function" && value.length > 0 && !/^class\b/.test(String(value)),
      )
      .map(([name]) => (owner === "" ? name : `${owner.trim()}.${name}`))
      .filter((name) => !name.endsWith(".constructor"));
    expect(names.filter((name) => !Object.hasOwn(CALLS, name))).toEqual([]);
  });
});
