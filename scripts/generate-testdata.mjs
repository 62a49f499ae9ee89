// Writes testdata/feed.json and testdata/order-events.ndjson: invented, seeded, always the same.
// Both are in the exact form that thriftToJson writes, so a round trip gives the same bytes.
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const TESTDATA = new URL("../testdata/", import.meta.url);
const ITEMS = 200;
const EVENTS = 50;

/** A seeded generator (mulberry32): the same numbers on every machine. */
function createRandom(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 0x1_0000_0000;
  };
  const int = (min, max) => min + Math.floor(next() * (max - min + 1));
  return {
    int,
    chance: (probability) => next() < probability,
    pick: (values) => values[int(0, values.length - 1)],
    /** A number with at most two decimals. */
    decimal: (min, max) => int(min * 100, max * 100) / 100,
    /** A random id of 19 digits, beyond the exact integers of a double. */
    id: () => 7_300_000_000_000_000_000n + BigInt(int(0, 2 ** 30)) * 4_194_304n + BigInt(int(0, 4_194_303)),
    hex: (digits) => Array.from({ length: digits }, () => int(0, 15).toString(16)).join(""),
    bytes: (length) => Buffer.from(Array.from({ length }, () => int(0, 255))),
  };
}

const WORDS =
  "a about after again all always and another around back because before best between bread bright by city coffee could day different down every evening few field first for found from garden good green had harbour has house how in into is it just last later light little long made many market may more morning most mountain much must new next night of old on one open other our out over own people place quiet rain really river road same sea season see she simple slow small so some something spring still street such summer sun take than that the their then there these they thing this time to today together too train tree two under until up very walk was water way we well were what when where which while white wide wind window winter with without word work year yesterday you young".split(
    " ",
  );
const FIRST_NAMES = [
  "Ada",
  "Bruno",
  "Chen",
  "Dilek",
  "Elif",
  "Farid",
  "Greta",
  "Hugo",
  "Ines",
  "Jonas",
  "Kofi",
  "Lena",
];
const LAST_NAMES = [
  "Adler",
  "Brandt",
  "Castro",
  "Diaz",
  "Eriksen",
  "Fischer",
  "Garcia",
  "Hansen",
  "Ito",
  "Jensen",
];
const TAGS = [
  "travel",
  "food",
  "photo",
  "music",
  "books",
  "garden",
  "cycling",
  "design",
  "coffee",
  "diy",
  "hiking",
];

const START = 1_760_000_000_000;

function sentence(random, words) {
  const text = Array.from({ length: words }, () => random.pick(WORDS)).join(" ");
  return text[0].toUpperCase() + text.slice(1);
}

/** Pieces of about 80 characters in all, as content networks make them. */
function url(random, kind, extension) {
  return `https://cdn${random.int(1, 9)}.example.com/${kind}/${random.int(2021, 2026)}/${random.hex(32)}/w640${extension}`;
}

function user(random) {
  return {
    id: random.id(),
    display_name: `${random.pick(FIRST_NAMES)} ${random.pick(LAST_NAMES)}`,
    avatar_url: url(random, "avatar", ".webp"),
    verified: random.chance(0.2),
    followers: random.int(0, 250_000),
  };
}

function image(random) {
  return { url: url(random, "image", ".jpg"), width: 640, height: random.pick([360, 480, 640, 800]) };
}

function attachment(random) {
  switch (random.int(0, 5)) {
    case 0:
      return { video: { url: url(random, "video", ".mp4"), seconds: random.decimal(3, 180) } };
    case 1:
      return { link: url(random, "article", ".html") };
    default:
      return { image: image(random) };
  }
}

function item(random, index) {
  const kind = random.pick([0, 0, 0, 1, 1, 2, 3, 4]);
  return {
    id: random.id(),
    kind,
    author: user(random),
    title: sentence(random, random.int(4, 7)),
    text: `${sentence(random, random.int(6, 15))}.`,
    url: url(random, "item", ".html"),
    created_at: START - index * 60_000 - random.int(0, 59_999),
    stats: {
      views: random.int(100, 2_000_000),
      likes: random.int(0, 50_000),
      comments: random.int(0, 900),
      shares: random.int(0, 400),
      score: random.decimal(0, 1),
    },
    tags: Array.from({ length: random.int(1, 3) }, () => random.pick(TAGS)),
    liked: random.chance(0.3),
    sponsored: kind === 4,
    attachment: random.chance(0.25) ? attachment(random) : undefined,
    reactions: random.chance(0.1)
      ? { 1: random.int(1, 900), 2: random.int(1, 300), 3: random.int(1, 90) }
      : undefined,
    price: kind === 3 ? random.decimal(1, 200) : undefined,
  };
}

function feed() {
  const random = createRandom(1);
  return {
    items: Array.from({ length: ITEMS }, (_, index) => item(random, index)),
    page: { next: random.hex(24), has_more: true, total: 18_234 },
    experiment: "ranking-b",
  };
}

function uuid(random) {
  return [8, 4, 4, 4, 12].map((digits) => random.hex(digits)).join("-");
}

function money(random) {
  return { amount: random.int(199, 19_999), currency: random.pick([978, 826, 156, 840]) };
}

function payment(random) {
  switch (random.int(0, 2)) {
    case 0:
      return { voucher: random.hex(10).toUpperCase() };
    case 1:
      return { invoice: random.id() };
    default: {
      const holder = `${random.pick(FIRST_NAMES)} ${random.pick(LAST_NAMES)}`;
      return {
        card: { holder, last_digits: String(random.int(1000, 9999)), month: random.int(1, 12), year: 2027 },
      };
    }
  }
}

const COMMENTS = [
  "please ring twice",
  'leave it "as usual"\n– at the back door',
  "Grüße aus Köln 🎁",
  "请放在门口",
  "tab\there",
];

function orderEvent(random, index) {
  const at = START + index * 1_500 + random.int(0, 1_499);
  const state = random.pick([0, 1, 2, 3, -1]);
  return {
    event_id: uuid(random),
    order_id: random.id(),
    at,
    state,
    buyer: user(random),
    lines: Array.from({ length: random.int(1, 4) }, () => ({
      product_id: random.id(),
      quantity: random.int(1, 5),
      price: money(random),
      note: random.chance(0.2) ? sentence(random, 4) : undefined,
    })),
    payment: state === 0 ? undefined : payment(random),
    discounts: random.chance(0.3) ? { [random.id()]: random.decimal(0, 30), 7: 0.5 } : undefined,
    history: random.chance(0.5)
      ? new Map([
          [0, at - 90_000],
          [1, at - 45_000],
          [-1, at],
        ])
      : undefined,
    signature: random.chance(0.5) ? random.bytes(random.int(8, 40)).toString("base64") : undefined,
    route: random.chance(0.3) ? [[random.int(0, 99), random.int(0, 99)], [], [random.int(0, 99)]] : undefined,
    parcels: random.chance(0.3)
      ? [[{ length: random.decimal(5, 80), width: random.decimal(5, 40), height: 2.5 }, random.int(1, 3)]]
      : undefined,
    priority: random.int(-1, 9),
    comment: random.chance(0.4) ? random.pick(COMMENTS) : undefined,
  };
}

/** JSON text of plain data that may hold bigints, written as digits, and maps, whose order is kept. */
function toJson(value) {
  if (typeof value === "bigint") return value.toString();
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(toJson).join(",")}]`;
  const entries = value instanceof Map ? [...value] : Object.entries(value);
  const members = entries.filter(([, member]) => member !== undefined);
  return `{${members.map(([key, member]) => `${JSON.stringify(String(key))}:${toJson(member)}`).join(",")}}`;
}

function write(name, text) {
  writeFileSync(new URL(name, TESTDATA), text);
  console.log(`${fileURLToPath(new URL(name, TESTDATA))}: ${Buffer.byteLength(text)} bytes`);
}

const random = createRandom(2);
const events = Array.from({ length: EVENTS }, (_, index) => toJson(orderEvent(random, index)));
write("feed.json", toJson(feed()));
write("order-events.ndjson", `${events.join("\n")}\n`);
