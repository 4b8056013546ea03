// Which causes an intervention would undo. A finding may speak for several causes and propose a change
// for each: a loss that is still falling asks for more epochs or for a larger rate, and neither is
// what is wrong where the other is.

import type { CauseId } from "./cause.ts";

/** An intervention that is not here undoes whatever its finding speaks for. */
const UNDOES: Readonly<Record<string, readonly CauseId[]>> = {
  standardize: ["unscaled-features"],
  "impute-median": ["missing-values"],
  "impute-mean": ["missing-values"],
  "declare-missing": ["missing-values"],
  "learning-rate": ["learning-rate-too-high", "learning-rate-too-low"],
  clip: ["exploding-gradients"],
  "more-epochs": ["too-few-epochs"],
  adam: ["optimizer"],
  "larger-batch": ["batch-size", "batch-normalization"],
  "smaller-batch": ["batch-size"],
  "class-weight": ["class-imbalance"],
};

export function undoes(intervention: string, cause: CauseId): boolean {
  return UNDOES[intervention]?.includes(cause) ?? true;
}
