// clab list-checks: every check by its id, with what it looks for and what it reads.

import { DATA_CHECKS, DIAGNOSE_CHECKS, LINT_CHECKS } from "@convergence-lab/core";
import { EXIT } from "../errors.ts";
import { paint, writeOut } from "../terminal.ts";

export interface ListedCheck {
  readonly id: string;
  /**
   * lint: before training, from the spec and the table. data: from the table alone, where a network
   * does badly. trace: from what a training recorded.
   */
  readonly stage: "lint" | "data" | "trace";
  readonly title: string;
  /** Facts of the table, or signals beside loss and accuracy. */
  readonly reads: readonly string[];
}

export async function listChecks({ json }: { readonly json: boolean }): Promise<number> {
  const listed = (stage: ListedCheck["stage"]) => (check: Omit<ListedCheck, "stage">) => {
    const { id, title, reads } = check;
    return { id, stage, title, reads };
  };
  const checks = [
    ...LINT_CHECKS.map(listed("lint")),
    ...DATA_CHECKS.map((check) => listed("data")({ ...check, reads: [] })),
    ...DIAGNOSE_CHECKS.map(listed("trace")),
  ];
  await writeOut(json ? `${JSON.stringify(checks, null, 2)}\n` : asTable(checks));
  return EXIT.ran;
}

const TITLES: Readonly<Record<ListedCheck["stage"], string>> = {
  lint: "Before training, from the spec and the table",
  data: "From the table, where a network does badly",
  trace: "After it, from what was recorded",
};

function asTable(checks: readonly ListedCheck[]): string {
  const width = Math.max(...checks.map(({ id }) => id.length));
  const blocks = (["lint", "data", "trace"] as const).map((stage) => {
    const lines = checks
      .filter((check) => check.stage === stage)
      .map(({ id, title }) => `  ${id.padEnd(width)}  ${title}`);
    return [paint("bold", TITLES[stage], process.stdout), ...lines].join("\n");
  });
  return `${blocks.join("\n\n")}\n\nclab explain <id> tells more of each.\n`;
}
