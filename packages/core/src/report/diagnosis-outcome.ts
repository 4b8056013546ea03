// What a diagnosis comes to in one word: healthy, fixed, helped, beyond repair, or unexplained.

import { hasRowsPerClass } from "../dataset/rows-per-class.ts";
import { isProved } from "../prove/judge.ts";
import { outcomeOf, reachedBy } from "../prove/outcome.ts";
import { AS_GOOD } from "../prove/prove-changes.ts";
import type { Situation } from "../prove/situation.ts";
import type { DiagnosisMaterial } from "./diagnosis-material.ts";
import type { NamedCause, Outcome, Prescription } from "./diagnosis-report.ts";

export function outcomeFrom(
  { situation, proved }: DiagnosisMaterial,
  causes: readonly NamedCause[],
  prescription: Prescription | null,
  isHopeless: boolean,
): Outcome {
  if (isHopeless) return "no-signal";
  if (prescription !== null) {
    if (!isProved(prescription.proof)) return "unfixable";
    // Simple methods have the leaking column too: what they reach with it is no measure.
    if (prescription.proof.cause === "leaking-column") return "fixed";
    const { metric, treated, on } = prescription.proof;
    if (on === "training" && situation.judging === "test") return "helped";
    const after =
      metric === "loss" ? reachedBy(proved!.bestRuns!, situation.judging) : treated.mean;
    return isAsGoodAsSimple(situation, after) ? "fixed" : "helped";
  }
  if (causes.length > 0) return "unfixable";
  if (proved === undefined) return "healthy";
  const { before, judging } = situation;
  const failed = before.runs.filter((run) => outcomeOf(run, judging).failed).length;
  const works =
    2 * failed < before.runs.length && isAsGoodAsSimple(situation, reachedBy(before, judging));
  return works ? "healthy" : "unexplained";
}

function isAsGoodAsSimple({ learnable }: Situation, accuracy: number | null): boolean {
  return accuracy !== null && accuracy >= learnable.best.accuracy - AS_GOOD;
}

/** Above it the permutation test shows nothing; between the two it may only lack rows. */
const SHOWS_NOTHING = 0.05;

/**
 * The table holds nothing that simple methods find, and the network has found nothing either. Where
 * rows are too few for the simple methods to say so, the changes that were tried must agree.
 */
export function hasNoSignal({ situation, proved }: DiagnosisMaterial): boolean {
  const { learnable, judging, before, dataset } = situation;
  if (judging !== "test" || proved?.best !== undefined) return false;
  if (learnable.verdict === "no-signal") return true;
  if (!hasRowsPerClass(dataset, ENOUGH_TIMES)) return false;
  const isTried = proved !== undefined && (learnable.p ?? 0) > SHOWS_NOTHING;
  return isTried && reachedBy(before, judging) < before.runs[0].chance.valAccuracy! + ABOVE_CHANCE;
}

/** Of the rows that a class needs at all, for what nothing has found to be called nothing. */
const ENOUGH_TIMES = 3;

/** What no mean over seeds reaches by chance. */
const ABOVE_CHANCE = 0.05;
