// The options that describe a table on the command line, as the source that a spec would write.

import type { Encoding, TableSource } from "@convergence-lab/core";
import { CliError } from "./errors.ts";

export interface TableOptions {
  readonly target?: string | undefined;
  readonly features?: string | undefined;
  readonly drop?: string | undefined;
  readonly groups?: string | undefined;
  readonly categorical?: string | undefined;
  readonly missing?: string | undefined;
  readonly separator?: string | undefined;
  readonly decimal?: string | undefined;
  readonly encoding?: string | undefined;
}

export function tableOptions(options: TableOptions): TableOptions {
  const { target, features, drop, groups, categorical, missing, separator } = options;
  const { decimal, encoding } = options;
  return { target, features, drop, groups, categorical, missing, separator, decimal, encoding };
}

/** @throws CliError for a separator that is none */
export function describedTable(path: string, options: TableOptions): TableSource {
  const { target, features, drop, groups, categorical, missing, separator } = options;
  const { decimal, encoding } = options;
  return {
    kind: "table",
    path,
    ...(target === undefined ? {} : { target }),
    ...(features === undefined ? {} : { features: list(features) }),
    ...(drop === undefined ? {} : { drop: list(drop) }),
    ...(groups === undefined ? {} : { groups }),
    ...(categorical === undefined ? {} : { categorical: encodings(list(categorical)) }),
    ...(missing === undefined ? {} : { missing: list(missing) }),
    ...(separator === undefined ? {} : { separator: separatorOf(separator) }),
    ...(decimal === undefined ? {} : { decimal: decimal as "." | "," }),
    ...(encoding === undefined ? {} : { encoding }),
  };
}

/** Names with commas between them. */
export function list(text: string): string[] {
  return text.split(",").map((name) => name.trim());
}

function separatorOf(text: string): string {
  const separator = text === "\\t" || text === "tab" ? "\t" : text;
  // Cells are cut as bytes, and a quote or a line end cuts already.
  if (/^[^"\r\n\u0080-\uffff]$/.test(separator)) return separator;
  throw new CliError(
    "CLI_USAGE",
    `--separator is ${JSON.stringify(text)}; it must be one sign of ASCII, such as ";", or \\t for a tab.`,
  );
}

/** "colour,grade:ordinal" */
function encodings(names: readonly string[]): Record<string, Encoding> {
  const entries = names.map((name): [string, Encoding] => {
    const [, column, kind] = /^(.*?)(?::(ordinal|oneHot))?$/s.exec(name)!;
    return [column, kind === "ordinal" ? "ordinal" : "oneHot"];
  });
  return Object.fromEntries(entries);
}
