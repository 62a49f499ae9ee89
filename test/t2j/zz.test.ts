import { it } from "vitest";
import { TType } from "../../src/wire/ttype.ts";
import { parseIdl, thriftToJson, createAnnotationRegistry, isThriftError } from "dynamic-thrift";
import * as W from "./wire.ts";
import { convertEveryWay } from "./check.ts";
import { utf8 } from "../support/bytes.ts";

function show(o: any) { return "json" in o ? o.json : `${o.error.code} @${o.error.offset} ${o.error.path} ${o.error.message}`; }
async function go(name: string, idl: any, wire: W.Wire, options: any = {}, expr = "S", call?: any) {
  const type = typeof idl === "string" ? parseIdl(idl).type(expr) : idl;
  for (const protocol of W.PROTOCOLS) {
    const { bytes, mark } = W.encode(wire, protocol);
    try {
      const c = thriftToJson(type, { ...options, protocol });
      let direct; try { direct = c.convertToString(bytes, call);} catch (e:any) { direct = isThriftError(e) ? `${e.code} @${e.offset} ${e.path}` : String(e.stack).slice(0,300) }
      console.log(name, protocol, "mark", mark, "->", direct);
      await convertEveryWay(c, bytes, call ? {call} : {});
    } catch (e: any) { console.log(name, protocol, "WAYS DIFFER", String(e.message).slice(0, 1500)); }
  }
}
it("x", async () => {
  await go("nonascii alias", `struct S { 1: i32 a (api.key = "größe") }`, W.struct([1, W.i32(1)]));
  await go("nonascii label enum", `enum E { A = 1 } struct S { 1: E a }`, W.struct([1, W.i32(1)]), {enums:"name"});
  await go("key path", `struct T {1: required i32 x} struct S { 1: map<string,T> m }`, W.struct([1, W.map(TType.STRING, TType.STRUCT, [[W.text("a"), W.struct([1,W.i32(1)])], [W.text("kkkk"), W.struct()]])]));
  await go("key path uuid", `struct T {1: required i32 x} struct S { 1: map<uuid,T> m }`, W.struct([1, W.map(TType.UUID, TType.STRUCT, [[W.uuid("00112233-4455-6677-8899-aabbccddeeff"), W.struct()]])]));
  await go("trunc skip", `struct S { 1: i32 a }`, W.raw(TType.STRUCT, {binary: "0a 0063 00000000", compact: "07 c601 00000000"}));
  await go("bad type known", `struct S { 1: i32 a }`, W.raw(TType.STRUCT, {binary: "07 0001 00000000 00", compact: "1e 00"}));
  await go("bad elem type known", `struct S { 1: list<i32> a }`, W.struct([1, W.raw(TType.LIST, {binary: "07 00000001 00000000", compact: "1e 00"})]));
  await go("mismatch skip list trunc", `struct S { 1: list<list<i32>> a }`, W.raw(TType.STRUCT, {binary: "0f 0001 0f 00000001 08 0000", compact: "19 19"}), {mismatch: "skip"});
  await go("mismatch skip map value", `struct S { 1: map<string,list<i32>> a; 2: i32 b }`, W.struct([1, W.map(TType.STRING, TType.LIST, [[W.text("k"), W.list(TType.I64, [W.i64(1)])],[W.text("j"), W.list(TType.I32, [W.i32(1)])]])], [2, W.i32(5)]), {mismatch: "skip"});
  await go("mismatch skip map map value", `struct S { 1: map<string,map<i32,i32>> a; 2: i32 b }`, W.struct([1, W.map(TType.STRING, TType.MAP, [[W.text("k"), W.map(TType.I64, TType.I32, [[W.i64(1), W.i32(2)]])]])], [2, W.i32(5)]), {mismatch: "skip"});
  await go("dup key", `struct S { 1: map<string,i32> a }`, W.struct([1, W.map(TType.STRING, TType.I32, [[W.text("k"), W.i32(1)],[W.text("k"), W.i32(2)]])]), {duplicateKeys: "error"});
  await go("dup pair", `struct T { 1: i32 x } struct S { 1: map<T,i32> a }`, W.struct([1, W.map(TType.STRUCT, TType.I32, [[W.struct([1, W.i32(1)]), W.i32(1)],[W.struct([1, W.i32(1)]), W.i32(2)]])]), {duplicateKeys: "error"});
  const annotations = createAnnotationRegistry({ values: { "my.v": () => ({ kind: "custom", name: "x", jsonToThrift: (j, c) => c.fromJson(j), thriftToJson: (b, c) => `{"was":${c.toJson(b)}}` }) } });
  const idl = parseIdl(`struct S { 1: bool a (my.v); 2: i32 b (my.v); 3: string c }`, { annotations });
  await go("custom bool", idl.type("S"), W.struct([1, W.bool(true)], [2, W.i32(5)], [3, W.text("z")]));
  await go("custom err", idl.type("S"), W.struct([1, W.bool(true)], [2, W.i32(5)], [3, W.text(Uint8Array.of(0xff))]));
  await go("nan js_conv null", `struct S { 1: double a (api.js_conv), 2: map<double,i32> m }`, W.struct([1, W.double(NaN)]), {nonFinite: "null"});
  await go("rawjson", `struct S { 1: string a (agw.body_dynamic) }`, W.struct([1, W.text("not json")]));
  await go("rawjson", `struct S { 1: string a (agw.body_dynamic) }`, W.struct([1, W.text("")]));
  const rs = parseIdl(`exception X { 1: string m } service A { i32 f() throws (1: X ex) }`).service("A").method("f").result;
  await go("exc", rs, W.struct([1, W.struct([1, W.text("boom")])]), {exceptions: "throw"});
  await go("exc bad", rs, W.struct([1, W.struct([1, W.text(Uint8Array.of(65, 0xff))])]), {exceptions: "throw"});
  const b = parseIdl(`include "base.thrift" struct R { 1: i32 x; 255: base.BaseResp b } struct S { 1: i32 q }`, { sources: { "base.thrift": "struct BaseResp { 1: string StatusMessage, 2: i32 StatusCode }" } });
  await go("list base", b.type("list<R>"), W.list(TType.STRUCT, [W.struct([1, W.i32(1)], [255, W.struct([2, W.i32(5)])])]), {}, "S", { base: {} });
  const h = parseIdl(`struct S { 1: string s; 2: i64 x (api.header="x", api.js_conv); 3: bool y (api.header="y"); 4: i32 z (api.header="z") }`);
  const other = thriftToJson(parseIdl("struct S {1: i32 x}").struct("S"));
  const sink = { accepts: (f: any) => f.name !== "z", write: (f: any, bytes: any) => { other.convertToString(Uint8Array.of(0)); return f.name === "y"; } };
  await go("sink", h.type("S"), W.struct([1, W.text("é")],[2, W.i64(5)], [3, W.bool(true)], [4, W.i32(3)]), {}, "S", { sink });
  const sink2 = { accepts: (f: any) => { other.convertToString(Uint8Array.of(0)); return f.name === "y" }, write: (f: any, bytes: any) => true };
  await go("sink accepts reentrant", h.type("S"), W.struct([1, W.text("é")],[2, W.i64(5)], [3, W.bool(true)], [4, W.i32(3)]), {}, "S", { sink: sink2 });
  const sink3 = { accepts: (f: any) => { throw new Error("no") }, write: (f: any, bytes: any) => true };
  await go("sink accepts throws", h.type("S"), W.struct([1, W.text("é")],[2, W.i64(5)], [3, W.bool(true)], [4, W.i32(3)]), {}, "S", { sink: sink3 });
  const m = parseIdl(`struct T { 1: i32 x; 2: i32 y } struct S { 1: string s; 2: T x (api.header="x"); }`);
  const sink4 = { accepts: () => true, write: () => false };
  await go("sink mask", m.type("S"), W.struct([1, W.text("é")],[2, W.struct([1, W.i32(1)], [2, W.i32(2)])]), {mask: { otherFields: "keep", fields: new Map<any, any>([[1, "skip"]]) } }, "S", { sink: sink4 });
});
