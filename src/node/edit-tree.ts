import { decodeUtf8, validateUtf8 } from "../bytes/utf8.ts";
import type { Route } from "../path/compiled-path.ts";
import type { FormatStep } from "../path/format.ts";
import { FieldId, type PathStep } from "../path/step.ts";
import type { EncodedValue } from "./encoded-value.ts";
import type { Expectation } from "./find.ts";

/** What to do at a path. */
export interface Edit {
  /** Put this there. */
  readonly value?: EncodedValue;
  /** Remove what is there. */
  readonly remove?: boolean;
  /** Makes the empty value for step `index` of the path, where that leads to nothing; without it that is an error. */
  readonly create?: ((index: number) => EncodedValue) | undefined;
}

/** Edits of one value, by path: paths share their beginnings, so that one pass over the data serves all. */
export class EditTree {
  /** The step that leads here; `undefined` at the root. */
  readonly step: PathStep | undefined;
  readonly expected: Expectation;
  /** The first `count` of these lead from the root to here; for messages. */
  readonly shown: readonly FormatStep[];
  readonly count: number;

  value: EncodedValue | undefined = undefined;
  remove = false;
  /** Whether a value is put here or further on. */
  puts = false;
  create: (() => EncodedValue) | undefined = undefined;
  /** Whether the data had something at the path. */
  found = false;

  #children: EditTree[] = [];
  /** The children by step, once there are two: most edits have a single path. */
  #byName: Map<string | number, EditTree> | undefined;

  /** The root, or what is behind the first `count` steps of a route. */
  constructor(route?: Route, count = 0) {
    this.step = count === 0 ? undefined : route!.steps[count - 1]!;
    this.expected = count === 0 ? 0 : (route!.expected?.[count - 1] ?? 0);
    this.shown = route?.shown ?? NO_STEPS;
    this.count = count;
  }

  /** In the order in which they were added. */
  get children(): readonly EditTree[] {
    return this.#children;
  }

  get hasChildren(): boolean {
    return this.#children.length > 0;
  }

  /** The tree behind step `count` of a route, made when there is none. */
  child(route: Route, count: number): EditTree {
    const children = this.#children;
    if (children.length > 0) {
      this.#byName ??= new Map(children.map((child) => [nameOf(child.step!), child]));
      const known = this.#byName.get(nameOf(route.steps[count]!));
      if (known !== undefined) return known;
    }
    const child = new EditTree(route, count + 1);
    children.push(child);
    this.#byName?.set(nameOf(child.step!), child);
    return child;
  }

  /** Forgets everything behind this place. */
  prune(): void {
    if (!this.hasChildren) return;
    this.#children = [];
    this.#byName = undefined;
  }
}

const NO_STEPS: readonly FormatStep[] = [];

/** The same name for steps that lead to the same place, such as a number and a bigint. */
export function nameOf(step: PathStep): string | number {
  if (step instanceof FieldId) return step.id;
  if (step instanceof Uint8Array) {
    return validateUtf8(step, 0, step.length) < 0 ? `"${decodeUtf8(step)}` : `0x${step.join()}`;
  }
  if (typeof step === "string") return `"${step}`;
  return Object.is(step, -0) ? "-0" : String(step);
}

/** Adds an edit behind the others; returns its place. It takes the place of earlier ones inside of that value. */
export function addEdit(root: EditTree, route: Route, edit: Edit): EditTree {
  const { create } = edit;
  const isPut = edit.value !== undefined;
  let tree = root;
  tree.puts ||= isPut;
  for (let index = 0; index < route.steps.length; index++) {
    tree = tree.child(route, index);
    tree.puts ||= isPut;
    if (create !== undefined) tree.create = () => create(index);
  }
  tree.prune();
  tree.value = edit.value;
  tree.remove = edit.remove === true;
  return tree;
}
