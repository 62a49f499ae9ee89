import { type FormatStep, formatPath } from "./format.ts";
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

/** The route of a compiled path, for those who read it and change nothing. */
export let routeIn: <Type>(path: CompiledPath<Type>) => TypedRoute<Type>;

/** The compiled path of a route that starts from a type. */
export let compiledPathOf: <Type>(route: TypedRoute<Type>, root: Type) => CompiledPath<Type>;

/**
 * A path that has been checked against a type, with everything resolved that the type tells: names to ids, text keys
 * to bytes. Made by `compilePath`; immutable; goes wherever a path goes, with values of that same type.
 */
export class CompiledPath<Type = unknown> {
  /** The steps, with ids and bytes in the place of names. */
  readonly steps: readonly PathStep[];
  /** The types that each step leads to. */
  readonly types: readonly Type[];
  /** The type that the last step leads to. */
  readonly target: Type;
  /** The type that the path starts from. */
  readonly root: Type;
  /**
   * What messages show.
   *
   * @internal
   */
  readonly shown: readonly FormatStep[];
  /** The same in arrays that are not frozen: elements of those are read by a slow call, which takes 10 ns. */
  readonly #route: TypedRoute<Type>;

  private constructor(route: TypedRoute<Type>, root: Type) {
    const { steps, expected, shown, types, target } = route;
    this.#route = {
      steps: [...steps],
      expected: [...expected],
      shown: [...shown],
      types: [...types],
      target,
    };
    this.steps = Object.freeze([...steps]);
    this.shown = Object.freeze([...shown]);
    this.types = Object.freeze([...types]);
    this.target = target;
    this.root = root;
    Object.freeze(this);
  }

  /** The text of the path, as `formatPath` writes it. */
  toString(): string {
    return formatPath(this);
  }

  toJSON(): string {
    return formatPath(this);
  }

  static {
    routeIn = (path) => path.#route;
    compiledPathOf = (route, root) => new CompiledPath(route, root);
  }
}
