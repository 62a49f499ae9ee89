// The feed of testdata/, and what it becomes when clients are less tidy.
import { readFileSync } from "node:fs";
import { library } from "../library.mjs";
import { printJson, readJson, reorderKeys } from "./json-text.mjs";
import { printIdl } from "./print-idl.mjs";
import { createRandom, shuffle } from "./random.mjs";

const SEED = 5;
const INDENT = 2;

/** 80 feeds of 127 KB are 10 MB. */
const REPEATS = 80;

/** Pure ASCII, so engines keep its text in one byte per character. */
export const feedText = () => readFileSync(new URL("../../testdata/feed.json", import.meta.url), "utf8");

export function feedType() {
  const { fileName, sources } = feedIdl();
  return library.parseIdl(sources[fileName], { fileName, sources }).struct("FeedResponse");
}

/** Its IDL: the file, and the text of that and of what it includes. */
export function feedIdl() {
  const names = ["feed.thrift", "base.thrift", "common.thrift"];
  const read = (name) => readFileSync(new URL(`../../testdata/idl/${name}`, import.meta.url), "utf8");
  return { fileName: names[0], sources: Object.fromEntries(names.map((name) => [name, read(name)])) };
}

/** With an accent in some names, as real feeds have: strings get two bytes per character. */
export const unicodeFeedText = () => feedText().replaceAll("Garcia", "García");

export const prettyFeedText = () => printJson(readJson(feedText()), INDENT);

/** Every object has its keys in the same order, which is not that of the IDL. */
export const reversedFeedText = () => printJson(reorderKeys(readJson(feedText()), (keys) => keys.reverse()));

/** Every object has its keys in an order of its own. */
export function shuffledFeedText() {
  const random = createRandom(SEED);
  return printJson(reorderKeys(readJson(feedText()), (keys) => shuffle(keys, random)));
}

/** One feed with 80 times the items. */
export function bigFeedText() {
  const [, items, rest] = /^\{"items":\[(.*)\](,"page":.*)$/s.exec(feedText());
  return `{"items":[${Array(REPEATS).fill(items).join(",")}]${rest}`;
}

/** The type that knows every second field of each struct, beginning with the first. */
export function halfFeedType() {
  const keeps = (field) => field.parent.fields.indexOf(field) % 2 === 0;
  return library.parseIdl(printIdl(feedType(), { keeps })).struct("FeedResponse");
}

/** The JSON of what the type knows of a message. */
export function knownText(type, text) {
  return printJson(known(type, readJson(text)));
}

function known(type, value) {
  switch (type.kind) {
    case "struct":
      return Object.fromEntries(
        Object.entries(value).flatMap(([key, member]) => {
          const field = type.fieldByKey(key);
          return field === undefined ? [] : [[key, known(field.type, member)]];
        }),
      );
    case "list":
    case "set":
      return value.map((element) => known(type.element, element));
    case "map":
      return Object.fromEntries(
        Object.entries(value).map(([key, member]) => [key, known(type.value, member)]),
      );
    default:
      return value;
  }
}
