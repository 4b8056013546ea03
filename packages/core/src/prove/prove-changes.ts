// What is proved of a network, and by which rows: on held-out folds and an untouched test part where
// there are rows enough, by the loss where accuracy cannot tell, and on the training rows where nothing
// else is left.

import type { CauseId } from "../causes/cause.ts";
import type { LastEpochs } from "../compile/plan.ts";
import type { Dataset } from "../dataset/dataset.ts";
import { hasRowsPerClass } from "../dataset/rows-per-class.ts";
import type { Intervention } from "../lint/finding.ts";
import { mean } from "../shared/statistics.ts";
import { BASELINE } from "../spec/resolve-variants.ts";
import type { Trace } from "../trace/trace.ts";
import type { Arm } from "./arms.ts";
import { chanceOf, outcomeOf, reachedBy } from "./outcome.ts";
import type { ProofMetric } from "./proof.ts";
import { type Proved, prove } from "./prove.ts";
import type { Situation } from "./situation.ts";
import type { Trains } from "./trainer.ts";

export interface ProvedChanges extends Proved {
  readonly metric: ProofMetric;
}

/**
 * Whether there is anything to mend: a finding that warns, runs that fail, or a network that does
 * worse than a simple method on the same rows. A network that none of it is true of is healthy, and
 * trying changes on it would only find differences that are there by chance.
 */
export function needsProof({
  findings,
  before,
  judging,
  learnable,
}: Omit<Situation, "suspects">): boolean {
  const outcomes = before.runs.map((run) => outcomeOf(run, judging));
  const warned = findings.some(({ severity }) => severity !== "note");
  const fails = outcomes.some(({ failed }) => failed);
  const accuracy = mean(outcomes.map((outcome) => outcome.accuracy));
  if (learnable.verdict === "no-signal" && judging === "test") {
    return accuracy > before.runs[0].chance.valAccuracy! + CLEARLY_ABOVE;
  }
  return warned || fails || accuracy < learnable.best.accuracy - CLEARLY_ABOVE;
}

/** Accuracy that rows of a test part do not give by chance alone: 2 sd of 400 rows at 0.5. */
const CLEARLY_ABOVE = 0.05;

/** Within this of the best simple method nothing more is tried. */
const CLOSE_ENOUGH = 0.01;

/** Within what a test part can tell of the best simple method. */
export const AS_GOOD = 0.05;

/**
 * Share of its training rows that a network which learns knows in the end. What simple methods do on
 * new rows says nothing of these, which a network may know by heart.
 */
const KNOWN_BY_HEART = 0.98;

/** With fewer training rows a held-out quarter is too few to choose by. */
const MIN_ROWS_FOR_FOLDS = 40;

/** Causes that a loss on new rows can show where accuracy does not. */
const SEEN_IN_LOSS: readonly CauseId[] = ["overfitting", "learning-rate-too-high"];
/** What a good part of a warning weighs. */
const MIN_LOSS_WEIGHT = 1;

export interface ProofSettings {
  readonly seeds: readonly number[];
  /** What was read of the network as it stands. */
  readonly evaluates: LastEpochs;
  readonly onStage: (says: string) => void;
  readonly onHeld: (made: Intervention) => void;
}

export async function proveChanges(
  { variant, dataset, suspects, before, judging, learnable }: Situation,
  trainer: Trains,
  { seeds, evaluates, onStage, onHeld }: ProofSettings,
): Promise<ProvedChanges> {
  const hasFolds = variant.data.split !== undefined && dataset.train.rows >= MIN_ROWS_FOR_FOLDS;
  const imbalance = suspects.find(({ id }) => id === "class-imbalance");
  const failed = before.runs.filter((run) => outcomeOf(run, judging).failed).length;
  const metric: ProofMetric = (imbalance?.weight ?? 0) >= 3 ? "balancedAccuracy" : "accuracy";
  const options = {
    dataset,
    seeds,
    judging,
    splitsAnew: judging === "test" && hasFolds && variant.data.split?.shuffle !== false,
    isLucky: failed > 0 && failed < before.runs.length,
    enough: hasFolds ? learnable.best.accuracy - CLOSE_ENOUGH : KNOWN_BY_HEART,
    sufficient: judging === "test" ? learnable.best.accuracy - AS_GOOD : KNOWN_BY_HEART,
    choosing: hasFolds ? ("validation" as const) : ("training" as const),
    baseline: { trace: before, variant: BASELINE, evaluates },
    onStage,
    onHeld: ({ intervention }: Arm) => onHeld(intervention),
  };
  const proved = await prove(suspects, variant, trainer, { ...options, metric });
  const overfits = suspects.some(({ id, weight }) => id === "overfitting" && weight >= 1);
  const isStuck = judging === "test" && isStuckOnFewRows(before, dataset);
  if (proved.best !== undefined || !(overfits || isStuck)) return { ...proved, metric };
  // What overfits can lose its validation loss and keep its accuracy; large steps do the same to it.
  const again = isStuck
    ? await prove(
        suspects.filter(({ id }) => !OF_NEW_ROWS.includes(id)),
        variant,
        trainer,
        { ...options, ...ON_TRAINING_ROWS, metric },
      )
    : await prove(
        suspects.filter(({ id, weight }) => SEEN_IN_LOSS.includes(id) && weight >= MIN_LOSS_WEIGHT),
        variant,
        trainer,
        { ...options, metric: "loss" },
      );
  const proofs = [...again.proofs, ...proved.proofs];
  return { ...again, proofs, metric: isStuck ? metric : "loss" };
}

/** Causes of a network that knows its training rows and no others. */
const OF_NEW_ROWS: readonly CauseId[] = ["overfitting", "too-large-network", "label-noise"];

/** Share of its training rows that shows a network able to learn them; more tells nothing of others. */
const LEARNED = 0.9;

const ON_TRAINING_ROWS = {
  choosing: "training",
  judging: "training",
  splitsAnew: false,
  enough: LEARNED,
  sufficient: LEARNED,
} as const;

/**
 * Whether a network knows less than half of training rows that are too few to learn others from: that
 * it can be made to learn is then shown by these alone.
 */
function isStuckOnFewRows(before: Trace, dataset: Dataset): boolean {
  if (hasRowsPerClass(dataset)) return false;
  const chance = chanceOf(before.runs[0], "training");
  return reachedBy(before, "training") - chance < (1 - chance) / 2;
}
