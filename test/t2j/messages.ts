import { TType } from "../../src/wire/ttype.ts";
import { hex } from "../support/bytes.ts";
import { parseIdl, type TypeDescriptor } from "../support/engines.ts";
import * as W from "./wire.ts";

/** Messages that have every kind of value in every kind of place, unknown ones included. */

const { BOOL, BYTE, I16, I32, I64, DOUBLE, STRING, STRUCT, LIST, SET, MAP, UUID } = TType;

const idl = parseIdl(`
  enum Color { RED = 1, GREEN = 2 }
  struct Point { 1: required i32 x, 2: optional i32 y, 3: string label }
  union Choice { 1: i32 number, 2: Point point }
  struct Scalars {
    1: bool b, 2: byte y, 3: i16 h, 4: i32 i, 5: i64 l, 6: double d, 7: string s, 8: binary bin, 9: uuid u,
    10: Color e, 300: bool far
  }
  struct Containers {
    1: list<i32> li, 2: list<string> ls, 3: set<double> sd, 4: list<Point> lp, 5: map<string,Point> ms,
    6: map<i64,list<bool>> ml, 7: map<Color,string> me, 8: map<Point,i32> pairs, 9: map<list<byte>,binary> keys,
    10: list<list<i16>> ll, 11: map<uuid,bool> mu, 12: map<bool,double> mb, 13: list<bool> lb, 14: Choice c,
    15: map<binary,map<double,i32>> mm, 16: set<uuid> su
  }
  struct Wrapper { 1: Scalars scalars, 2: Containers containers, 3: list<Wrapper> more }
`);

const uuid = "00112233-4455-6677-8899-aabbccddeeff";
const point = (x: number, label?: string): W.Wire =>
  label === undefined ? W.struct([1, W.i32(x)]) : W.struct([1, W.i32(x)], [3, W.text(label)]);

const scalars = W.struct(
  [1, W.bool(true)],
  [2, W.byte(-5)],
  [3, W.i16(-300)],
  [4, W.i32(70_000)],
  [5, W.i64(-(2n ** 40n))],
  [6, W.double(-0.125)],
  [7, W.text('größe "1"\n')],
  [8, W.text(hex`00 ff 10`)],
  [9, W.uuid(uuid)],
  [10, W.i32(2)],
  [300, W.bool(false)],
);
const scalarsJson =
  '{"b":true,"y":-5,"h":-300,"i":70000,"l":-1099511627776,"d":-0.125,"s":"größe \\"1\\"\\n","bin":"AP8Q",' +
  `"u":"${uuid}","e":2,"far":false}`;

const containers = W.struct(
  [1, W.list(I32, [W.i32(1), W.i32(-200), W.i32(3)])],
  [2, W.list(STRING, [W.text(""), W.text("ab"), W.text("é")])],
  [3, W.set(DOUBLE, [W.double(1.5), W.double(-2)])],
  [4, W.list(STRUCT, [point(1), point(2, "two")])],
  [
    5,
    W.map(STRING, STRUCT, [
      [W.text("first"), point(3)],
      [W.text("2nd"), point(4, "four")],
    ]),
  ],
  [
    6,
    W.map(I64, LIST, [
      [W.i64(-9), W.list(BOOL, [W.bool(true), W.bool(false)])],
      [W.i64(9), W.list(BOOL)],
    ]),
  ],
  [
    7,
    W.map(I32, STRING, [
      [W.i32(1), W.text("rot")],
      [W.i32(7), W.text("?")],
    ]),
  ],
  [
    8,
    W.map(STRUCT, I32, [
      [point(5), W.i32(50)],
      [point(6, "six"), W.i32(60)],
    ]),
  ],
  [9, W.map(LIST, STRING, [[W.list(BYTE, [W.byte(1), W.byte(2)]), W.text(hex`ab`)]])],
  [10, W.list(LIST, [W.list(I16, [W.i16(1), W.i16(1000)]), W.list(I16)])],
  [11, W.map(UUID, BOOL, [[W.uuid(uuid), W.bool(true)]])],
  [
    12,
    W.map(BOOL, DOUBLE, [
      [W.bool(true), W.double(1)],
      [W.bool(false), W.double(0)],
    ]),
  ],
  [
    13,
    W.list(
      BOOL,
      Array.from({ length: 20 }, (_, i) => W.bool(i % 2 === 0)),
    ),
  ],
  [14, W.struct([2, point(7)])],
  [15, W.map(STRING, MAP, [[W.text(hex`00 01`), W.map(DOUBLE, I32, [[W.double(2.5), W.i32(1)]])]])],
  [16, W.set(UUID, [W.uuid(uuid)])],
);
const containersJson =
  '{"li":[1,-200,3],"ls":["","ab","é"],"sd":[1.5,-2],"lp":[{"x":1},{"x":2,"label":"two"}],' +
  '"ms":{"first":{"x":3},"2nd":{"x":4,"label":"four"}},"ml":{"-9":[true,false],"9":[]},"me":{"1":"rot","7":"?"},' +
  '"pairs":[[{"x":5},50],[{"x":6,"label":"six"},60]],"keys":[[[1,2],"qw=="]],"ll":[[1,1000],[]],' +
  `"mu":{"${uuid}":true},"mb":{"true":1,"false":0},"lb":[${Array.from({ length: 20 }, (_, i) => i % 2 === 0)}],` +
  `"c":{"point":{"x":7}},"mm":{"AAE=":{"2.5":1}},"su":["${uuid}"]}`;

/** The values above as fields that nobody knows. */
const unknown = W.struct(
  [50, containers],
  [1, scalars],
  [51, scalars],
  [
    52,
    W.map(STRING, MAP, [
      [W.text("k"), W.map(I16, SET, [[W.i16(3), W.set(I64, [W.i64(1), W.i64(2 ** 40)])]])],
    ]),
  ],
  [53, W.list(UUID, [W.uuid(uuid), W.uuid(uuid)])],
  [54, W.map(BYTE, DOUBLE, [[W.byte(1), W.double(1)]])],
  [55, W.list(MAP, [W.map(STRUCT, LIST, [[point(1, "k"), W.list(STRING, [W.text("v")])]])])],
);

export interface Message {
  readonly name: string;
  readonly type: TypeDescriptor;
  readonly value: W.Wire;
  readonly json: string;
}

export const MESSAGES: readonly Message[] = [
  { name: "scalars", type: idl.type("Scalars"), value: scalars, json: scalarsJson },
  { name: "containers", type: idl.type("Containers"), value: containers, json: containersJson },
  { name: "unknown fields", type: idl.type("Wrapper"), value: unknown, json: `{"scalars":${scalarsJson}}` },
  {
    name: "nested",
    type: idl.type("Wrapper"),
    value: W.struct([
      3,
      W.list(STRUCT, [
        W.struct([1, W.struct([7, W.text("deep")])]),
        W.struct([3, W.list(STRUCT, [W.struct()])]),
      ]),
    ]),
    json: '{"more":[{"scalars":{"s":"deep"}},{"more":[{}]}]}',
  },
  {
    name: "root map",
    type: idl.type("map<string,list<Point>>"),
    value: W.map(STRING, LIST, [
      [W.text("a"), W.list(STRUCT, [point(1)])],
      [W.text("b"), W.list(STRUCT)],
    ]),
    json: '{"a":[{"x":1}],"b":[]}',
  },
  { name: "root string", type: idl.type("string"), value: W.text("hé"), json: '"hé"' },
  { name: "root binary", type: idl.type("binary"), value: W.text("abcd"), json: '"YWJjZA=="' },
  { name: "root i64", type: idl.type("i64"), value: W.i64(2n ** 50n), json: "1125899906842624" },
];
