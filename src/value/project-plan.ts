import { isScalar } from "../descriptor/check-type.ts";
import type { FieldDescriptor, StructDescriptor, TypeDescriptor } from "../descriptor/types.ts";

/** What becomes of values of one type when they are cut to another. Filled after it is made, which ends recursion. */
export interface Plan {
  readonly from: TypeDescriptor;
  readonly to: TypeDescriptor;
  /** Whether such values can become values of `to` at all. */
  fits: boolean;
  /** Whether values are taken as they are, without a look inside. */
  isWhole: boolean;
  /** Of a struct: what is kept, by id. Dense for small ids, which nearly all are. */
  fields: (FieldPlan | undefined)[];
  otherFields: Map<number, FieldPlan>;
  /** Of a struct: the actions and required bits of `fields`, of which reading numbers takes a third of the time. */
  actions: Int16Array;
  bits: Int32Array;
  /** Of a struct: fields of the target that are not to be missing. */
  wanted: FieldPlan[];
  /** Of a struct: the bits of the fields that the target requires; `TOO_MANY` when there are not enough. */
  requiredBits: number;
  key: Plan | undefined;
  /** Of a list, set or map. */
  element: Plan | undefined;
}

export interface FieldPlan {
  readonly field: FieldDescriptor;
  /** Its place in the bitmap of what has been there; −1 for fields that may be missing. */
  readonly ordinal: number;
  readonly plan: Plan;
  /** The wire type that it must have, and flags; 0 stands for fields that are left out. */
  readonly action: number;
  /** Its bit among the fields that the target requires; 0 for others. */
  readonly bit: number;
}

/** Of an action: taken as it is, without a look inside. */
export const ACTION_WHOLE = 0x100;

/** The bits of the required fields of a struct that has more of them than an integer has. */
export const TOO_MANY = -1;
const MAX_BITS = 31;

/** Ids up to this are looked up in an array. */
const LARGEST_DENSE_ID = 255;

const plans: WeakMap<TypeDescriptor, WeakMap<TypeDescriptor, Plan>> = new WeakMap();

export function planOf(from: TypeDescriptor, to: TypeDescriptor): Plan {
  let byTarget = plans.get(from);
  if (byTarget === undefined) plans.set(from, (byTarget = new WeakMap()));
  const known = byTarget.get(to);
  if (known !== undefined) return known;
  const plan: Plan = {
    from,
    to,
    fits: from.ttype === to.ttype,
    isWhole: from.ttype === to.ttype && isScalar(from),
    fields: [],
    otherFields: new Map(),
    actions: new Int16Array(0),
    bits: new Int32Array(0),
    wanted: [],
    requiredBits: 0,
    key: undefined,
    element: undefined,
  };
  byTarget.set(to, plan);
  switch (from.kind) {
    case "list":
    case "set":
      if (from.kind === to.kind) plan.element = planOf(from.element, (to as typeof from).element);
      break;
    case "map":
      if (to.kind === "map") {
        plan.key = planOf(from.key, to.key);
        plan.element = planOf(from.value, to.value);
      }
      break;
    case "struct":
      if (to.kind === "struct") planStruct(plan, from, to);
      break;
    default:
  }
  return plan;
}

function planStruct(plan: Plan, from: StructDescriptor, to: StructDescriptor): void {
  // At most one field of a union or of a result is ever there.
  const mayMiss = to.flavor === "union" || to.role === "result";
  let required = 0;
  for (const field of to.fields) {
    const isWanted = !mayMiss && field.requiredness !== "optional";
    const isRequired = isWanted && field.requiredness === "required";
    const source = from.fieldById(field.id);
    const inner = planOf(source?.type ?? field.type, field.type);
    const fieldPlan: FieldPlan = {
      field,
      ordinal: isWanted ? plan.wanted.length : -1,
      plan: inner,
      action: inner.from.ttype | (inner.isWhole ? ACTION_WHOLE : 0),
      bit: isRequired && required < MAX_BITS ? 1 << required : 0,
    };
    if (isRequired) required++;
    if (isWanted) plan.wanted.push(fieldPlan);
    if (source === undefined) continue;
    if (field.id >= 0 && field.id <= LARGEST_DENSE_ID) plan.fields[field.id] = fieldPlan;
    else plan.otherFields.set(field.id, fieldPlan);
  }
  plan.requiredBits = required > MAX_BITS ? TOO_MANY : 2 ** required - 1;
  // No holes: they are slow.
  for (let id = 0; id < plan.fields.length; id++) plan.fields[id] ??= undefined;
  plan.actions = Int16Array.from(plan.fields, (field) => field?.action ?? 0);
  plan.bits = Int32Array.from(plan.fields, (field) => field?.bit ?? 0);
}
