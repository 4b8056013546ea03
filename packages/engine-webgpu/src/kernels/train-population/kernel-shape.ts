// Everything that decides a kernel's text. Networks of one kernel shape share a pipeline; whatever
// else differs between them is read from a table.

import type { Network } from "@convergence-lab/core";
import type { KernelPlan } from "./kernel-plan.ts";

export interface KernelShape {
  readonly network: Network;
  readonly batchSize: number;
  readonly shuffle: boolean;
  /** Whether any layer of any of its networks has an L1 or L2 penalty. */
  readonly isPenalized: boolean;
  /** Whether what every step computed is written out, for a replay. */
  readonly isCaptured: boolean;
  readonly plan: KernelPlan;
}
