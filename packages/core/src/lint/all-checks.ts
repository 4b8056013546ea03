// All checks, in the order in which findings of one severity are listed: data, labels, the parts,
// the head, the layers, the training.

import { batchLargerThanData } from "./checks/batch-larger-than-data.ts";
import { batchNormBatches } from "./checks/batch-norm-batches.ts";
import { batchNormLag } from "./checks/batch-norm-lag.ts";
import { bornDead } from "./checks/born-dead.ts";
import { classImbalance } from "./checks/class-imbalance.ts";
import { conflictingLabels } from "./checks/conflicting-labels.ts";
import { constantColumn } from "./checks/constant-column.ts";
import { constantInitializer } from "./checks/constant-initializer.ts";
import { correlatedFeatures } from "./checks/correlated-features.ts";
import { doubleSoftmax } from "./checks/double-softmax.ts";
import { duplicateColumns } from "./checks/duplicate-columns.ts";
import { headActivationCheck } from "./checks/head-activation.ts";
import { headUnits } from "./checks/head-units.ts";
import { identifierColumn } from "./checks/identifier-column.ts";
import { labelLeakage } from "./checks/label-leakage.ts";
import { labelRange } from "./checks/label-range.ts";
import { learningRateRange } from "./checks/learning-rate-range.ts";
import { linearHiddenLayers } from "./checks/linear-hidden-layers.ts";
import { missingValues } from "./checks/missing-values.ts";
import { outliers } from "./checks/outliers.ts";
import { regressionLoss } from "./checks/regression-loss.ts";
import { sentinelValues } from "./checks/sentinel-values.ts";
import { softmaxOnOneUnit } from "./checks/softmax-on-one-unit.ts";
import { sortedBatches } from "./checks/sorted-batches.ts";
import { sortedSplit } from "./checks/sorted-split.ts";
import { stackedActivations } from "./checks/stacked-activations.ts";
import { strongDropout } from "./checks/strong-dropout.ts";
import { strongPenalty } from "./checks/strong-penalty.ts";
import { testPartDiffers } from "./checks/test-part-differs.ts";
import { testPartInScaler } from "./checks/test-part-in-scaler.ts";
import { tooFewRows } from "./checks/too-few-rows.ts";
import { tooFewSteps } from "./checks/too-few-steps.ts";
import { uninformativeColumns } from "./checks/uninformative-columns.ts";
import { unscaledFeatures } from "./checks/unscaled-features.ts";
import { unstableDecay } from "./checks/unstable-decay.ts";
import { vanishingAtStart } from "./checks/vanishing-at-start.ts";
import { wideInitializer } from "./checks/wide-initializer.ts";
import type { LintCheck } from "./lint-check.ts";

export const LINT_CHECKS: readonly LintCheck[] = [
  missingValues,
  sentinelValues,
  unscaledFeatures,
  outliers,
  constantColumn,
  duplicateColumns,
  correlatedFeatures,
  identifierColumn,
  labelLeakage,
  conflictingLabels,
  labelRange,
  classImbalance,
  tooFewRows,
  uninformativeColumns,
  sortedSplit,
  testPartDiffers,
  testPartInScaler,
  headUnits,
  softmaxOnOneUnit,
  doubleSoftmax,
  headActivationCheck,
  regressionLoss,
  linearHiddenLayers,
  stackedActivations,
  constantInitializer,
  wideInitializer,
  vanishingAtStart,
  bornDead,
  strongDropout,
  strongPenalty,
  unstableDecay,
  learningRateRange,
  tooFewSteps,
  batchLargerThanData,
  sortedBatches,
  batchNormBatches,
  batchNormLag,
];
