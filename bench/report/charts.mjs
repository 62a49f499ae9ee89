// Which rows become which charts.
import { OURS } from "../library-name.mjs";
import { barChart } from "./bar-chart.mjs";
import { formatSpeed } from "./format.mjs";

const DYNAMICGO = "dynamicgo, scaled";
const SPEED_AXIS = (unit) => `times the speed of ${unit}`;

/** @typedef {{ file: string, alt: string, svg: string }} Chart */

/**
 * The charts whose rows the results have.
 *
 * @param {import("./result-file.mjs").Results} results
 * @returns {Chart[]}
 */
export function drawCharts({ rows }) {
  const sizes = ["small", "medium", "feed", "large"];
  const messages = [
    "feed",
    "feed-unicode",
    "feed-pretty",
    "feed-reversed-keys",
    "feed-shuffled-keys",
    "feed-half-unknown",
    "10mb",
  ];
  const reading = ["skip", "get-one", "get-many", "project", "dom-load-reused", "to-js"];
  return [
    conversionChart(rows, "json-to-thrift", "JSON to Thrift", sizes),
    conversionChart(rows, "thrift-to-json", "Thrift to JSON", sizes),
    conversionChart(rows, "json-to-thrift", "JSON to Thrift: untidy and big messages", messages, "messages"),
    reflectionChart(rows, "medium", reading),
  ].filter((chart) => chart !== undefined);
}

/** How fast those candidates are that all rows have, in times of what the platform takes for the JSON alone. */
function conversionChart(rows, operation, title, fixtures, file = operation) {
  const chosen = pick(
    rows,
    fixtures.map((fixture) => `${operation}/${fixture}`),
  );
  if (chosen.length === 0) return undefined;
  const [{ baseline }] = chosen;
  const isEverywhere = ({ name }) =>
    chosen.every(({ candidates }) => candidates.some((candidate) => candidate.name === name));
  // Without `bytes` it is for another message.
  const isForMessage = ({ bytes }) => bytes !== undefined;
  const bars = chosen.flatMap((row) => {
    const group = row.name.split("/")[1];
    const own = row.candidates
      .filter((candidate) => isForMessage(candidate) && isEverywhere(candidate))
      .map((candidate) => bar(group, candidate.name, candidate.ratio.median, kindOf(row, candidate)));
    const figure = row.candidates.find(({ dynamicgo }) => dynamicgo !== undefined)?.dynamicgo;
    return figure === undefined ? own : [...own, dynamicgoBar(group, figure)];
  });
  const subtitle = `Bytes to bytes. ${baseline} alone, which makes no Thrift, is 1; longer is faster.`;
  return {
    file: `${file}.svg`,
    alt: `${title}: how fast each is, ${baseline} alone being 1`,
    svg: barChart({ title, subtitle, axis: SPEED_AXIS(baseline), bars }),
  };
}

/** The best of our ways, npm thrift and dynamicgo. */
function reflectionChart(rows, fixture, operations) {
  const chosen = pick(
    rows,
    operations.map((operation) => `${operation}/${fixture}`),
  );
  if (chosen.length === 0) return undefined;
  const [{ baseline }] = chosen;
  const bars = chosen.flatMap((row) => {
    const group = row.name.split("/")[0];
    const ratioOf = ({ ratio }) => ratio.median;
    const ours = Math.min(...row.candidates.filter((candidate) => candidate.ours).map(ratioOf));
    const peers = row.candidates.filter((candidate) => !candidate.ours && candidate.name !== baseline);
    const figure = row.candidates.find(({ dynamicgo }) => dynamicgo !== undefined)?.dynamicgo;
    return [
      bar(group, OURS, ours, "wasm"),
      ...peers.map((peer) => bar(group, peer.name, ratioOf(peer), "peer")),
      ...(figure === undefined ? [] : [dynamicgoBar(group, figure)]),
    ];
  });
  const title = "Reading and editing on the bytes";
  return {
    file: "reflection.svg",
    alt: `${title}: how fast each is, ${baseline} of the same message being 1`,
    svg: barChart({
      title,
      subtitle: `The message ${fixture}. ${baseline} of its JSON is 1; longer to the right is faster.`,
      axis: `${SPEED_AXIS(baseline)}, logarithmic`,
      bars,
      scale: "log",
    }),
  };
}

function pick(rows, names) {
  return names.flatMap((name) => rows.filter((row) => row.name === name));
}

function kindOf({ baseline }, { name, ours }) {
  if (ours) return name.includes("typescript") ? "typescript" : "wasm";
  return name === baseline ? "unit" : "peer";
}

function bar(group, label, ratio, kind) {
  const speed = 1 / ratio;
  return { group, label, value: speed, text: formatSpeed(speed), kind };
}

function dynamicgoBar(group, { ratio, isEstimate }) {
  const entry = bar(group, DYNAMICGO, ratio, "dynamicgo");
  return isEstimate ? { ...entry, text: `≈${entry.text}` } : entry;
}
