// npm run demo: loads an IDL of five files, converts a feed of 200 items both ways, and compares the speed with
// that of JSON.parse and JSON.stringify, which only build or read objects.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { jsonToThrift, loadIdl, thriftToJson } from "dynamic-thrift";

const ROOT: string = join(import.meta.dirname, "..");
const OUT: string = join(ROOT, "out");
const MEASURE_MS = 1_500;

function show(label: string, text: string): void {
  console.log(`${label.padEnd(34)} ${text}`);
}

function ms(milliseconds: number): string {
  return `${milliseconds.toFixed(milliseconds < 10 ? 2 : 0)} ms`;
}

function size(bytes: number): string {
  return `${bytes.toLocaleString("en")} bytes`;
}

/** The fastest time of each candidate in milliseconds; they take turns, so that all see the same machine. */
function race(candidates: Readonly<Record<string, () => unknown>>): Map<string, number> {
  const fastest = new Map<string, number>();
  const end = performance.now() + MEASURE_MS;
  while (performance.now() < end) {
    for (const [name, run] of Object.entries(candidates)) {
      const start = performance.now();
      run();
      const elapsed = performance.now() - start;
      fastest.set(name, Math.min(elapsed, fastest.get(name) ?? elapsed));
    }
  }
  return fastest;
}

function showRace(candidates: Readonly<Record<string, () => unknown>>): void {
  const times = [...race(candidates)];
  const [, first] = times[0]!;
  for (const [name, time] of times) {
    const ratio = name === times[0]![0] ? "" : `  (${(time / first).toFixed(1)} times as long)`;
    show(`  ${name}`, `${ms(time)}${ratio}`);
  }
}

const json = readFileSync(join(ROOT, "testdata/feed.json"));
const idlFile = join(ROOT, "testdata/idl/api.thrift");

const start = performance.now();
const idl = await loadIdl(idlFile);
const { result } = idl.service("FeedService").method("getFeed");
const type = idl.type("feed.FeedResponse");
show("IDL", `${relative(ROOT, idlFile)} and the files that it includes, in ${ms(performance.now() - start)}`);
show(
  "method",
  `FeedService.getFeed → ${result.fields.map((field) => `${field.name}: ${field.type.name}`).join(", ")}`,
);

const toThrift = jsonToThrift(type);
const toCompact = jsonToThrift(type, { protocol: "compact" });
const toJson = thriftToJson(type);

const binary = toThrift.convert(json);
const compact = toCompact.convert(json);
const back = toJson.convert(binary);
const exact = Buffer.compare(json, back) === 0;

console.log("");
show("JSON", size(json.length));
show("Thrift binary", size(binary.length));
show("Thrift compact", size(compact.length));
show("back to JSON", exact ? `${size(back.length)}, the same as the input` : "DIFFERS from the input");
const integers = json.toString().match(/(?<=[:,[])-?\d{16,}(?=[,\]}])/g) ?? [];
const lost = integers.filter((digits) => String(JSON.parse(digits)) !== digits).length;
show("64-bit integers", `${integers.length}, all exact; JSON.parse would change ${lost}`);

// Object building: what every reader and writer of generated code works on.
const value: unknown = JSON.parse(json.toString());
console.log("\nJSON → Thrift, fastest of many runs on this machine");
showRace({
  "dynamic-thrift, to the bytes": () => toThrift.convert(json),
  "JSON.parse, only to the objects": () => JSON.parse(json.toString()),
});
console.log("Thrift → JSON");
showRace({
  "dynamic-thrift, from the bytes": () => toJson.convert(binary),
  "JSON.stringify, from the objects": () => Buffer.from(JSON.stringify(value)),
});

mkdirSync(OUT, { recursive: true });
console.log("\nwritten to");
for (const [name, bytes] of Object.entries({
  "feed.binary.thrift": binary,
  "feed.compact.thrift": compact,
  "feed.json": back,
})) {
  writeFileSync(join(OUT, name), bytes);
  show(`  ${relative(ROOT, join(OUT, name))}`, size(bytes.length));
}
console.log(`
Look inside a file:
  node dist/cli.js convert --idl testdata/idl/api.thrift --type feed.FeedResponse \\
    --from thrift --to json --pretty -i out/feed.binary.thrift | head -40
Then take the five-minute tour of README.md.`);
process.exitCode = exact ? 0 : 1;
