import type { FieldDescriptor } from "../descriptor/types.ts";

/** What is said of a missing field; its JSON key too, where that is another than its name. */
export function missingMessage({ name, alias, requiredness }: FieldDescriptor): string {
  const key = alias === name ? "" : ` (JSON key \`${alias}\`)`;
  return `the ${requiredness} field \`${name}\`${key} is missing`;
}
