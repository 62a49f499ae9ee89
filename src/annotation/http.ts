import type { Annotations } from "../descriptor/annotations.ts";
import type { HttpEndpoint, HttpMapping, HttpPlace } from "../descriptor/mapping.ts";

/** `api.*` annotations of fields; the value is the key in that place. */
const PLACES: ReadonlyMap<string, HttpPlace> = new Map([
  ["api.query", "query"],
  ["api.path", "path"],
  ["api.header", "header"],
  ["api.cookie", "cookie"],
  ["api.body", "body"],
  ["api.form", "form"],
  ["api.raw_body", "raw_body"],
  ["api.raw_uri", "raw_uri"],
  ["api.http_code", "http_code"],
  ["api.no_body_struct", "no_body_struct"],
]);

/** Values of `agw.source`; the key in that place is the JSON key. `body` is where fields are anyway. */
const SOURCES: ReadonlyMap<string, HttpPlace> = new Map([
  ["query", "query"],
  ["header", "header"],
  ["cookie", "cookie"],
  ["post", "form"],
  ["path", "path"],
  ["raw_uri", "raw_uri"],
  ["raw_body", "raw_body"],
  ["not_body_struct", "no_body_struct"],
]);

/** Values of `agw.target`. `ignore` removes the field, which is not a matter of HTTP. */
const TARGETS: ReadonlyMap<string, HttpPlace> = new Map([
  ["header", "header"],
  ["cookie", "cookie"],
  ["http_code", "http_code"],
]);

const METHODS: ReadonlyMap<string, string> = new Map(
  ["get", "post", "put", "delete", "patch", "head", "options", "connect", "trace"].map((method) => [
    `api.${method}`,
    method.toUpperCase(),
  ]),
);

/**
 * The mapping that one annotation of a field stands for, or `undefined`.
 * `key` is in lower case; `jsonKey` is the key for the annotations that do not give one.
 */
export function httpMappingOf(
  key: string,
  values: readonly string[],
  jsonKey: string,
): HttpMapping | undefined {
  const value = values[0] ?? "";
  const place = PLACES.get(key);
  if (place !== undefined) {
    return { place, key: value };
  }
  const places =
    key === "agw.source" || key === "janus.source"
      ? SOURCES
      : key === "agw.target" || key === "janus.target"
        ? TARGETS
        : undefined;
  const named = places?.get(value.toLowerCase());
  return named === undefined ? undefined : { place: named, key: jsonKey };
}

/** The endpoints of a method, one per HTTP method: of repeated annotations the first counts, as in dynamicgo. */
export function endpointsIn(annotations: Annotations): readonly HttpEndpoint[] {
  const endpoints: HttpEndpoint[] = [];
  for (const [key, [path]] of annotations) {
    const method = METHODS.get(key.toLowerCase());
    if (method !== undefined && path !== undefined) {
      endpoints.push({ method, path });
    }
  }
  return endpoints;
}
