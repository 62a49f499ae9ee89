import { type Command, Option } from "commander";
import { withHint } from "../hint.ts";
import { type Idl, IdlError, type IdlOptions, loadIdl } from "../index.ts";
import { addGroup, choice, collect } from "./option-values.ts";
import { UsageError } from "./usage-error.ts";

/** Options about the IDL, which several commands have. */
export interface IdlFlags {
  readonly include?: readonly string[];
  readonly services?: string;
  readonly fieldKeys?: NonNullable<IdlOptions["fieldKeys"]>;
}

export function addIdlOptions(command: Command): void {
  addGroup(command, "IDL:", [
    new Option("-I, --include <dir>", "where else to look for included files; may be repeated").argParser(
      collect,
    ),
    new Option(
      "--services <which>",
      "the main service of a file with several: last, first, combine, or a name (default: last)",
    ),
    choice("--field-keys <which>", ["alias", "name", "both"], "JSON keys that find a field"),
  ]);
}

/**
 * The IDL that the flags name. Throws `IdlError`, `ThriftError` `NOT_FOUND` for a file that cannot be read, and
 * `UsageError` for a service that the file lacks.
 */
export async function loadIdlOf(
  file: string,
  flags: IdlFlags,
  signal: AbortSignal,
  more: Pick<IdlOptions, "resolveInclude"> = {},
): Promise<Idl> {
  const { include, services, fieldKeys } = flags;
  const options: IdlOptions = {
    ...more,
    signal,
    ...(include && { includeDirs: include }),
    ...(fieldKeys && { fieldKeys }),
  };
  if (services === undefined) return loadIdl(file, options);
  if (services === "last" || services === "first" || services === "combine") {
    return loadIdl(file, { ...options, services });
  }
  try {
    return await loadIdl(file, { ...options, services: { name: services } });
  } catch (error) {
    if (!(error instanceof IdlError)) throw error;
    // The library takes a wrong name for an error of the IDL: this throws those that are.
    const names = (await loadIdl(file, options)).services.keys();
    const message = `there is no service \`${services}\` in ${file}`;
    throw new UsageError(withHint(message, services, names), { cause: error });
  }
}
