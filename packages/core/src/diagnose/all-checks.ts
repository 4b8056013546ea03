// All checks of a recorded training, in the order in which findings of one severity are listed: what
// broke, what the loss did, what the answers are, what the layers did, and what the seeds say.

import type { Check } from "./check.ts";
import { batchNormGap } from "./checks/batch-norm-gap.ts";
import { constantOutput } from "./checks/constant-output.ts";
import { deadUnits } from "./checks/dead-units.ts";
import { dropoutGap } from "./checks/dropout-gap.ts";
import { explodingGradients } from "./checks/exploding-gradients.ts";
import { largeUpdates } from "./checks/large-updates.ts";
import { lossDiverges } from "./checks/loss-diverges.ts";
import { lossOscillates } from "./checks/loss-oscillates.ts";
import { lossStillFalling } from "./checks/loss-still-falling.ts";
import { majorityPredictor } from "./checks/majority-predictor.ts";
import { noisyGradient } from "./checks/noisy-gradient.ts";
import { nonFinite } from "./checks/non-finite.ts";
import { overfitting } from "./checks/overfitting.ts";
import { penaltyDominates } from "./checks/penalty-dominates.ts";
import { plateauAtConstant } from "./checks/plateau-at-constant.ts";
import { rareClassesMissed } from "./checks/rare-classes-missed.ts";
import { saturatedUnits } from "./checks/saturated-units.ts";
import { seedDependent } from "./checks/seed-dependent.ts";
import { symmetricUnits } from "./checks/symmetric-units.ts";
import { tinyUpdates } from "./checks/tiny-updates.ts";
import { underfitting } from "./checks/underfitting.ts";
import { vanishingGradients } from "./checks/vanishing-gradients.ts";

export const DIAGNOSE_CHECKS: readonly Check[] = [
  nonFinite,
  lossDiverges,
  plateauAtConstant,
  underfitting,
  lossOscillates,
  lossStillFalling,
  overfitting,
  constantOutput,
  majorityPredictor,
  rareClassesMissed,
  symmetricUnits,
  deadUnits,
  saturatedUnits,
  vanishingGradients,
  explodingGradients,
  noisyGradient,
  tinyUpdates,
  largeUpdates,
  penaltyDominates,
  dropoutGap,
  batchNormGap,
  seedDependent,
];
