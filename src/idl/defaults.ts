import { brief } from "./brief.ts";
import type { FieldSymbol } from "./fields.ts";
import type { NotePlace, Reporter } from "./report.ts";

interface Step {
  readonly field: FieldSymbol;
  /** What its default leaves out and has not been entered yet. */
  readonly rest: Iterator<FieldSymbol>;
}

/**
 * Reports defaults that contain themselves: a struct literal without some field stands for one with that
 * field's default, so `struct S { 1: S next = {} }` has no end. The walk keeps its own stack.
 */
export function checkDefaultCycles(fields: Iterable<FieldSymbol>, reporter: Reporter): void {
  const done = new Set<FieldSymbol>();
  for (const start of fields) {
    const path: Step[] = [];
    const open = new Set<FieldSymbol>();
    const enter = (field: FieldSymbol): void => {
      if (open.has(field)) {
        reportCycle(path, field, reporter);
      } else if (!done.has(field) && field.default !== undefined) {
        open.add(field);
        path.push({ field, rest: field.default.leftOut.values() });
      }
    };
    enter(start);
    for (let step = path.at(-1); step !== undefined; step = path.at(-1)) {
      const next = step.rest.next();
      if (next.done === true) {
        open.delete(step.field);
        done.add(step.field);
        path.pop();
      } else {
        enter(next.value);
      }
    }
  }
}

/** `path` leads to `field`, which is on it already. */
function reportCycle(path: readonly Step[], field: FieldSymbol, reporter: Reporter): void {
  const { node, scope } = field;
  const message = brief`the default of \`${node.name.text}\` contains itself`;
  reporter.error(scope, node.defaultValue ?? node.name, message, { notes: stepsBehind(path, field) });
}

function* stepsBehind(path: readonly Step[], field: FieldSymbol): Generator<NotePlace> {
  const start = path.findIndex((step) => step.field === field);
  for (let index = start + 1; index < path.length; index++) {
    const { node, scope } = path[index]!.field;
    yield { scope, span: node.name, message: brief`through the default of \`${node.name.text}\`` };
  }
}
