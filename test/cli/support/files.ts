import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** A folder for one test file, with files in it. */
export interface Folder {
  readonly path: string;
  /** The absolute name of a file in the folder. */
  file(name: string): string;
  write(name: string, content: string | Uint8Array): string;
  remove(): void;
}

export function createFolder(files: Readonly<Record<string, string | Uint8Array>> = {}): Folder {
  const path = mkdtempSync(join(tmpdir(), "dynamic-thrift-test-"));
  const folder: Folder = {
    path,
    file: (name) => join(path, name),
    write(name, content) {
      const file = join(path, name);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content);
      return file;
    },
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
  for (const [name, content] of Object.entries(files)) folder.write(name, content);
  return folder;
}

/** The IDL of most command line tests, in two files. */
export const API_THRIFT = `
include "base.thrift"

/** What a user may do. */
enum Role { GUEST = 0, MEMBER = 1, /** May do all. */ ADMIN = 7 }

union Contact { 1: string mail, 2: i64 phone }

/** Somebody. */
struct User {
  1: required i64 id
  2: string name = "nobody" (api.key = "display_name")
  3: optional Role role
  4: optional list<string> tags
  5: optional double score
  6: optional binary key
  7: optional byte level
  8: optional map<string, i64> counts
  9: optional base.Point at
  10: optional Contact contact
  11: optional string raw (agw.body_dynamic = "")
  12: optional User friend
}

exception NotFound { 1: required string what }

const i64 BIGGEST = 9223372036854775807

service Health {
  string ping(1: string message)
  oneway void report(1: string source)
}

/** Reads users. */
service Users extends Health {
  /** One user. */
  User get(1: i64 id) throws (1: NotFound missing) (api.get = "/users/:id")
  void rename(1: i64 id, 2: string name)
}
`;

export const BASE_THRIFT = `
namespace js base
struct Point { 1: required double x, 2: required double y = 0.5 }
`;
