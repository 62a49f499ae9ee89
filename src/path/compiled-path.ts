import type { FormatStep } from "./format.ts";
import type { PathStep } from "./step.ts";

/** A path with what is known about the data along it. */
export interface Route {
  readonly steps: readonly PathStep[];
  /** What the data must be behind each step; numbers that the layers above understand, 0 for anything. */
  readonly expected: readonly number[] | undefined;
  /** The steps as messages show them: with names where `steps` has ids. */
  readonly shown: readonly FormatStep[];
}

/** A route whose steps a type allows. */
export interface TypedRoute<Type> extends Route {
  readonly expected: readonly number[];
  /** The types that each step leads to. */
  readonly types: readonly Type[];
  /** The type that the last step leads to. */
  readonly target: Type;
}

/**
 * A path that has been checked against a type, with everything resolved that the type tells: names to ids, text keys
 * to bytes. Made by `compilePath`; immutable; goes wherever a path goes, with values of that same type.
 */
export class CompiledPath<Type = unknown> implements TypedRoute<Type> {
  readonly steps: readonly PathStep[];
  readonly expected: readonly number[];
  readonly shown: readonly FormatStep[];
  readonly types: readonly Type[];
  readonly target: Type;
  /** The type that the path starts from. */
  readonly root: Type;

  constructor(route: TypedRoute<Type>, root: Type) {
    this.steps = Object.freeze(route.steps);
    this.expected = Object.freeze(route.expected);
    this.shown = Object.freeze(route.shown);
    this.types = Object.freeze(route.types);
    this.target = route.target;
    this.root = root;
    Object.freeze(this);
  }
}
