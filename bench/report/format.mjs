// Numbers as people read them.
import { spread } from "../measure/statistics.mjs";

const NS_PER_US = 1e3;
const NS_PER_MS = 1e6;

/** Three significant digits, without an exponent. */
export function formatNumber(value) {
  if (value === 0) return "0";
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return value.toFixed(Math.min(digits, 3));
}

/** A value in its unit; times in the unit that suits them. */
export function formatValue(value, unit) {
  if (unit !== "ns") return `${formatNumber(value)} ${unit}`;
  if (value >= NS_PER_MS) return `${formatNumber(value / NS_PER_MS)} ms`;
  return value >= NS_PER_US ? `${formatNumber(value / NS_PER_US)} µs` : `${formatNumber(value)} ns`;
}

export function formatRate({ bytes, median }) {
  return bytes === undefined ? "" : ((bytes / median) * NS_PER_US).toFixed(0);
}

export function formatRatio(ratio) {
  return `${ratio < 1 ? ratio.toFixed(3) : formatNumber(ratio)}×`;
}

export function formatSpread(ratio) {
  return `±${Math.round(spread(ratio) * 100)}%`;
}

/** How many times as fast something is: two digits say enough. */
export function formatSpeed(speed) {
  return `${speed.toFixed(Math.max(0, 1 - Math.floor(Math.log10(speed))))}×`;
}

/** `≈` marks a figure whose unit was not measured. */
export function formatDynamicgo(figure) {
  return figure === undefined ? "" : `${figure.isEstimate ? "≈" : ""}${formatRatio(figure.ratio)}`;
}

export function formatTarget(result) {
  const { target } = result;
  if (target === undefined) return "";
  // Some are products.
  return `≤ ${Number(target.toPrecision(3))} ${formatVerdict(result)}`;
}

export function formatVerdict({ ratio, target }) {
  return ratio.median <= target ? "met" : "MISSED";
}
