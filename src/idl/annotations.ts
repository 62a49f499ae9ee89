import { type Annotations, NO_ANNOTATIONS } from "../descriptor/annotations.ts";
import type { AnnotationNode } from "./ast.ts";

/** Raw annotations in the form that descriptors carry. */
export function annotationsOf(nodes: readonly AnnotationNode[]): Annotations {
  if (nodes.length === 0) {
    return NO_ANNOTATIONS;
  }
  const annotations = new Map<string, string[]>();
  for (const { key, value } of nodes) {
    const values = annotations.get(key);
    if (values === undefined) {
      annotations.set(key, [value]);
    } else {
      values.push(value);
    }
  }
  return annotations;
}
