// What is known of a cause beside its name: which findings speak for it, what would undo it, and what
// speaks against it.

import type { Finding } from "../lint/finding.ts";
import type { Change } from "./change.ts";
import type { CauseContext } from "./context.ts";

export interface CauseRule {
  /** What to say where no finding says it better. */
  readonly says: string;
  readonly where: string;
  /** Check id -> share of the finding's weight that falls to this cause. */
  readonly findings: Readonly<
    Record<string, number | ((finding: Finding, context: CauseContext) => number)>
  >;
  /** Checks whose errors prove the cause without a training. */
  readonly certain?: readonly string[];
  /** Weight without any finding: how often people meet it and how little a try costs. */
  readonly prior?: (context: CauseContext) => number;
  /** Changes beyond those that the findings propose, the likeliest first. */
  readonly changes?: (context: CauseContext) => readonly Change[];
  /** What speaks against it; each halves its weight. */
  readonly against?: (context: CauseContext) => readonly string[];
}
