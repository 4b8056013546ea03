// A cause: why the network does not converge, as one word, with what speaks for it and against it.
// Findings are symptoms; a cause explains some of them and names changes that would undo it.

import type { Intervention } from "../lint/finding.ts";

/**
 * Every cause that can be named, in the order in which people meet them: data, labels, the network,
 * its training. Each is a page in docs/causes.
 */
export const CAUSES = [
  "unscaled-features",
  "outliers",
  "missing-values",
  "constant-features",
  "correlated-features",
  "uninformative-features",
  "leaking-column",
  "class-imbalance",
  "label-noise",
  "label-encoding",
  "no-signal",
  "too-little-data",
  "unshuffled-rows",
  "output-activation",
  "hidden-activation",
  "redundant-activation",
  "wrong-loss",
  "initialization",
  "too-small-network",
  "too-large-network",
  "vanishing-gradients",
  "exploding-gradients",
  "dead-units",
  "learning-rate-too-high",
  "learning-rate-too-low",
  "optimizer",
  "batch-size",
  "too-few-epochs",
  "overfitting",
  "too-much-regularization",
  "batch-normalization",
] as const;

export type CauseId = (typeof CAUSES)[number];

/** A cause before anything is proved. */
export interface SuspectedCause {
  readonly id: CauseId;
  readonly where: string;
  readonly says: string;
  /** Weight of the findings that it explains; only the order counts. */
  readonly weight: number;
  /** Certain by itself, as a softmax over one unit is: it is named even when no change was proved. */
  readonly certain: boolean;
  /** Ids of the findings that speak for it. */
  readonly findings: readonly string[];
  readonly evidence: readonly string[];
  readonly against: readonly string[];
  readonly ruledOut: readonly string[];
  /** The smallest change first. */
  readonly interventions: readonly Intervention[];
}
