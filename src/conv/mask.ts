import type { StructDescriptor, TypeDescriptor } from "../descriptor/types.ts";
import { ThriftError } from "../errors.ts";
import { withHint } from "../hint.ts";
import { describe } from "../options.ts";
import { describePath, type FormatStep } from "../path/format.ts";
import type { MaskRule, MaskTree } from "./context.ts";

/** Where in the mask a rule stands: behind which step of which other place. */
interface Place {
  readonly outer: Place | undefined;
  readonly step: FormatStep;
}

/** A rule that is still to be checked, for a value of this type. */
interface Task {
  readonly rule: unknown;
  readonly type: TypeDescriptor;
  readonly place: Place | undefined;
}

/**
 * Checks the mask of a converter for `type`, all of it: a rule that means nothing would hide nothing, and nobody would
 * notice. The mask may contain itself. Throws `ThriftError` `INVALID_OPTION`, with the path of the field in question.
 */
export function checkMask(mask: unknown, type: TypeDescriptor): asserts mask is MaskRule {
  if (mask === "skip" && structIn(type) === undefined) {
    throw invalid(`"skip" hides the fields of structs, and ${type.name} has none`, undefined);
  }
  const seen = new Map<StructDescriptor, Set<MaskTree>>();
  const tasks: Task[] = [{ rule: mask, type, place: undefined }];
  for (let task = tasks.pop(); task !== undefined; task = tasks.pop()) {
    const { rule, place } = task;
    if (rule === "keep" || rule === "skip") continue;
    checkTree(rule, place);
    const struct = structIn(task.type);
    if (struct === undefined) {
      throw invalid(`a tree is for structs, and ${task.type.name} has no fields`, place);
    }
    let trees = seen.get(struct);
    if (trees === undefined) seen.set(struct, (trees = new Set()));
    if (trees.has(rule)) continue;
    trees.add(rule);
    const fields = new Map(struct.fields.map((field) => [field.id, field]));
    for (const [id, inner] of rule.fields as ReadonlyMap<unknown, unknown>) {
      if (typeof id !== "number") {
        const message = `the keys of \`fields\` are field ids, which are numbers, got ${describe(id)}`;
        throw invalid(message, { outer: place, step: { key: id } });
      }
      const field = fields.get(id);
      if (field === undefined) {
        const message = `${struct.flavor} ${struct.name} has no field with the id ${id}`;
        throw invalid(message, { outer: place, step: { id } });
      }
      tasks.push({ rule: inner, type: field.type, place: { outer: place, step: field.name } });
    }
  }
}

const TREE_MEMBERS: readonly string[] = ["fields", "otherFields"];

function checkTree(rule: unknown, place: Place | undefined): asserts rule is MaskTree {
  if (typeof rule !== "object" || rule === null || Array.isArray(rule)) {
    const forms = '"keep", "skip" or a tree of `fields` and `otherFields`';
    throw invalid(`a rule must be ${forms}, got ${describe(rule)}`, place);
  }
  const unknown = Object.keys(rule).find((name) => !TREE_MEMBERS.includes(name));
  if (unknown !== undefined) {
    throw invalid(withHint(`a tree has no member \`${unknown}\``, unknown, TREE_MEMBERS), place);
  }
  const { fields, otherFields } = rule as Partial<MaskTree>;
  if (!(fields instanceof Map)) {
    throw invalid(`\`fields\` must be a Map of rules by field id, got ${describe(fields)}`, place);
  }
  if (otherFields === undefined) {
    const message = 'the tree lacks `otherFields`, "keep" or "skip" for the fields that it does not name';
    throw invalid(message, place);
  }
  if (otherFields !== "keep" && otherFields !== "skip") {
    throw invalid(`\`otherFields\` must be "keep" or "skip", got ${describe(otherFields)}`, place);
  }
}

/** The struct that a tree is about: the type itself, or what its containers hold as elements or map values. */
function structIn(type: TypeDescriptor): StructDescriptor | undefined {
  let inner = type;
  for (;;) {
    switch (inner.kind) {
      case "struct":
        return inner;
      case "list":
      case "set":
        inner = inner.element;
        break;
      case "map":
        inner = inner.value;
        break;
      default:
        return undefined;
    }
  }
}

function invalid(message: string, place: Place | undefined): ThriftError {
  const steps: FormatStep[] = [];
  for (let at = place; at !== undefined; at = at.outer) steps.unshift(at.step);
  const path = steps.length === 0 ? undefined : describePath(steps);
  return new ThriftError("INVALID_OPTION", `option \`mask\`: ${message}`, { path });
}

/** The rule of a mask for one field of its struct. */
export function ruleOf(mask: MaskRule, fieldId: number): MaskRule {
  return typeof mask === "string" ? mask : (mask.fields.get(fieldId) ?? mask.otherFields);
}
