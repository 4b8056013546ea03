// What the curve of one run does. Each behaviour is a question with the answers yes, no and not
// measured; they overlap, and a run may do none of them. All read the training curve alone and so
// say nothing about new rows. docs/reading-a-report.md explains each to users.

import { mean, sampleSd } from "../shared/statistics.ts";
import type { Behavior } from "../spec/spec.ts";
import type { TraceRun } from "../trace/trace.ts";
import { finalValue } from "./final-value.ts";

/** Whether the run's curve does this; undefined when the signal it reads was not measured. */
export function behaves(run: TraceRun, behavior: Behavior): boolean | undefined {
  return BEHAVIOR_RULES[behavior](run);
}

/** Whether the run does any of these: no only when every one is measured. */
export function behavesAny(run: TraceRun, behaviors: readonly Behavior[]): boolean | undefined {
  const answers = behaviors.map((behavior) => behaves(run, behavior));
  if (answers.includes(true)) return true;
  return answers.includes(undefined) ? undefined : false;
}

/** The behaviours as the predicate of a sentence. */
export const BEHAVIOR_VERBS: Readonly<Record<Behavior, string>> = {
  diverges: "diverges",
  oscillates: "oscillates",
  stillFalling: "is still falling",
  stuck: "is stuck",
  converges: "converges",
};

const BEHAVIOR_RULES: Record<Behavior, (run: TraceRun) => boolean | undefined> = {
  diverges,
  oscillates,
  stillFalling,
  stuck,
  converges,
};

/** A loss that is not finite, or a final loss above that of the first epoch. */
function diverges(run: TraceRun): boolean | undefined {
  if (run.status === "diverged") return true;
  const { loss } = run.signals;
  if (loss === undefined || loss.length === 0) return undefined;
  return !loss.every(Number.isFinite) || loss[loss.length - 1] > loss[0];
}

/** AUTOTRAINER's zeta (Zhang et al., ICSE 2021): how far training accuracy must drop. */
const MIN_ACCURACY_DROP = 0.03;
/** AUTOTRAINER's eta: in how many pairs of extrema, per epoch of training. */
const MIN_DROPS_PER_EPOCH = 0.2;
/** Accuracies arrive as float32, in which 0.78 - 0.75 is below 0.03 by 3e-8. */
const FLOAT32_SLACK = 1e-6;

/**
 * AUTOTRAINER's "unstable": a local maximum of training accuracy is followed by a local minimum at
 * least 0.03 lower, in at least 0.2 x epochs such pairs. A plateau is one point; the first and the
 * last epoch are no extrema. AUTOTRAINER pairs the i-th maximum with the i-th minimum, which is the
 * same wherever the curve turns down first, as it does when accuracy starts to rise.
 */
function oscillates(run: TraceRun): boolean | undefined {
  const { accuracy } = run.signals;
  if (accuracy === undefined || accuracy.length === 0) return undefined;
  const steps = accuracy.filter((value, i) => i === 0 || value !== accuracy[i - 1]);
  let drops = 0;
  let peak = Number.NaN;
  for (let i = 1; i + 1 < steps.length; i++) {
    if (steps[i] > steps[i - 1] && steps[i] > steps[i + 1]) peak = steps[i];
    if (steps[i] < steps[i - 1] && steps[i] < steps[i + 1]) {
      if (peak - steps[i] >= MIN_ACCURACY_DROP - FLOAT32_SLACK) drops++;
    }
  }
  return drops > 0 && drops >= MIN_DROPS_PER_EPOCH * accuracy.length;
}

/**
 * Fewest epochs in a tenth. The drop between two means over w epochs of independent noise has the
 * sd s sqrt(2 / w) and is compared with s sqrt(2), so a flat curve passes when the drop is sqrt(w)
 * standard deviations off. With s estimated that is 6% of flat curves for w = 3, 2.5% for 5, 0.3%
 * for 10 (behaviors.test.ts); with w = 2 it would be 12%.
 */
const MIN_TENTH = 3;

/**
 * The mean loss of the last tenth of the epochs lies below that of the tenth before by more than
 * the noise from epoch to epoch: the standard deviation of the loss's changes in these two tenths.
 */
function stillFalling(run: TraceRun): boolean | undefined {
  if (run.status === "diverged") return false;
  const { loss } = run.signals;
  if (loss === undefined) return undefined;
  const tenth = Math.max(MIN_TENTH, Math.floor(loss.length / 10));
  if (loss.length < 2 * tenth) return undefined;
  const last = Array.from(loss.subarray(loss.length - tenth));
  const before = Array.from(loss.subarray(loss.length - 2 * tenth, loss.length - tenth));
  const both = [...before, ...last];
  const changes = both.slice(1).map((value, i) => value - both[i]);
  return mean(before) - mean(last) > sampleSd(changes);
}

/**
 * Fitting p noise features to n rows takes p / (2n) per row off the loss of a logistic regression
 * (Wilks's theorem): for 20 features and 800 rows 0.0125 of 0.693, which is 1.8%. A loss within 2%
 * of the best constant predictor's is therefore what a network reaches that has found nothing.
 */
export const STUCK_ABOVE = 0.98;

/** A finite final loss that is not meaningfully below the best constant predictor's. */
function stuck(run: TraceRun): boolean | undefined {
  const final = finalValue(run, "loss");
  if (final === undefined) return undefined;
  return Number.isFinite(final) && final >= STUCK_ABOVE * run.chance.loss;
}

/**
 * Five times the margin of `stuck`, so that a run between the two has begun and not arrived, and
 * neither word is stretched over it.
 */
export const CONVERGED_BELOW = 0.9;

/**
 * A finite final loss below 0.9 of the best constant predictor's: the optimizer works. Whether
 * what was learned holds on new rows is not asked; memorizing coin flips converges too.
 */
function converges(run: TraceRun): boolean | undefined {
  const final = finalValue(run, "loss");
  if (final === undefined) return undefined;
  return Number.isFinite(final) && final < CONVERGED_BELOW * run.chance.loss;
}
