import { describe, expect, it } from "vitest";
import { jsonToThrift, parseIdl, thriftToJson } from "../support/engines.ts";
import { expectThriftError } from "../support/errors.ts";

const type = parseIdl("struct S {}").struct("S");
const read = (): undefined => undefined;
const yes = (): boolean => true;

describe.each([
  ["jsonToThrift", jsonToThrift(type), new TextEncoder().encode("{}")],
  ["thriftToJson", thriftToJson(type), Uint8Array.of(0)],
] as const)("%s: a call context", (caller, converter, input) => {
  const base = `${caller}: \`base\` of the call must be an object of members by field name`;
  const source = `${caller}: \`source\` of the call must be a FieldSource`;
  const sink = `${caller}: \`sink\` of the call must be a FieldSink`;
  it.each<[text: string, call: unknown, message: string]>([
    ["{ base: null }", { base: null }, base],
    ['{ base: "x" }', { base: "x" }, base],
    ["{ base: new Map() }", { base: new Map([["LogID", "x"]]) }, base],
    ["{ base: [] }", { base: [] }, base],
    ["{ source: null }", { source: null }, source],
    ["{ source: { read } }", { source: { read } }, source],
    ["{ source: { allowsBody } }", { source: { allowsBody: yes } }, source],
    ["{ sink: null }", { sink: null }, sink],
    ["{ sink: 5 }", { sink: 5 }, sink],
    ["{ sink: { write } }", { sink: { write: yes } }, sink],
  ])("%s is refused", (_, call, message) => {
    expectThriftError(() => converter.convert(input, call as object), { code: "INVALID_OPTION", message });
    expectThriftError(() => converter.stream(call as object), { code: "INVALID_OPTION", message });
  });

  it("of members that are undefined is taken", () => {
    const call = { base: undefined, source: undefined, sink: undefined } as object;
    expect(converter.convert(input, call)).toEqual(converter.convert(input));
  });
});
