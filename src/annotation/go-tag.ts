/**
 * The name that a Go struct tag gives a field in JSON: `json:"user_id,omitempty" db:"uid"` → `user_id`.
 * Escaped quotes, as single-quoted IDL literals keep them, count as quotes. `"-"` is a name like any other,
 * as in dynamicgo. `undefined` when there is no `json` key, its name is empty, or the tag is malformed before it.
 */
export function jsonNameInGoTag(tag: string): string | undefined {
  const text = tag.includes('\\"') ? tag.replaceAll('\\"', '"') : tag;
  // One `key:"value"` pair after the other; the value may hold any escaped character.
  const pair = /\s*([^\s:"]+):"((?:[^"\\]|\\.)*)"/sy;
  for (let match = pair.exec(text); match !== null; match = pair.exec(text)) {
    const [, key, value = ""] = match;
    if (key === "json") {
      const comma = value.indexOf(",");
      const name = comma < 0 ? value : value.slice(0, comma);
      return name === "" ? undefined : name;
    }
  }
  return undefined;
}
