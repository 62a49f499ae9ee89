import type { TypeDescriptor } from "../descriptor/types.ts";
import { withHint } from "../hint.ts";
import type { Span } from "./ast.ts";
import { createDiagnostic, IdlError } from "./diagnostics.ts";
import type { LinkedIdl } from "./link.ts";
import { parseTypeExpression } from "./parser.ts";
import { Reporter } from "./report.ts";
import { lookupType, typeOf } from "./resolve.ts";
import type { FileScope } from "./symbols.ts";

/** What diagnostics call a text that is not in a file. */
const EXPRESSION_FILE = "<type>";

/** The type that an expression such as `map<string,base.User>` means in the root file. Throws `IdlError`. */
export function evaluateTypeExpression(expression: string, { root, resolver }: LinkedIdl): TypeDescriptor {
  const { type, diagnostics } = parseTypeExpression(expression, EXPRESSION_FILE);
  const reporter = new Reporter();
  const resolved = type && resolver.resolve(type, within(root, expression), reporter);
  if (resolved === undefined) {
    throw new IdlError([...diagnostics, ...reporter.errors([EXPRESSION_FILE])]);
  }
  return resolved;
}

/** The type with that name, through typedefs, in the root file or behind an include prefix. Throws `IdlError`. */
export function namedType(name: string, { root }: LinkedIdl): TypeDescriptor {
  const reporter = new Reporter();
  const symbol = lookupType(name, wholeOf(name), within(root, name), reporter);
  const type = symbol && typeOf(symbol);
  if (type === undefined) {
    throw new IdlError(reporter.errors([EXPRESSION_FILE]));
  }
  return type;
}

/** An error about a name that a caller has given, with what may have been meant. */
export function nameError(name: string, message: string, candidates: Iterable<string>): IdlError {
  const text = { fileName: EXPRESSION_FILE, source: name };
  return new IdlError([createDiagnostic(text, wholeOf(name), withHint(message, name, candidates))]);
}

function wholeOf(text: string): Span {
  return { start: 0, end: text.length };
}

/** The root file's scope, with `source` as the text that problems are shown in. */
function within(root: FileScope, source: string): FileScope {
  return { ...root, document: { ...root.document, fileName: EXPRESSION_FILE, source } };
}
