import type { Idl } from "../index.ts";
import { colorsFor } from "./colors.ts";
import {
  type Model,
  modelOfConstant,
  modelOfFile,
  modelOfMethod,
  modelOfService,
  modelOfStruct,
  modelOfType,
} from "./describe-model.ts";
import { renderModel } from "./describe-text.ts";
import { ExitCode } from "./exit-code.ts";
import { type IdlFlags, loadIdlOf } from "./idl-flags.ts";
import { type Io, writeTo } from "./io.ts";
import { type JsonValue, stringify } from "./json-value.ts";
import { resolveTarget } from "./type-expression.ts";
import { includePrefix, TypeNames } from "./type-names.ts";
import { UsageError } from "./usage-error.ts";

export interface IdlDescribeFlags extends IdlFlags {
  readonly json?: true;
}

/** Writes what a file defines, or one definition of it, and returns the exit code. Throws what `reportError` knows. */
export async function runIdlDescribe(
  file: string,
  name: string | undefined,
  flags: IdlDescribeFlags,
  io: Io,
): Promise<number> {
  const includes: string[] = [];
  const idl = await loadIdlOf(file, flags, io.signal, {
    // Nobody else tells what is included; the files are found as without this.
    resolveInclude: (include) => {
      includes.push(include);
      return undefined;
    },
  });
  const names = new TypeNames(idl, includes.map(includePrefix));
  const model = name === undefined ? modelOfFile(file, idl, names) : findModel(idl, name, names);
  const text = flags.json
    ? stringify(model satisfies JsonValue)
    : renderModel(model, colorsFor(io.stdout, io.env));
  await writeTo(io.stdout, text);
  return ExitCode.OK;
}

function findModel(idl: Idl, name: string, names: TypeNames): Model {
  const constant = idl.constants.get(name);
  let target: ReturnType<typeof resolveTarget>;
  try {
    target = resolveTarget(idl, name);
  } catch (error) {
    if (constant !== undefined && error instanceof UsageError) return modelOfConstant(constant, names);
    throw error;
  }
  switch (target.kind) {
    case "type":
      return modelOfType(target.type, names);
    case "service":
      return modelOfService(target.service, names);
    case "method":
      return target.part === undefined
        ? modelOfMethod(target.method, names)
        : modelOfStruct(target.method[target.part], names);
  }
}
