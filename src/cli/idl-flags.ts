import { type Command, Option } from "commander";
import { type Idl, type IdlOptions, loadIdl } from "../index.ts";
import { addGroup, choice, collect } from "./option-values.ts";

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

/** The IDL that the flags name. Throws `IdlError`, and `ThriftError` `NOT_FOUND` for a file that cannot be read. */
export function loadIdlOf(file: string, flags: IdlFlags, signal: AbortSignal): Promise<Idl> {
  const { include, services, fieldKeys } = flags;
  return loadIdl(file, {
    signal,
    ...(include && { includeDirs: include }),
    ...(services !== undefined && { services: serviceChoice(services) }),
    ...(fieldKeys && { fieldKeys }),
  });
}

function serviceChoice(text: string): NonNullable<IdlOptions["services"]> {
  return text === "last" || text === "first" || text === "combine" ? text : { name: text };
}
