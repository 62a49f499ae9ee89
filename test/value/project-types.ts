import type { StructDescriptor } from "../../src/descriptor/types.ts";
import { type Idl, parseIdl } from "../../src/idl/idl.ts";

/** The types that are cut, in the tests of `project`. */
export const idl: Idl = parseIdl(`
  enum Color { RED = 1 }
  struct In { 1: required i32 x, 2: optional string s, 3: i64 d, 4: In rec }
  union U { 1: i32 n, 2: string t, 3: In in }
  struct S {
    -5: string neg, 1: i32 a, 2: string b, 3: In inn, 4: list<i32> li, 5: map<string, i32> ms, 6: map<i32, string> mi,
    7: set<i32> se, 8: byte by, 9: binary bin, 10: Color co, 11: list<In> lin, 12: map<i32, In> min, 13: map<In, i32> keyed,
    14: bool b1, 15: bool b2, 16: list<list<In>> deep, 17: U u, 300: bool far, 32767: i64 last
  }
  struct Tree { 1: i32 v, 2: list<Tree> children, 3: Tree next, 4: map<string, Tree> named }
  service Svc { In get(1: S s, 2: i32 n) throws (1: In broken) }
`);

export const S: StructDescriptor = idl.struct("S");

/** The struct `T` of an IDL. */
export function target(fields: string, types = ""): StructDescriptor {
  return parseIdl(`${types} struct T { ${fields} }`).struct("T");
}
