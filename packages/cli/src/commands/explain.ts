// clab explain: the page of a check or a cause, in the terminal. The pages are those of docs/checks
// and docs/causes, copied into the package when it is built.

import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import {
  CAUSES,
  DATA_CHECKS,
  DIAGNOSE_CHECKS,
  didYouMean,
  LINT_CHECKS,
} from "@convergence-lab/core";
import { CliError, EXIT } from "../errors.ts";
import { readText } from "../files.ts";
import { markdownAsText } from "../markdown-text.ts";
import { writeOut } from "../terminal.ts";

/** A cause and the check that sees it may have one name; then both pages are printed. */
export async function explain(id: string): Promise<number> {
  const known: Readonly<Record<string, readonly string[]>> = {
    causes: CAUSES,
    checks: [...LINT_CHECKS, ...DATA_CHECKS, ...DIAGNOSE_CHECKS].map((check) => check.id),
  };
  const kinds = Object.keys(known).filter((kind) => known[kind].includes(id));
  if (kinds.length === 0) {
    const hint = didYouMean(id, Object.values(known).flat());
    throw new CliError(
      "CLI_USAGE",
      `"${id}" is no cause and no check.${hint} \`clab list-checks\` lists the checks.`,
    );
  }
  const pages = kinds.map((kind) => pagePath(kind, id)).filter(existsSync);
  if (pages.length === 0) {
    throw new CliError("CLI_FILE_UNREADABLE", `there is no page about "${id}" in this package.`);
  }
  await writeOut(`${pages.map((page) => markdownAsText(readText(page))).join("\n\n")}\n`);
  return EXIT.ran;
}

function pagePath(kind: string, id: string): string {
  return fileURLToPath(new URL(`../docs/${kind}/${id}.md`, import.meta.url));
}
