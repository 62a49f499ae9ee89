// A backend for one page: a big feed response comes in from the service, and what leaves is only what the page
// shows, without advertising, the best first. All on Thrift bytes: no item becomes a JavaScript object.
// Run it with `npm run examples`, or alone with `npm run build && node scripts/run.mjs examples/bff-trim.ts`.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  compilePath,
  Dom,
  type DomNode,
  jsonToThrift,
  loadIdl,
  parseIdl,
  thriftToJson,
  Value,
} from "dynamic-thrift";
import { npmThriftCodec } from "./support/npm-thrift.ts";
import { printRace } from "./support/race.ts";

const TESTDATA: string = join(import.meta.dirname, "../testdata");
const TOP = 20;

// 1. Once, at start-up: what the service sends, and what the page wants. The page has an IDL of its own, with the ids
//    of the fields that it wants and whatever names it likes. What it does not mention is cut away.
const idl = await loadIdl(join(TESTDATA, "idl/api.thrift"));
const feedType = idl.struct("feed.FeedResponse");

const pageType = parseIdl(`
  struct Author { 1: required i64 id, 2: required string name }
  struct Stats { 2: i32 likes }
  struct Card {
    1: required i64 id
    3: required Author author
    4: string headline
    6: required string link
    8: Stats stats
    11: optional bool sponsored
  }
  struct Page { 1: required list<Card> cards }
`).struct("Page");

// Paths that every card is asked for are resolved once.
const cardType = pageType.fieldByName("cards")!.type;
assert(cardType.kind === "list");
const likesPath = compilePath(cardType.element, ["stats", "likes"]);
const sponsoredPath = compilePath(cardType.element, "sponsored");

// 2. Per response: cut, then drop, sort and shorten.
function trim(response: Uint8Array): Uint8Array {
  const page = Value.from(feedType, response).project(pageType);

  const dom = Dom.load(page);
  const cards = dom.root.get("cards")!;
  cards.filter((card) => card.get(sponsoredPath)?.asBoolean() !== true);
  const likesOf = once((card: DomNode) => card.get(likesPath)?.asNumber() ?? 0);
  cards.sort((a, b) => likesOf(b) - likesOf(a));
  cards.filter((_card, index) => index < TOP);
  for (const card of cards) card.delete(sponsoredPath);

  const bytes = dom.toBytes();
  dom[Symbol.dispose](); // `using dom = …` does it by itself, where the language has that
  return bytes;
}

/** Sorting compares each card with many others, and reads it once this way. */
function once<K, V>(read: (key: K) => V): (key: K) => V {
  const known = new Map<K, V>();
  return (key) => {
    let value = known.get(key);
    if (value === undefined) known.set(key, (value = read(key)));
    return value;
  };
}

// 3. What comes out.
const response = jsonToThrift(feedType).convert(readFileSync(join(TESTDATA, "feed.json")));
const before = Uint8Array.from(response);
const cut = Value.from(feedType, response).project(pageType);
const page = trim(response);
const json = thriftToJson(pageType, { int64: "string" }).convertToString(page);

console.log(`the response        ${response.length} bytes, ${feedItems(response)} items`);
console.log(`cut to the page     ${cut.size} bytes`);
console.log(`the best ${TOP}         ${page.length} bytes, ${json.length} bytes as JSON`);
console.log(`\n${json.slice(0, 268)} …`);

// 4. The same by decoding everything, changing objects, and encoding what is left.
interface Feed {
  items: Item[];
}

interface Item {
  id: unknown;
  author: { id: unknown; displayName: string };
  title?: string;
  url: string;
  stats?: { likes?: number };
  sponsored?: boolean;
}

function trimObjects({ items }: Feed): unknown {
  const cards = items
    .filter(({ sponsored }) => sponsored !== true)
    .sort((a, b) => (b.stats?.likes ?? 0) - (a.stats?.likes ?? 0))
    .slice(0, TOP)
    .map(({ id, author, title, url, stats }) => ({
      id,
      author: { id: author.id, name: author.displayName },
      headline: title,
      link: url,
      stats: { likes: stats?.likes },
    }));
  return { cards };
}

function trimByValues(bytes: Uint8Array): Uint8Array {
  return Value.of(pageType, trimObjects(Value.from(feedType, bytes).toJS() as Feed)).bytes;
}

const feedCodec = npmThriftCodec(feedType);
const pageCodec = npmThriftCodec(pageType);

function trimByNpmThrift(bytes: Uint8Array): Uint8Array {
  return pageCodec.encode(trimObjects(feedCodec.decode(bytes) as Feed));
}

// All of them give the same bytes, and nobody has written into what came in.
assert.deepEqual(Buffer.from(page), Buffer.from(trimByValues(response)));
assert.deepEqual(Buffer.from(page), Buffer.from(trimByNpmThrift(response)));
assert.deepEqual(Buffer.from(response), Buffer.from(before));
assert(page.length < cut.size && cut.size < response.length);

console.log("\nper response");
printRace({
  "project, then Dom": () => trim(response),
  "toJS, objects, Value.of": () => trimByValues(response),
  "npm thrift: decode, objects, encode": () => trimByNpmThrift(response),
  "only the cut: project": () => Value.from(feedType, response).project(pageType),
});

function feedItems(bytes: Uint8Array): number | undefined {
  return Value.from(feedType, bytes).get("items")?.length;
}
