/**
 * The part of a file name that `..` cannot leave: `/`, a drive such as `C:/`, or the scheme and host of a
 * URL; empty for a relative name.
 */
function rootOf(fileName: string): string {
  return /^(?:\/|[A-Za-z]:\/|[A-Za-z][A-Za-z0-9+.-]*:\/\/[^/]*\/?)/.exec(fileName)?.[0] ?? "";
}

export function isAbsolute(fileName: string): boolean {
  return rootOf(fileName) !== "";
}

/**
 * The shortest spelling of a file name with `/` between its parts: `a/./b/../c` is `a/c`. What leaves a
 * relative name upwards stays (`../x`); an absolute name cannot leave its root.
 */
export function cleanFileName(fileName: string): string {
  const root = rootOf(fileName);
  const parts: string[] = [];
  for (const part of fileName.slice(root.length).split("/")) {
    if (part === "" || part === ".") {
      continue;
    }
    if (part !== "..") {
      parts.push(part);
    } else if (parts.length > 0 && parts.at(-1) !== "..") {
      parts.pop();
    } else if (root === "") {
      parts.push(part);
    }
  }
  const body = parts.join("/");
  return root === "" && body === "" ? "." : root + body;
}

/** The cleaned name of `fileName` as seen from `directory`, where an empty directory is the current one. */
export function joinFileName(directory: string, fileName: string): string {
  return cleanFileName(directory === "" ? fileName : `${directory}/${fileName}`);
}

/** The directory of a file, without a slash at its end; empty for a name without one. */
export function directoryOf(fileName: string): string {
  const slash = fileName.lastIndexOf("/");
  return slash < rootOf(fileName).length ? rootOf(fileName) : fileName.slice(0, slash);
}
