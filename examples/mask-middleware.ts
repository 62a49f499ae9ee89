// Privacy middleware: messages of several types pass through, and what is personal in them is blanked on the way. It
// works on the bytes: a message is neither decoded nor encoded again, and what has nothing personal goes on as it is.
// Run it with `npm run examples`, or alone with `npm run build && node scripts/run.mjs examples/mask-middleware.ts`.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  ByteWriter,
  type CompiledPath,
  compilePath,
  Dom,
  type DomNode,
  type FieldId,
  fieldId,
  jsonToThrift,
  loadIdl,
  type MessageType,
  type PathStep,
  parsePath,
  readEnvelope,
  type SetOptions,
  ThriftNode,
  TType,
  type TypeDescriptor,
  Value,
  writeEnvelope,
} from "dynamic-thrift";
import { type NpmThriftCodec, npmThriftCodec } from "./support/npm-thrift.ts";
import { printRace } from "./support/race.ts";

const TESTDATA: string = join(import.meta.dirname, "../testdata");

/** TFramedTransport: the size of the message in front of it, an i32. */
const FRAME_HEADER_SIZE = 4;

// 1. What is personal: the configuration. Paths are in the words of the IDL, from the arguments or the result of a
//    method on; `[*]` is every element of a list. `blank` empties a text, `remove` takes a field away.
interface Rules {
  readonly blank?: readonly string[];
  readonly remove?: readonly string[];
}

const PERSONAL: Readonly<Record<string, Rules>> = {
  "order call": {
    blank: ["request.payment.card.holder", "request.payment.card.lastDigits"],
    remove: ["request.coupon", "request.Base.Addr", 'request.Base.Extra["client_ip"]'],
  },
  "getFeed call": {
    remove: ["request.session", "request.Base.Addr", 'request.Base.Extra["client_ip"]'],
  },
  "getFeed reply": {
    blank: ["success.items[*].author.displayName"],
    remove: ["success.items[*].author.avatarUrl"],
  },
};

// 2. Once, at start-up: the paths are compiled for the type of their message. A path that the IDL does not have
//    stops the program here, not next year, when somebody finds the leak.
interface Mask {
  readonly type: TypeDescriptor;
  readonly blank: readonly CompiledPath[];
  readonly remove: readonly CompiledPath[];
  readonly lists: readonly { readonly list: readonly PathStep[]; readonly element: Mask }[];
}

/** What is not there stays away. */
const SKIP: SetOptions = { missing: "skip" };

const idl = await loadIdl(join(TESTDATA, "idl/api.thrift"), { services: "combine" });
const masks = new Map<string, Mask>();
for (const { name, oneway, args, result } of idl.service().methods) {
  const messages = oneway ? { oneway: args } : { call: args, reply: result };
  for (const [direction, type] of Object.entries(messages)) {
    const key = `${name} ${direction}`;
    masks.set(key, compileMask(type, PERSONAL[key] ?? {}));
  }
}
for (const key of Object.keys(PERSONAL)) assert(masks.has(key), `there is no message "${key}"`);

function compileMask(type: TypeDescriptor, { blank = [], remove = [] }: Rules): Mask {
  const elements = new Map<string, { blank: string[]; remove: string[] }>();
  /** Compiles a path without `[*]`; puts others aside for the elements of their list. */
  const compile = (text: string, rule: keyof Rules): CompiledPath<TypeDescriptor>[] => {
    const [list, ...rest] = text.split("[*].");
    if (rest.length === 0) return [compilePath(type, parsePath(text))];
    const rules = elements.get(list!) ?? { blank: [], remove: [] };
    rules[rule].push(rest.join("[*]."));
    elements.set(list!, rules);
    return [];
  };
  const blanks = blank.flatMap((text) => compile(text, "blank"));
  for (const { target } of blanks) assert(target.kind === "string", "only texts can be blank");
  const removes = remove.flatMap((text) => compile(text, "remove"));
  // Throws where the IDL requires the field.
  Value.empty(type).deleteMany(removes);
  const lists = [...elements].map(([text, rules]) => {
    const list = parsePath(text);
    const { target } = compilePath(type, list);
    assert(target.kind === "list", "`[*]` stands behind a list");
    return { list, element: compileMask(target.element, rules) };
  });
  return { type, blank: blanks, remove: removes, lists };
}

// 3. Per message.
function maskFrame(frame: Uint8Array): Uint8Array {
  const { name, type, bodyStart } = readEnvelope(frame, { start: FRAME_HEADER_SIZE });
  // An exception of the framework, not of the service: it has no fields of the IDL.
  if (type === "exception") return frame;
  const mask = masks.get(`${name} ${type}`);
  // What nobody knows does not pass.
  if (mask === undefined) throw new Error(`there is no message "${name} ${type}"`);
  // A view of the frame, from behind the envelope on: nothing is copied.
  const masked = maskValue(Value.from(mask.type, frame, { start: bodyStart }), mask);
  return masked === undefined ? frame : withBody(frame, bodyStart, masked);
}

/** The bytes of the masked value; `undefined` when nothing in it is personal. */
function maskValue(value: Value, { blank, remove, lists }: Mask): Uint8Array | undefined {
  // A few places: edits of the value, found and made in one pass each.
  const { node } = value;
  // Both change every occurrence of a repeated field: nothing hides behind a first one that is clean.
  value.setMany(
    blank.map((path) => [path, ""]),
    SKIP,
  );
  value.deleteMany(remove);
  if (lists.length === 0) return value.node === node ? undefined : value.bytes;
  // Many places: edits of a tree, which is written once.
  const dom = Dom.load(value);
  maskElements(dom.root, lists);
  const bytes = dom.toBytes();
  dom[Symbol.dispose](); // gives its memory to the next one
  return bytes;
}

function maskElements(node: DomNode, lists: Mask["lists"]): void {
  for (const { list, element } of lists) {
    for (const child of everyAt(node, list).flatMap(({ children }) => children)) {
      for (const path of element.blank) child.set(path, "", SKIP);
      for (const path of element.remove) child.delete(path);
      maskElements(child, element.lists);
    }
  }
}

/** All values at a path, also behind the first of repeated fields. */
function everyAt(node: DomNode, [step, ...rest]: readonly PathStep[]): DomNode[] {
  if (step === undefined) return [node];
  return node.children.filter((child) => child.step === step).flatMap((child) => everyAt(child, rest));
}

/** The frame with another body: the envelope is copied as it is. */
function withBody(frame: Uint8Array, bodyStart: number, body: Uint8Array): Uint8Array {
  const result = new Uint8Array(bodyStart + body.length);
  new DataView(result.buffer).setInt32(0, result.length - FRAME_HEADER_SIZE);
  result.set(frame.subarray(FRAME_HEADER_SIZE, bodyStart), FRAME_HEADER_SIZE);
  result.set(body, bodyStart);
  return result;
}

// 4. Messages on their way.
function frameOf(name: string, type: MessageType, body: Uint8Array): Uint8Array {
  const writer = new ByteWriter();
  writeEnvelope(writer, { name, type, sequenceId: 1 });
  return withBody(
    Uint8Array.from([0, 0, 0, 0, ...writer.toBytes()]),
    FRAME_HEADER_SIZE + writer.length,
    body,
  );
}

function messageOf(name: string, type: "call" | "reply", json: string): Uint8Array {
  return frameOf(name, type, jsonToThrift(masks.get(`${name} ${type}`)!.type).convert(json));
}

const base = `{
  "LogID": "log-1", "Caller": "web", "Addr": "203.0.113.7",
  "Extra": { "region": "eu-west", "client_ip": "203.0.113.7" }
}`;
const order = messageOf(
  "order",
  "call",
  `{ "request": {
    "lines": [{ "product_id": 7303212005061953689, "quantity": 2, "price": { "amount": 5720, "currency": "GBP" } }],
    "payment": { "card": { "holder": "Ines Adler", "last_digits": "4242", "month": 3, "year": 2027 } },
    "coupon": "FOR-INES", "Base": ${base} } }`,
);
const messages: Readonly<Record<string, Uint8Array>> = {
  "order call": order,
  "order call of a newer client": withUnknownField(order),
  "order reply": messageOf(
    "order",
    "reply",
    '{ "success": { "order_id": 7300429477939360586, "state": "PAID" } }',
  ),
  "getFeed call": messageOf(
    "getFeed",
    "call",
    `{ "request": { "user_id": 7, "session": "s3cr3t", "Base": ${base} } }`,
  ),
  "getFeed reply": messageOf(
    "getFeed",
    "reply",
    `{ "success": ${readFileSync(join(TESTDATA, "feed.json"))} }`,
  ),
};

/** The same call with a field in its request that our IDL does not have yet. */
function withUnknownField(frame: Uint8Array): Uint8Array {
  const { bodyStart } = readEnvelope(frame, { start: FRAME_HEADER_SIZE });
  const body = ThriftNode.from(TType.STRUCT, frame, { start: bodyStart });
  body.set([fieldId(1), fieldId(77)], ThriftNode.of(TType.STRING, "by drone"));
  return withBody(frame, bodyStart, body.bytes);
}

/** The same message with a field in front of the others in one of its structs, where that id may be a second time. */
function withFieldInFront(frame: Uint8Array, struct: FieldId[], id: number, field: ThriftNode): Uint8Array {
  const { bodyStart } = readEnvelope(frame, { start: FRAME_HEADER_SIZE });
  const body = ThriftNode.from(TType.STRUCT, frame, { start: bodyStart });
  const fields = [...body.get(struct)!] as [FieldId, ThriftNode][];
  body.set(struct, ThriftNode.structOf([[id, field], ...fields]));
  return withBody(frame, bodyStart, body.bytes);
}

// 5. The same by decoding a message, changing objects, and encoding it.
interface Decoded {
  request?: {
    payment?: { card?: { holder: string; lastDigits: string } };
    coupon?: string;
    session?: string;
    Base?: { Addr?: string; Extra?: Map<string, string> };
  };
  success?: { items?: { author: { displayName: string; avatarUrl?: string } }[] };
}

function maskObjects({ request, success }: Decoded): void {
  if (request?.payment?.card !== undefined) {
    request.payment.card.holder = "";
    request.payment.card.lastDigits = "";
  }
  delete request?.coupon;
  delete request?.session;
  delete request?.Base?.Addr;
  request?.Base?.Extra?.delete("client_ip");
  for (const { author } of success?.items ?? []) {
    author.displayName = "";
    delete author.avatarUrl;
  }
}

function maskByValues(frame: Uint8Array): Uint8Array {
  const { name, type, bodyStart } = readEnvelope(frame, { start: FRAME_HEADER_SIZE });
  const descriptor = masks.get(`${name} ${type}`)!.type;
  const decoded = Value.from(descriptor, frame, { start: bodyStart }).toJS() as Decoded;
  maskObjects(decoded);
  return withBody(frame, bodyStart, Value.of(descriptor, decoded).bytes);
}

function maskByNpmThrift(codec: NpmThriftCodec, frame: Uint8Array): Uint8Array {
  const { bodyStart } = readEnvelope(frame, { start: FRAME_HEADER_SIZE });
  const decoded = codec.decode(frame.subarray(bodyStart)) as Decoded;
  maskObjects(decoded);
  return withBody(frame, bodyStart, codec.encode(decoded));
}

// 6. Is that right, and what does it cost?
for (const [title, frame] of Object.entries(messages)) {
  const { name, type, bodyStart } = readEnvelope(frame, { start: FRAME_HEADER_SIZE });
  const mask = masks.get(`${name} ${type}`)!;
  const codec = npmThriftCodec(mask.type);
  const before = Uint8Array.from(frame);
  const masked = maskFrame(frame);
  const places = [...personalOf(Value.from(mask.type, frame, { start: bodyStart }), mask)];

  // Nothing else has changed: with what was taken put back, the message is the old one, byte for byte. Nor has anybody
  // written into the old one.
  const restored = Value.from(mask.type, masked, { start: bodyStart });
  restored.setMany(places);
  assertSameBytes(withBody(masked, bodyStart, restored.bytes), frame);
  assertSameBytes(frame, before);
  assertClean(masked);
  // Decoding and encoding would give the same bytes, but loses what the IDL does not know.
  const isKnown = title !== "order call of a newer client";
  for (const other of [maskByValues(frame), maskByNpmThrift(codec, frame)]) {
    if (isKnown) assertSameBytes(masked, other);
    else assert(Buffer.from(masked).includes("by drone") && !Buffer.from(other).includes("by drone"));
  }

  console.log(`${title}: ${frame.length} bytes, ${masked.length} masked, in ${places.length} places`);
  printRace({
    "in place": () => maskFrame(frame),
    "toJS, objects, Value.of": () => maskByValues(frame),
    "npm thrift: decode, objects, encode": () => maskByNpmThrift(codec, frame),
  });
}

// Nothing passes behind a payment and a feed that are there twice.
const voucher = ThriftNode.structOf([[2, ThriftNode.of(TType.STRING, "B0BCA45A13")]]);
assertClean(maskFrame(withFieldInFront(order, [fieldId(1)], 2, voucher)));
const noFeed = ThriftNode.structOf([[1, ThriftNode.listOf(TType.STRUCT, [])]]);
assertClean(maskFrame(withFieldInFront(messages["getFeed reply"]!, [], 0, noFeed)));

/** Whatever in a value is personal, and the paths to it. */
function* personalOf(
  value: Value,
  mask: Mask,
  before: readonly PathStep[] = [],
): Iterable<[PathStep[], Value]> {
  for (const path of [...mask.blank, ...mask.remove]) {
    const found = value.get(path);
    if (found !== undefined) yield [[...before, ...path.steps], found];
  }
  for (const { list, element } of mask.lists) {
    for (const [index, child] of value.get(list) ?? []) {
      yield* personalOf(child, element, [...before, ...list, index]);
    }
  }
}

/** Nothing personal is left. */
function assertClean(masked: Uint8Array): void {
  for (const secret of ["Ines", "INES", "4242", "203.0.113.7", "s3cr3t", "/avatar/"]) {
    assert(!Buffer.from(masked).includes(secret), `"${secret}" has passed`);
  }
}

function assertSameBytes(actual: Uint8Array, expected: Uint8Array): void {
  assert(Buffer.compare(actual, expected) === 0, "the bytes differ");
}
