import type { AnnotationRegistry, ResolvedMethod } from "../descriptor/registry.ts";
import { annotationsOf } from "./annotations.ts";
import { askRegistry } from "./ask-registry.ts";
import type { MethodNode, NameNode } from "./ast.ts";
import { brief } from "./brief.ts";
import { linkFields, StructFields, type TakenId } from "./fields.ts";
import type { Reporter } from "./report.ts";
import { reportUndefined, scopesOf, splitName, type TypeResolver } from "./resolve.ts";
import type { FileScope, MethodSymbol, ServiceSymbol } from "./symbols.ts";

/** Services that extend services that extend …; each inherits the methods of all. */
const MAX_EXTENDS_DEPTH = 128;

/** What a method returns is field 0 of its result, beside the exceptions. */
const RETURNED_VALUE: TakenId = { id: 0n, owner: "the returned value" };

/** Of a method whose annotations make no sense, which is reported. */
const NO_MEANING: ResolvedMethod = { streaming: "none", endpoints: [] };

/** Connects services with those that they extend, and links their methods. */
export function linkServices(
  services: readonly ServiceSymbol[],
  resolver: TypeResolver,
  registry: AnnotationRegistry,
  reporter: Reporter,
): void {
  for (const service of services) {
    const { node, scope } = service;
    service.parent = node.extends && lookupService(node.extends, scope, reporter);
  }
  for (const service of services) {
    cutCycle(service, reporter);
  }
  for (const service of services) {
    const byName = new Map<string, MethodSymbol>();
    for (const node of service.node.methods) {
      const method = linkMethod(node, service, resolver, registry, reporter);
      const first = byName.get(node.name.text);
      if (first === undefined) {
        byName.set(node.name.text, method);
        service.methods.push(method);
      } else {
        reportSecond(method, first, reporter);
      }
    }
  }
  const names = new Map<ServiceSymbol, ReadonlyMap<string, MethodSymbol>>(
    services.map((service) => [service, new Map(service.methods.map((own) => [own.node.name.text, own]))]),
  );
  for (const service of services) {
    for (const ancestor of ancestorsOf(service)) {
      for (const method of service.methods) {
        const first = names.get(ancestor)?.get(method.node.name.text);
        if (first !== undefined) {
          reportSecond(method, first, reporter);
        }
      }
    }
  }
}

/** The services that `service` extends, nearest first. */
export function* ancestorsOf(service: ServiceSymbol): Generator<ServiceSymbol> {
  for (let ancestor = service.parent; ancestor !== undefined; ancestor = ancestor.parent) {
    yield ancestor;
  }
}

/** Reports a method whose name another one has already, in the same service or above it. */
export function reportSecond(method: MethodSymbol, first: MethodSymbol, reporter: Reporter): void {
  const { name } = method.node;
  const message = brief`there is already a method \`${name.text}\``;
  const elsewhere = brief` in service \`${first.service.node.name.text}\``;
  const where = first.service === method.service ? "" : elsewhere;
  reporter.error(method.service.scope, name, message + where, {
    notes: [{ scope: first.service.scope, span: first.node.name, message: "first defined here" }],
  });
}

function lookupService(name: NameNode, scope: FileScope, reporter: Reporter): ServiceSymbol | undefined {
  const { prefix, local } = splitName(name.text);
  const found = scopesOf(prefix, scope).flatMap((file) => file.services.get(local) ?? []);
  const [service, ...others] = found;
  if (service === undefined) {
    reportUndefined("service", name.text, name, scope, reporter);
    return undefined;
  }
  if (others.length > 0) {
    reporter.error(scope, name, brief`\`${name.text}\` is ambiguous`, {
      notes: found.map((candidate) => ({
        scope: candidate.scope,
        span: candidate.node.name,
        message: "it can be this one",
      })),
    });
    return undefined;
  }
  return service;
}

/** Reports a service that extends itself, or too many; it is then taken to extend none. */
function cutCycle(service: ServiceSymbol, reporter: Reporter): void {
  const seen = new Set<ServiceSymbol>();
  for (const ancestor of ancestorsOf(service)) {
    if (seen.has(ancestor)) {
      return; // a cycle further up, which is cut there
    }
    seen.add(ancestor);
    if (ancestor === service || seen.size > MAX_EXTENDS_DEPTH) {
      const message =
        ancestor === service
          ? brief`service \`${service.node.name.text}\` extends itself`
          : `more than ${MAX_EXTENDS_DEPTH} services extend each other here`;
      reporter.error(service.scope, service.node.extends ?? service.node.name, message);
      service.parent = undefined;
      return;
    }
  }
}

function linkMethod(
  node: MethodNode,
  service: ServiceSymbol,
  resolver: TypeResolver,
  registry: AnnotationRegistry,
  reporter: Reporter,
): MethodSymbol {
  const { scope } = service;
  const { name } = node;
  const returnType = node.returnType && resolver.resolve(node.returnType, scope, reporter);
  if (node.oneway && node.returnType !== undefined) {
    reporter.warn(scope, name, brief`oneway method \`${name.text}\` should return void`);
  }
  if (node.oneway && node.throws.length > 0) {
    reporter.error(scope, name, brief`oneway method \`${name.text}\` cannot throw exceptions`);
  }
  const args = new StructFields();
  linkFields(args, "arguments", node.args, scope, resolver, reporter);
  const throws = new StructFields();
  const success = node.returnType && RETURNED_VALUE;
  linkFields(throws, "throws", node.throws, scope, resolver, reporter, success);
  for (const field of throws.byName.values()) {
    if (field.type !== undefined && (field.type.kind !== "struct" || field.type.flavor !== "exception")) {
      reporter.warn(scope, field.node.type, brief`\`${field.node.name.text}\` is not an exception`);
    }
  }
  const annotations = annotationsOf(node.annotations);
  const meaning = askRegistry(node, scope, reporter, (of) => registry.resolveMethod(name.text, of));
  return { node, service, returnType, args, throws, annotations, meaning: meaning ?? NO_MEANING };
}
