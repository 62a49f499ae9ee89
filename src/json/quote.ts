const SHORT_ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  "\\": "\\\\",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
};

/**
 * JSON text of a string, escaped as the converters do it: `\"`, `\\`, `\n`, `\r`, `\t`, other control
 * characters as `\u00xx`; everything else as it is. Lone surrogates become U+FFFD when encoded to UTF-8.
 */
export function quoteJson(text: string): string {
  return `"${text.replace(/["\\\u0000-\u001f]/g, escapeCharacter)}"`;
}

function escapeCharacter(character: string): string {
  return SHORT_ESCAPES[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
