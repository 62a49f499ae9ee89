// Runs test/support/core-tests.mjs against the built library in headless Chromium, in a page and in a web worker.
// CHROMIUM_PATH names the browser; without any, a worker of Node whose Node globals are gone takes its place.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const LIMIT_MS = 60_000;
const BROWSERS = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

const read = (path) => readFileSync(join(ROOT, path), "utf8");

const fixtures = {
  sources: Object.fromEntries(
    readdirSync(join(ROOT, "testdata/idl")).map((name) => [name, read(`testdata/idl/${name}`)]),
  ),
  feed: read("testdata/feed.json"),
  events: read("testdata/order-events.ndjson").trimEnd().split("\n"),
};

const RUN_ALL = `
  import * as library from "/dist/index.js";
  import { runCoreTests } from "/core-tests.mjs";
  const run = async () => runCoreTests(library, await (await fetch("/fixtures.json")).json());
`;

/** What the page loads; everything is served from memory. */
const FILES = {
  "/": ["text/html", '<!doctype html><meta charset="utf-8"><script type="module" src="/page.mjs"></script>'],
  "/page.mjs": [
    "text/javascript",
    `${RUN_ALL}
     const inWorker = new Promise((resolve, reject) => {
       const worker = new Worker("/worker.mjs", { type: "module" });
       worker.onmessage = ({ data }) => resolve(data);
       worker.onerror = ({ message }) => reject(new Error("the web worker failed: " + message));
     });
     const report = async () => ({ page: await run(), "web worker": await inWorker });
     const body = await report().catch((error) => ({ page: [{ name: "start", error: String(error) }] }));
     await fetch("/result", { method: "POST", body: JSON.stringify(body) });`,
  ],
  "/worker.mjs": ["text/javascript", `${RUN_ALL} postMessage(await run());`],
  "/core-tests.mjs": ["text/javascript", read("test/support/core-tests.mjs")],
  "/dist/index.js": ["text/javascript", read("dist/index.js")],
  "/fixtures.json": ["application/json", JSON.stringify(fixtures)],
};

/** Gives the results by place: `{ page: [{ name, error }], "web worker": … }`. */
async function runInBrowser(executable) {
  const profile = mkdtempSync(join(tmpdir(), "dynamic-thrift-chromium-"));
  let browser;
  let timer;
  let server;
  try {
    return await new Promise((resolve, reject) => {
      server = createServer((request, response) => {
        if (request.method === "POST") {
          request.setEncoding("utf8");
          let body = "";
          request.on("data", (chunk) => {
            body += chunk;
          });
          request.on("end", () => {
            response.end();
            resolve(JSON.parse(body));
          });
          return;
        }
        const [type, content] = FILES[request.url] ?? [];
        response.writeHead(content === undefined ? 404 : 200, { "content-type": type ?? "text/plain" });
        response.end(content);
      });
      server.listen(0, "127.0.0.1", () => {
        const args = ["--headless=new", "--no-first-run", "--disable-gpu", "--disable-dev-shm-usage"];
        args.push("--disable-background-networking", "--disable-component-update", "--disable-sync");
        // Chromium refuses its sandbox to root; the page holds nothing but our own code.
        if (process.getuid?.() === 0) args.push("--no-sandbox");
        args.push(`--user-data-dir=${profile}`, `http://127.0.0.1:${server.address().port}/`);
        browser = spawn(executable, args, { stdio: "ignore", detached: true });
        browser.on("error", reject);
        browser.on("exit", (code) => reject(new Error(`${executable} ended with exit code ${code}`)));
      });
      timer = setTimeout(() => reject(new Error(`no result after ${LIMIT_MS} ms`)), LIMIT_MS);
    });
  } finally {
    clearTimeout(timer);
    server?.close();
    server?.closeAllConnections();
    if (browser?.pid !== undefined) await stop(browser);
    rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

/** Ends the browser with all its processes, which are one group. */
async function stop(browser) {
  if (browser.exitCode !== null) return;
  const ended = new Promise((resolve) => browser.once("exit", resolve));
  process.kill(-browser.pid, "SIGKILL");
  await ended;
}

async function runInWorker() {
  const code = `
    import { parentPort, workerData } from "node:worker_threads";
    import { runCoreTests } from ${JSON.stringify(new URL("../test/support/core-tests.mjs", import.meta.url).href)};
    const port = parentPort;
    for (const name of ["process", "Buffer", "setImmediate", "clearImmediate", "global", "require"]) {
      delete globalThis[name];
    }
    const library = await import(${JSON.stringify(new URL("../dist/index.js", import.meta.url).href)});
    port.postMessage(await runCoreTests(library, workerData));
  `;
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(code)}`), {
    workerData: fixtures,
  });
  const results = await new Promise((resolve, reject) => {
    worker.once("message", resolve);
    worker.once("error", reject);
  });
  await worker.terminate();
  return { "worker without Node globals": results };
}

const executable = process.env.CHROMIUM_PATH ?? BROWSERS.find((path) => existsSync(path));
if (executable === undefined)
  console.log("no Chromium here (CHROMIUM_PATH): using a worker without Node globals");
const places = executable === undefined ? await runInWorker() : await runInBrowser(executable);

let passed = 0;
let failed = 0;
for (const [place, results] of Object.entries(places)) {
  for (const { name, error } of results) {
    console.log(
      `${error === undefined ? "ok    " : "FAILED"} ${place}: ${name}${error === undefined ? "" : `\n${error}`}`,
    );
    if (error === undefined) passed++;
    else failed++;
  }
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
