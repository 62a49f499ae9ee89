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
  const idl = await loadIdlOf(file, flags, io.signal);
  const model = name === undefined ? modelOfFile(file, idl) : findModel(idl, name);
  const text = flags.json
    ? stringify(model satisfies JsonValue)
    : renderModel(model, colorsFor(io.stdout, io.env));
  await writeTo(io.stdout, text);
  return ExitCode.OK;
}

function findModel(idl: Idl, name: string): Model {
  const constant = idl.constants.get(name);
  let target: ReturnType<typeof resolveTarget>;
  try {
    target = resolveTarget(idl, name);
  } catch (error) {
    if (constant !== undefined && error instanceof UsageError) return modelOfConstant(constant);
    throw error;
  }
  switch (target.kind) {
    case "type":
      return modelOfType(target.type);
    case "service":
      return modelOfService(target.service);
    case "method":
      return target.part === undefined
        ? modelOfMethod(target.method)
        : modelOfStruct(target.method[target.part]);
  }
}
