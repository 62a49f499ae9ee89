import type { Annotations } from "../descriptor/annotations.ts";
import { isThriftError } from "../errors.ts";
import { annotationsOf } from "./annotations.ts";
import type { AnnotationNode, NameNode, Span } from "./ast.ts";
import type { Reporter } from "./report.ts";
import type { FileScope } from "./symbols.ts";

/** What a registry is asked about: a field or a method. */
interface Annotated {
  readonly name: NameNode;
  readonly annotations: readonly AnnotationNode[];
}

/**
 * What `ask` answers about the annotations of a node; `undefined` when it throws `ThriftError` `INVALID_IDL`, which is
 * reported. Other errors pass.
 */
export function askRegistry<T>(
  node: Annotated,
  scope: FileScope,
  reporter: Reporter,
  ask: (annotations: Annotations) => T,
): T | undefined {
  const annotations = annotationsOf(node.annotations);
  try {
    return ask(annotations);
  } catch (error) {
    if (!isThriftError(error, "INVALID_IDL")) {
      throw error;
    }
    reporter.error(scope, placeOf(node, error.message, ask), error.message);
    return undefined;
  }
}

/**
 * The annotation that causes an objection. The registry does not say which one it means, so it is asked about each
 * by itself: about the one in question it says the same. When it never does, it objects to several together, and the
 * place is where they begin.
 */
function placeOf(
  { name, annotations }: Annotated,
  message: string,
  ask: (annotations: Annotations) => unknown,
): Span {
  const objectsTo = (annotation: AnnotationNode): boolean => {
    try {
      ask(annotationsOf([annotation]));
      return false;
    } catch (error) {
      return isThriftError(error, "INVALID_IDL") && error.message === message;
    }
  };
  return annotations.find(objectsTo) ?? annotations[0] ?? name;
}
