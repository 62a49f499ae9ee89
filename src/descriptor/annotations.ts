/** Raw annotations as the IDL has them: key → values in textual order (a repeated key keeps every value). */
export type Annotations = ReadonlyMap<string, readonly string[]>;

export const NO_ANNOTATIONS: Annotations = new Map();
