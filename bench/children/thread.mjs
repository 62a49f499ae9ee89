// A thread that converts one message for the time it is told, and answers with the number of calls.
import { parentPort, workerData } from "node:worker_threads";
import { callsIn } from "../measure/measure.mjs";
import { createWay } from "./ways.mjs";

const { direction, way, bytes } = workerData;
// Buffers arrive as plain arrays of bytes.
const input = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
const convert = createWay(direction, way, input.length);
parentPort.on("message", (milliseconds) => {
  const rate = callsIn(() => convert(input), milliseconds);
  parentPort.postMessage(rate);
});
