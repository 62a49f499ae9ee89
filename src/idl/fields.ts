import type { LiteralValue, Requiredness, TypeDescriptor } from "../descriptor/types.ts";
import type { FieldNode, NameNode, Span } from "./ast.ts";
import { brief } from "./brief.ts";
import type { Reporter } from "./report.ts";
import type { TypeResolver } from "./resolve.ts";
import type { FileScope } from "./symbols.ts";

/** The fields of a struct, of the arguments or of the exceptions of a method. */
export class StructFields {
  /** Those that a message can have. */
  readonly list: FieldSymbol[] = [];
  /** All, also those whose ids no message can have. */
  readonly byName: Map<string, FieldSymbol> = new Map();
}

export interface FieldSymbol {
  readonly node: FieldNode;
  readonly scope: FileScope;
  readonly id: number;
  readonly requiredness: Requiredness;
  /** `undefined` when it does not exist, which is reported. */
  readonly type: TypeDescriptor | undefined;
  /** Set when constants are evaluated. */
  default: FieldDefault | undefined;
}

export interface FieldDefault {
  readonly value: LiteralValue;
  /** Fields with defaults of their own that the struct literals in `value` leave out. */
  readonly leftOut: ReadonlySet<FieldSymbol>;
}

/** An id that the fields of a list cannot have, because what `owner` says has it. */
export interface TakenId {
  readonly id: bigint;
  readonly owner: string;
}

/** Whose fields they are; decides about requiredness. */
export type FieldsOf = "struct" | "union" | "exception" | "arguments" | "throws";

const MIN_ID = -32768;
const MAX_ID = 32767;

/** Resolves the types of `nodes`, numbers them, and adds them to `fields`; none gets `takenId`. */
export function linkFields(
  fields: StructFields,
  of: FieldsOf,
  nodes: readonly FieldNode[],
  scope: FileScope,
  resolver: TypeResolver,
  reporter: Reporter,
  takenId?: TakenId,
): void {
  const byId = new Map<bigint, FieldSymbol>();
  let firstDefault: FieldNode | undefined;
  const ids = new IdAllocator(scope, reporter, takenId);
  for (const node of nodes) {
    const id = ids.take(node);
    if (of === "union" && node.defaultValue !== undefined) {
      if (firstDefault === undefined) {
        firstDefault = node;
      } else {
        reporter.warn(scope, node.name, "Apache Thrift allows a default for only one member of a union", {
          notes: [{ scope, span: firstDefault.name, message: "the first one is here" }],
        });
      }
    }
    const requiredness = requirednessOf(node, of, scope, reporter);
    const type = resolver.resolve(node.type, scope, reporter);
    const field: FieldSymbol = { node, scope, id: Number(id), requiredness, type, default: undefined };
    const sameId = byId.get(id);
    const sameName = fields.byName.get(node.name.text);
    if (sameId !== undefined) {
      reportSecond(`field id ${id} is used twice`, node.idSpan, sameId.node.idSpan, scope, reporter);
    } else if (sameName !== undefined) {
      reportSecond(
        brief`there are two fields \`${node.name.text}\``,
        node.name,
        sameName.node.name,
        scope,
        reporter,
      );
    } else {
      byId.set(id, field);
      fields.byName.set(node.name.text, field);
      if (isOnWire(field)) {
        fields.list.push(field);
      } else {
        // Both compilers accept it, and what they generate cuts the id or does not compile.
        const message = `field id ${id} is out of range (${MIN_ID} to ${MAX_ID}); the field is left out`;
        reporter.warn(scope, node.idSpan, message);
      }
    }
  }
}

/** Whether messages can have the field: ids on the wire have 16 bits. */
export function isOnWire({ id }: FieldSymbol): boolean {
  return id >= MIN_ID && id <= MAX_ID;
}

function reportSecond(
  message: string,
  span: Span,
  firstSpan: Span,
  scope: FileScope,
  reporter: Reporter,
): void {
  reporter.error(scope, span, message, {
    notes: [{ scope, span: firstSpan, message: "first used here" }],
  });
}

/**
 * Numbers the fields of one list as Apache Thrift does: fields without an id get −1, −2 … in order, and an
 * explicit id that is not positive moves that count below itself. Such ids are kept, as thriftgo keeps them
 * and Apache Thrift does with `-allow-neg-keys`. Source: apache/thrift `thrifty.yy`, FieldIdentifier.
 */
class IdAllocator {
  readonly #scope: FileScope;
  readonly #reporter: Reporter;
  #next = -1n;
  #warned = false;
  /** Ids that are not free, with their owners. */
  readonly #taken: Map<bigint, string> = new Map();

  constructor(scope: FileScope, reporter: Reporter, taken: TakenId | undefined) {
    this.#scope = scope;
    this.#reporter = reporter;
    if (taken !== undefined) {
      this.#taken.set(taken.id, taken.owner);
    }
  }

  /** The id of a field, which may be out of range. */
  take(node: FieldNode): bigint {
    if (node.id === undefined) {
      this.#warnOnce(node.name);
      return this.#giveNext();
    }
    const { id } = node;
    const owner = this.#taken.get(id);
    if (owner !== undefined) {
      // Both compilers accept this. Apache Thrift ignores ids that are not positive and numbers such fields too.
      const message = `field id ${id} belongs to ${owner}; this one gets ${this.#next}, as in Apache Thrift`;
      this.#reporter.warn(this.#scope, node.idSpan, message);
      return this.#giveNext();
    }
    if (id <= 0n && id >= MIN_ID) {
      if (id !== this.#next) {
        this.#reporter.warn(
          this.#scope,
          node.idSpan,
          `field id ${id} is not positive; Apache Thrift keeps it only with -allow-neg-keys`,
        );
      }
      this.#next = id - 1n;
    }
    return id;
  }

  #giveNext(): bigint {
    const id = this.#next--;
    this.#taken.set(id, "a field without an id");
    return id;
  }

  #warnOnce(name: NameNode): void {
    if (!this.#warned) {
      this.#warned = true;
      this.#reporter.warn(
        this.#scope,
        name,
        brief`field \`${name.text}\` has no id and gets ${this.#next}, as in Apache Thrift; thriftgo numbers it otherwise`,
      );
    }
  }
}

function requirednessOf(node: FieldNode, of: FieldsOf, scope: FileScope, reporter: Reporter): Requiredness {
  const given = node.requiredness;
  switch (of) {
    case "union":
    case "throws":
      if (given === "required") {
        const what = of === "union" ? "members of unions" : "exceptions of methods";
        reporter.warn(scope, node.name, `${what} are always optional; \`required\` is ignored`);
      }
      return "optional";
    case "arguments":
      if (given === "optional") {
        reporter.warn(scope, node.name, "`optional` is ignored for arguments");
        return "default";
      }
      return given;
    default:
      return given;
  }
}
