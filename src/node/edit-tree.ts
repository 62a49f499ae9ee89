import { isBytes } from "../bytes/is-bytes.ts";
import { decodeUtf8, validateUtf8 } from "../bytes/utf8.ts";
import type { Route } from "../path/compiled-path.ts";
import { FieldId, type PathStep } from "../path/step.ts";
import { type Protocol, TType } from "../wire/ttype.ts";
import { type Expectation, expectedKeyType, expectedType } from "./check.ts";
import type { EncodedValue } from "./encoded-value.ts";
import { keyProblem } from "./key.ts";

/** What to do at a path. */
export interface Edit {
  /** Put this there. */
  readonly value?: EncodedValue;
  /** Remove what is there. */
  readonly remove?: boolean;
  /** Leave everything as it is where the path leads to nothing. */
  readonly onlyThere?: boolean;
  /** Makes the empty value for step `index` of the path, where that leads to nothing; without it that is an error. */
  readonly create?: ((index: number) => EncodedValue) | undefined;
  /** Whether what step `index` starts from is a union: a member that it gets takes the place of the one that it had. */
  readonly isUnion?: ((index: number) => boolean) | undefined;
}

/** Edits of one value, by path: paths share their beginnings, so that one pass over the data serves all. */
export class EditTree {
  /** The step that leads here; `undefined` at the root. */
  readonly step: PathStep | undefined;
  readonly expected: Expectation;
  /** A path whose first `count` steps lead from the root to here. */
  readonly route: Route;
  readonly count: number;

  value: EncodedValue | undefined = undefined;
  remove = false;
  /** Whether a value is put here or further on, even where there was nothing. */
  puts = false;
  /** How many values are put further on. */
  inside = 0;
  isUnion = false;
  create: (() => EncodedValue) | undefined = undefined;
  /** Whether the data had something at the path. */
  found = false;
  /** The number of the last value around in which that was; values around that are repeated have different ones. */
  seenIn = 0;

  /** The children in the order in which they were added, each with the one behind it: most trees have one. */
  first: EditTree | undefined = undefined;
  next: EditTree | undefined = undefined;
  #last: EditTree | undefined = undefined;
  /** How many children there are. */
  size = 0;
  /** The children by step, once there are many. */
  #byName: Map<string | number, EditTree> | undefined = undefined;

  /** The root, or what is behind the first `count` steps of a route. */
  constructor(route: Route = NO_ROUTE, count = 0) {
    this.step = count === 0 ? undefined : route.steps[count - 1]!;
    this.expected = count === 0 || route.expected === undefined ? 0 : route.expected[count - 1]!;
    this.route = route;
    this.count = count;
  }

  /** In the order in which they were added. */
  get children(): EditTree[] {
    const children: EditTree[] = [];
    for (let child = this.first; child !== undefined; child = child.next) children.push(child);
    return children;
  }

  /** By index, for a list or set. Steps that are no indices stay among them: the caller looks. */
  get childrenByIndex(): EditTree[] {
    return this.size === 1 ? [this.first!] : this.children.sort(byIndex);
  }

  /** The tree behind step `count` of a route, made when there is none. */
  child(route: Route, count: number): EditTree {
    const known = this.#find(route.steps[count]!);
    if (known !== undefined) return known;
    const child = new EditTree(route, count + 1);
    if (this.#last === undefined) this.first = child;
    else this.#last.next = child;
    this.#last = child;
    this.size++;
    this.#byName?.set(nameOf(child.step!), child);
    return child;
  }

  #find(step: PathStep): EditTree | undefined {
    if (this.size <= MAX_COMPARED) {
      for (let child = this.first; child !== undefined; child = child.next) {
        if (isSameStep(child.step!, step)) return child;
      }
      return undefined;
    }
    return this.#names().get(nameOf(step));
  }

  /** The child for the field with that id; where many are asked for, `likely` is the one to try first. */
  childWithId(id: number, likely: EditTree | undefined): EditTree | undefined {
    if (likely !== undefined && (likely.step as FieldId).id === id) return likely;
    if (this.size > MAX_COMPARED) return this.#names().get(id);
    for (let child = this.first; child !== undefined; child = child.next) {
      if ((child.step as FieldId).id === id) return child;
    }
    return undefined;
  }

  #names(): Map<string | number, EditTree> {
    return (this.#byName ??= new Map(this.children.map((child) => [nameOf(child.step!), child])));
  }

  /** Forgets everything behind this place. */
  prune(): void {
    this.first = undefined;
    this.#last = undefined;
    this.size = 0;
    this.inside = 0;
    this.#byName = undefined;
  }
}

function byIndex({ step: a }: EditTree, { step: b }: EditTree): number {
  return typeof a === "number" && typeof b === "number" ? a - b : 0;
}

/** Up to so many children are compared with a step one by one: making names and a map of them takes longer. */
const MAX_COMPARED = 8;

function isSameStep(step: PathStep, other: PathStep): boolean {
  if (step instanceof FieldId) return other instanceof FieldId && step.id === other.id;
  if (typeof step === typeof other && typeof step !== "object") return Object.is(step, other);
  return nameOf(step) === nameOf(other);
}

const NO_ROUTE: Route = { steps: [], expected: undefined, shown: [] };

/** The same name for steps that lead to the same place, such as a number and a bigint. */
export function nameOf(step: PathStep): string | number {
  if (typeof step === "string") return `"${step}`;
  if (step instanceof FieldId) return step.id;
  if (isBytes(step)) {
    return validateUtf8(step, 0, step.length) < 0 ? `"${decodeUtf8(step)}` : `0x${step.join()}`;
  }
  return Object.is(step, -0) ? "-0" : String(step);
}

/**
 * Adds an edit behind the others; returns its place. It takes the place of earlier ones inside of that value. The path
 * goes on from where the root is.
 */
export function addEdit(root: EditTree, route: Route, edit: Edit): EditTree {
  const { create, isUnion } = edit;
  const isPut = edit.value !== undefined && edit.onlyThere !== true;
  const more = edit.value === undefined ? 0 : 1;
  let tree = root;
  tree.puts ||= isPut;
  for (let index = root.count; index < route.steps.length; index++) {
    if (isUnion?.(index) === true) tree.isUnion = true;
    tree.inside += more;
    tree = tree.child(route, index);
    tree.puts ||= isPut;
    if (create !== undefined) tree.create = () => create(index);
  }
  tree.prune();
  tree.value = edit.value;
  tree.remove = edit.remove === true;
  return tree;
}

/**
 * Whether all that the edits do can be done in one pass over data of the protocol: to put values of it into places that
 * are at most `levels` deep, and to remove. In the compact protocol the header of a field tells how far it is from the
 * one in front of it, and may be a boolean, so that neither removing nor putting a boolean is simple there.
 */
export function isSimple(edits: EditTree, levels: number, protocol: Protocol): boolean {
  const { value } = edits;
  if (value !== undefined) {
    if (protocol === "compact" && value.type === TType.BOOL) return false;
    return value.protocol === protocol && edits.first === undefined;
  }
  if (edits.remove) return protocol === "binary";
  if (edits.first === undefined || levels <= 0) return false;
  for (let child: EditTree | undefined = edits.first; child !== undefined; child = child.next) {
    if (!isSimple(child, levels - 1, protocol)) return false;
  }
  return true;
}

/** Whether the step of a tree can be a key of a map with such a header, which is not empty, and lead to what is expected. */
export function isKey({ step, expected }: EditTree, length: number, keyType: number, type: number): boolean {
  const wantedKey = expectedKeyType(expected);
  const wanted = expectedType(expected);
  if (length === 0 || (wantedKey !== 0 && wantedKey !== keyType) || (wanted !== 0 && wanted !== type)) {
    return false;
  }
  return !(step instanceof FieldId) && keyProblem(step!, keyType) === undefined;
}
