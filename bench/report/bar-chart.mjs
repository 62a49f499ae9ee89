// Bars as SVG, drawn by Observable Plot on a document that needs no browser.
import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";

const WIDTH = 860;
const BAR_HEIGHT = 19;
const GROUP_GAP = 26;
const MARGIN = { top: 64, right: 76, bottom: 44, left: 268 };

/** Both themes bring their own background, so that a page of the other theme around it does no harm. */
const THEMES = {
  light: {
    background: "#ffffff",
    text: "#1f2328",
    muted: "#59636e",
    grid: "#d1d9e0",
    wasm: "#0969da",
    typescript: "#54a3f0",
    unit: "#818b98",
    peer: "#b6bfc9",
    dynamicgo: "#bf8700",
  },
  dark: {
    background: "#0d1117",
    text: "#f0f6fc",
    muted: "#9198a1",
    grid: "#3d444d",
    wasm: "#4493f8",
    typescript: "#2a66b0",
    unit: "#7d8590",
    peer: "#4b535d",
    dynamicgo: "#d29922",
  },
};

/**
 * @typedef {object} Bar
 * @property {string} group bars of one group stand together
 * @property {string} label
 * @property {number} value
 * @property {string} text written at the end of the bar
 * @property {"wasm" | "typescript" | "unit" | "peer" | "dynamicgo"} kind
 *
 * @param {{ title: string, subtitle: string, axis: string, bars: Bar[], scale?: "linear" | "log" }} chart bars on a
 *   logarithmic scale start at 1
 * @returns {string} an SVG file
 */
export function barChart({ title, subtitle, axis, bars, scale = "linear" }) {
  const { document } = parseHTML("<!doctype html><html><body></body></html>");
  const groups = [...new Set(bars.map(({ group }) => group))];
  const labels = [...new Set(bars.map(({ label }) => label))];
  const innerHeight = groups.length * (labels.length * BAR_HEIGHT + GROUP_GAP);
  const isLog = scale === "log";
  const origin = isLog ? 1 : 0;
  const ticks = isLog ? powersAround(bars.map(({ value }) => value)) : undefined;
  const svg = Plot.plot({
    document,
    width: WIDTH,
    height: MARGIN.top + innerHeight + MARGIN.bottom,
    marginTop: MARGIN.top,
    marginRight: MARGIN.right,
    marginBottom: MARGIN.bottom,
    marginLeft: MARGIN.left,
    style: { fontFamily: "system-ui, sans-serif", fontSize: "12px" },
    x: {
      type: scale,
      label: axis,
      labelArrow: "none",
      ...(isLog
        ? { base: 4, ticks, tickFormat: tickText, domain: [ticks[0], ticks.at(-1)] }
        : { nice: true }),
    },
    y: { domain: labels, label: null, tickSize: 0, padding: 0.25 },
    fy: { domain: groups, label: null, padding: GROUP_GAP / (labels.length * BAR_HEIGHT + GROUP_GAP) },
    marks: [
      Plot.gridX({ stroke: "var(--grid)", strokeOpacity: 1, ...(isLog ? { ticks } : {}) }),
      Plot.axisFy({
        anchor: "left",
        frameAnchor: "top-left",
        textAnchor: "start",
        lineAnchor: "bottom",
        dx: 25 - MARGIN.left,
        fill: "var(--text)",
        fontWeight: 600,
      }),
      Plot.barX(bars, {
        x1: origin,
        x2: "value",
        y: "label",
        fy: "group",
        fill: ({ kind }) => `var(--${kind})`,
        rx: 2,
        title: ({ label, text }) => `${label}: ${text}`,
      }),
      Plot.text(bars, {
        x: ({ value }) => Math.max(value, origin),
        y: "label",
        fy: "group",
        text: "text",
        textAnchor: "start",
        dx: 5,
        fill: "var(--text)",
        fontWeight: ({ kind }) => (isOurs(kind) ? 600 : 400),
      }),
      Plot.text(missingBars(bars, groups, labels), {
        x: origin,
        y: "label",
        fy: "group",
        text: () => "not measured",
        textAnchor: "start",
        dx: 5,
        fill: "var(--muted)",
      }),
      Plot.ruleX([origin], { stroke: "var(--muted)" }),
    ],
  });
  return finish(svg, title, subtitle);
}

const isOurs = (kind) => kind === "wasm" || kind === "typescript";

/** The places that have no bar. */
function missingBars(bars, groups, labels) {
  const present = new Set(bars.map(({ group, label }) => JSON.stringify([group, label])));
  return groups
    .flatMap((group) => labels.map((label) => ({ group, label })))
    .filter(({ group, label }) => !present.has(JSON.stringify([group, label])));
}

/** The powers of 4 around all values and 1. */
function powersAround(values) {
  const low = Math.floor(Math.log(Math.min(1, ...values)) / Math.log(4));
  const high = Math.ceil(Math.log(Math.max(1, ...values)) / Math.log(4));
  return Array.from({ length: high - low + 1 }, (_, index) => 4 ** (low + index));
}

const tickText = (value) => (value < 1 ? `1/${Math.round(1 / value)}×` : `${value}×`);

/** Adds what a file of its own needs: namespaces, themes, a background and a title. */
function finish(svg, title, subtitle) {
  const width = svg.getAttribute("width");
  const height = svg.getAttribute("height");
  const variables = (theme) =>
    Object.entries(theme)
      .map(([name, color]) => `--${name}: ${color};`)
      .join(" ");
  const head = `<title>${escapeXml(title)}</title>
<style>
svg { ${variables(THEMES.light)} color: var(--muted); }
@media (prefers-color-scheme: dark) { svg { ${variables(THEMES.dark)} } }
</style>
<rect width="${width}" height="${height}" rx="6" fill="var(--background)"/>
<text x="16" y="26" text-anchor="start" fill="var(--text)" font-size="15" font-weight="600">${escapeXml(title)}</text>
<text x="16" y="44" text-anchor="start" fill="var(--muted)">${escapeXml(subtitle)}</text>
`;
  svg.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  svg.setAttribute("xmlns:xlink", "http://www.w3.org/1999/xlink");
  const text = svg.toString();
  const start = text.indexOf(">") + 1;
  return `${text.slice(0, start)}${head}${text.slice(start)}\n`;
}

function escapeXml(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
