/**
 * Text that nothing in it can make act on a terminal: control characters, and the marks that reorder text, become
 * U+FFFD.
 */
export function printable(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, "\ufffd");
}
