// The fault codes of benchmark files, and which causes mean the same.

import type { CauseId } from "../causes/cause.ts";

/** The code of a fault. A capacity of the output is no matter of size: it is what labels need. */
export function codeOf({
  code,
  where,
}: {
  readonly code: string;
  readonly where?: unknown;
}): string {
  return code === "CAPACITY" && /^output/.test(String(where ?? "")) ? "LABEL_ENC" : code;
}

/** The codes that a cause stands for. The benchmark's words are wider than ours in places. */
export const FAULT_CODES: Readonly<Record<CauseId, readonly string[]>> = {
  "unscaled-features": ["SCALE"],
  outliers: ["OUTLIER"],
  "missing-values": ["MISSING"],
  "constant-features": ["CONST_FEATURE"],
  "correlated-features": ["COLLINEAR"],
  "uninformative-features": ["NOISE_FEATURES"],
  "leaking-column": ["LEAK"],
  "class-imbalance": ["IMBALANCE"],
  "label-noise": ["LABEL_NOISE"],
  "label-encoding": ["LABEL_ENC", "TASK"],
  // LABEL_NOISE is "wrong, conflicting or random labels": of random ones nothing is left to learn.
  "no-signal": ["NO_SIGNAL", "LABEL_NOISE"],
  "too-little-data": ["DATA_SMALL"],
  "unshuffled-rows": ["NO_SHUFFLE"],
  "output-activation": ["ACT_OUT"],
  "hidden-activation": ["ACT_HID"],
  "redundant-activation": ["REDUNDANT_ACT"],
  "wrong-loss": ["LOSS"],
  initialization: ["INIT"],
  "too-small-network": ["CAPACITY"],
  "too-large-network": ["CAPACITY"],
  "vanishing-gradients": ["VANISH"],
  "exploding-gradients": ["EXPLODE"],
  "dead-units": ["DYING_RELU"],
  "learning-rate-too-high": ["LR_HIGH"],
  "learning-rate-too-low": ["LR_LOW"],
  optimizer: ["OPT"],
  "batch-size": ["BATCH"],
  "too-few-epochs": ["EPOCHS"],
  overfitting: ["OVERFIT"],
  "too-much-regularization": ["OVERREG"],
  // METRIC is "wrong metric or train/eval mode".
  "batch-normalization": ["METRIC"],
};
