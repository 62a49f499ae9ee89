import type { LiteralValue, Requiredness, TypeDescriptor } from "../descriptor/types.ts";
import type { FieldNode, NameNode, Span } from "./ast.ts";
import type { Reporter } from "./report.ts";
import type { TypeResolver } from "./resolve.ts";
import type { FileScope } from "./symbols.ts";

/** The fields of a struct, of the arguments or of the exceptions of a method. */
export class StructFields {
  readonly list: FieldSymbol[] = [];
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

/** Whose fields they are; decides about requiredness. */
export type FieldsOf = "struct" | "union" | "exception" | "arguments" | "throws";

const MIN_ID = -32768;
const MAX_ID = 32767;

/** Resolves the types of `nodes`, numbers them, and adds them to `fields`. */
export function linkFields(
  fields: StructFields,
  of: FieldsOf,
  nodes: readonly FieldNode[],
  scope: FileScope,
  resolver: TypeResolver,
  reporter: Reporter,
): void {
  const byId = new Map<number, FieldSymbol>();
  let firstDefault: FieldNode | undefined;
  const ids = new IdAllocator(scope, reporter);
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
    if (id === undefined) {
      continue;
    }
    const field: FieldSymbol = { node, scope, id, requiredness, type, default: undefined };
    const sameId = byId.get(id);
    const sameName = fields.byName.get(node.name.text);
    if (sameId !== undefined) {
      reportSecond(`field id ${id} is used twice`, node.idSpan, sameId.node.idSpan, scope, reporter);
    } else if (sameName !== undefined) {
      reportSecond(
        `there are two fields \`${node.name.text}\``,
        node.name,
        sameName.node.name,
        scope,
        reporter,
      );
    } else {
      byId.set(id, field);
      fields.byName.set(node.name.text, field);
      fields.list.push(field);
    }
  }
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
  #next = -1;
  #warned = false;
  /** Ids that fields without one have got. */
  readonly #given: Set<number> = new Set();

  constructor(scope: FileScope, reporter: Reporter) {
    this.#scope = scope;
    this.#reporter = reporter;
  }

  /** The id of a field, or `undefined` when it is out of range, which is reported. */
  take(node: FieldNode): number | undefined {
    if (node.id === undefined) {
      this.#warnOnce(node.name);
      return this.#giveNext(node);
    }
    if (node.id < MIN_ID || node.id > MAX_ID) {
      return this.#outOfRange(String(node.id), node);
    }
    const id = Number(node.id);
    if (this.#given.has(id)) {
      // Both compilers accept this. Apache Thrift ignores ids that are not positive and numbers such fields too.
      const message = `field id ${id} belongs to a field without an id; this one gets ${this.#next}, as in Apache Thrift`;
      this.#reporter.warn(this.#scope, node.idSpan, message);
      return this.#giveNext(node);
    }
    if (id <= 0) {
      if (id !== this.#next) {
        this.#reporter.warn(
          this.#scope,
          node.idSpan,
          `field id ${id} is not positive; Apache Thrift keeps it only with -allow-neg-keys`,
        );
      }
      this.#next = id - 1;
    }
    return id;
  }

  #giveNext(node: FieldNode): number | undefined {
    const id = this.#next--;
    this.#given.add(id);
    return id < MIN_ID ? this.#outOfRange(String(id), node) : id;
  }

  #outOfRange(id: string, node: FieldNode): undefined {
    this.#reporter.error(this.#scope, node.idSpan, `field id ${id} is out of range (${MIN_ID} to ${MAX_ID})`);
  }

  #warnOnce(name: NameNode): void {
    if (!this.#warned) {
      this.#warned = true;
      this.#reporter.warn(
        this.#scope,
        name,
        `field \`${name.text}\` has no id and gets ${this.#next}, as in Apache Thrift; thriftgo numbers it otherwise`,
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
