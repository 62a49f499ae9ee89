import { brief } from "./brief.ts";
import type { FieldSymbol } from "./fields.ts";
import type { Reporter } from "./report.ts";

/**
 * Reports defaults that contain themselves: a struct literal without some field stands for one with that
 * field's default, so `struct S { 1: S next = {} }` has no end. The walk keeps its own stack.
 */
export function checkDefaultCycles(fields: Iterable<FieldSymbol>, reporter: Reporter): void {
  const done = new Set<FieldSymbol>();
  for (const start of fields) {
    const path: { readonly field: FieldSymbol; readonly rest: Iterator<FieldSymbol> }[] = [];
    const open = new Set<FieldSymbol>();
    const enter = (field: FieldSymbol): void => {
      if (open.has(field)) {
        reportCycle(
          path.map((step) => step.field),
          field,
          reporter,
        );
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
function reportCycle(path: readonly FieldSymbol[], field: FieldSymbol, reporter: Reporter): void {
  const { node, scope } = field;
  const through = path.slice(path.indexOf(field) + 1);
  reporter.error(
    scope,
    node.defaultValue ?? node.name,
    brief`the default of \`${node.name.text}\` contains itself`,
    {
      notes: through.map((other) => ({
        scope: other.scope,
        span: other.node.name,
        message: brief`through the default of \`${other.node.name.text}\``,
      })),
    },
  );
}
