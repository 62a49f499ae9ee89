import { brief } from "./brief.ts";
import type { Reporter } from "./report.ts";
import { ancestorsOf, reportSecond } from "./services.ts";
import type { FileScope, MethodSymbol, ServiceSymbol } from "./symbols.ts";

/** Which of the services of the root file is meant where none is named. */
export type ServiceChoice = "last" | "first" | "combine" | { readonly name: string };

/** The name of the service that `combine` makes. Source: dynamicgo. */
export const COMBINED_SERVICES = "CombinedServices";

/** Where problems are shown that no place in the text has caused. */
export const START_OF_FILE = { start: 0, end: 0 };

/**
 * The chosen services of the root file: one, or all of them to be combined, or `undefined` when there is
 * none. Reports a chosen name that does not exist, and methods that cannot be combined.
 */
export function selectService(
  root: FileScope,
  choice: ServiceChoice,
  methodNames: ReadonlySet<string> | undefined,
  reporter: Reporter,
): ServiceSymbol | readonly ServiceSymbol[] | undefined {
  const services = [...root.services.values()];
  if (typeof choice === "object") {
    const service = root.services.get(choice.name);
    if (service === undefined) {
      const message = brief`there is no service \`${choice.name}\``;
      reporter.error(root, START_OF_FILE, message, {
        missing: { name: choice.name, candidates: root.services.keys() },
      });
    }
    return service;
  }
  if (services.length === 0) {
    return undefined;
  }
  switch (choice) {
    case "first":
      return services[0];
    case "last":
      return services.at(-1);
    case "combine":
      checkCombination(services, methodNames, reporter);
      return services;
  }
}

/** Methods that two services inherit from the same one are one method, and no problem. */
function checkCombination(
  services: readonly ServiceSymbol[],
  methodNames: ReadonlySet<string> | undefined,
  reporter: Reporter,
): void {
  const firsts = new Map<string, MethodSymbol>();
  for (const service of services) {
    for (const { methods } of [service, ...ancestorsOf(service)]) {
      for (const method of methods) {
        const name = method.node.name.text;
        const first = firsts.get(name);
        if (first === undefined) {
          firsts.set(name, method);
        } else if (first !== method && (methodNames?.has(name) ?? true)) {
          reportSecond(method, first, reporter);
        }
      }
    }
  }
}

/** Warns of names in the option `methods` that no service of the root file has. */
export function warnOfUnknownMethods(
  root: FileScope,
  methods: readonly string[] | undefined,
  reporter: Reporter,
): void {
  if (methods === undefined) {
    return;
  }
  const known = new Set<string>();
  for (const service of root.services.values()) {
    for (const { methods: own } of [service, ...ancestorsOf(service)]) {
      for (const { node } of own) {
        known.add(node.name.text);
      }
    }
  }
  for (const name of methods) {
    if (!known.has(name)) {
      const message = brief`no service has the method \`${name}\` that the option \`methods\` names`;
      reporter.warn(root, START_OF_FILE, message, { missing: { name, candidates: known } });
    }
  }
}
