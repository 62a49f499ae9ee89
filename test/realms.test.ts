import { runInNewContext } from "node:vm";
import {
  ByteWriter,
  compilePath,
  createReader,
  createWriter,
  Dom,
  encodeLiteral,
  fieldId,
  formatPath,
  parseIdl,
  readEnvelope,
  skipValue,
  ThriftNode,
  TType,
  transcode,
  Value,
  writeEnvelope,
} from "dynamic-thrift";
import { describe, expect, it } from "vitest";
import { jsonToThrift, thriftToJson } from "./support/engines.ts";

/** Bytes that come from a frame, from Node's `vm` or through a test runner are those of another realm. */

const idl = parseIdl(`
  struct S { 1: binary b, 2: string t, 3: uuid u, 4: map<binary, i32> m, 5: map<uuid, i32> k }
`);
const type = idl.struct("S");

const ours = (text: string): Uint8Array => new TextEncoder().encode(text);
const foreign = (bytes: Uint8Array): Uint8Array =>
  runInNewContext("Uint8Array.from(numbers)", { numbers: [...bytes] }) as Uint8Array;

const UUID = Uint8Array.from({ length: 16 }, (_, i) => i);
const message = encodeLiteral(type, { b: ours("xyz"), t: "text" });
const withKey = (key: unknown): unknown => ({ m: [[key, 1]] });

it("the bytes of these tests are foreign", () => {
  const bytes = foreign(message);
  expect(bytes instanceof Uint8Array).toBe(false);
  expect([...bytes]).toEqual([...message]);
});

describe("bytes of another realm are taken like ours by", () => {
  const value = (): Value => Value.from(type, message);
  const node = (): ThriftNode => ThriftNode.from(TType.STRUCT, message);
  const edited = (run: (value: Value) => unknown): Uint8Array => {
    const own = Value.of(type, { b: ours("x"), m: new Map([[ours("k"), 1]]) });
    run(own);
    return own.bytes;
  };
  const written = (run: (writer: ByteWriter) => unknown): Uint8Array => {
    const writer = new ByteWriter();
    run(writer);
    return writer.toBytes();
  };
  const envelope = written((writer) => writeEnvelope(writer, { name: "m", type: "call", sequenceId: 1 }));
  const cases: readonly (readonly [name: string, given: Uint8Array, run: (bytes: Uint8Array) => unknown])[] =
    [
      ["thriftToJson", message, (bytes) => thriftToJson(type).convertToString(bytes)],
      ["jsonToThrift", ours('{"t":"text"}'), (json) => jsonToThrift(type).convert(json)],
      ["Value.from", message, (bytes) => Value.from(type, bytes).toJS()],
      [
        "Value.from with a range",
        message,
        (bytes) => Value.from(type, bytes, { end: message.length }).toJS(),
      ],
      ["Value.of: binary", ours("xyz"), (b) => Value.of(type, { b }).bytes],
      ["Value.of: string", ours("xyz"), (t) => Value.of(type, { t }).bytes],
      ["Value.of: uuid", UUID, (u) => Value.of(type, { u }).bytes],
      ["encodeLiteral: binary", ours("xyz"), (b) => encodeLiteral(type, { b })],
      ["encodeLiteral: the key of a map", ours("xyz"), (key) => encodeLiteral(type, withKey(key))],
      ["Value.set", ours("xyz"), (b) => edited((own) => own.set("b", b))],
      ["Value.setMany", ours("xyz"), (b) => edited((own) => own.setMany([["b", b]]))],
      ["Value.get: a key", ours("k"), (key) => edited((own) => own.set(["m", key], 2))],
      ["Value.set: a new key", ours("xyz"), (key) => edited((own) => own.set(["m", key], 2))],
      ["Value.delete: a key", ours("k"), (key) => edited((own) => own.delete(["m", key]))],
      [
        "Value.set: the key of a uuid",
        UUID,
        (key) => edited((own) => own.set(["k", key], 2, { createParents: true })),
      ],
      ["compilePath", ours("k"), (key) => edited((own) => own.set(compilePath(type, ["m", key]), 2))],
      ["formatPath", ours("k"), (key) => formatPath(["m", key])],
      ["ThriftNode.from", message, (bytes) => ThriftNode.from(TType.STRUCT, bytes).size],
      ["ThriftNode.of: binary", ours("xyz"), (bytes) => ThriftNode.of(TType.STRING, bytes).bytes],
      ["ThriftNode.of: uuid", UUID, (bytes) => ThriftNode.of(TType.UUID, bytes).bytes],
      ["Dom.load", message, (bytes) => Dom.load(type, bytes).root.toJS()],
      [
        "DomNode.set: a new key",
        ours("k"),
        (key) => {
          const dom = Dom.load(value());
          dom.root.set(["m", key], 1, { createParents: true });
          return dom.toBytes();
        },
      ],
      ["ThriftNode.delete: a key", ours("k"), (key) => node().delete([fieldId(4), key])],
      ["createReader", message, (bytes) => createReader("compact", bytes).bytes.length],
      [
        "WireWriter.writeBinary",
        ours("xyz"),
        (bytes) => written((writer) => createWriter("binary", writer).writeBinary(bytes)),
      ],
      ["ByteWriter.append", ours("xyz"), (bytes) => written((writer) => writer.append(bytes))],
      ["skipValue", message, (bytes) => skipValue("binary", bytes, 0, bytes.length, TType.STRUCT, 64)],
      [
        "transcode",
        message,
        (bytes) =>
          written((writer) => transcode(bytes, TType.STRUCT, { from: "binary", to: "compact" }, writer)),
      ],
      ["readEnvelope", envelope, (bytes) => readEnvelope(bytes)],
    ];
  it.each(cases)("%s", (_name, given, run) => {
    const outcome = (bytes: Uint8Array): unknown => {
      const result = run(bytes);
      return result instanceof Uint8Array ? [...result] : result;
    };
    expect(outcome(foreign(given))).toEqual(outcome(given));
  });

  it("a stream", async () => {
    const stream = thriftToJson(type).stream();
    const writer = stream.writable.getWriter();
    void writer.write(foreign(message)).then(() => writer.close());
    expect(await new Response(stream.readable).text()).toBe('{"b":"eHl6","t":"text"}');
  });

  it("a mapping's result", () => {
    const annotations = {
      resolveField: (name: string) => ({
        alias: name,
        removed: "never" as const,
        mappings: {
          value: {
            kind: "custom" as const,
            name: "own",
            jsonToThrift: () => foreign(Uint8Array.of(0, 0, 0, 1, 0x61)),
            thriftToJson: () => foreign(ours('"a"')),
          },
          http: [],
        },
      }),
      resolveMethod: () => ({ streaming: "none" as const, endpoints: [] }),
      resolveNaming: () => undefined,
    };
    const mapped = parseIdl("struct M { 1: string s }", { annotations }).struct("M");
    const bytes = jsonToThrift(mapped).convert('{"s":1}');
    expect(thriftToJson(mapped).convertToString(bytes)).toBe('{"s":"a"}');
    expect(Value.from(mapped, bytes).toJS()).toEqual({ s: "a" });
  });
});
