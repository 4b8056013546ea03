// Judging: what the last round says of each arm against the unchanged network, as proofs.

import { mean, sampleSd } from "../shared/statistics.ts";
import type { Arm } from "./arms.ts";
import { worthOf } from "./outcome.ts";
import { pairedDifference } from "./paired.ts";
import type { ArmSummary, Proof, ProofVerdict } from "./proof.ts";
import { BASELINE_KEY, type Rounds } from "./rounds.ts";

export function isProved({ verdict }: Proof): boolean {
  return verdict === "fixes" || verdict === "helps";
}

/** Below it, after Holm's correction, a difference is taken for real. */
export const ALPHA = 0.01;

/**
 * A gain worth a change: 2 points of accuracy, or half of the errors where fewer are left, half a
 * point at least. Two points are what the published benchmark counts as an effect. Of a loss a fifth,
 * as that benchmark has it where only the loss can tell.
 */
export function relevantGain(rounds: Rounds): number {
  const reached = rounds.level(BASELINE_KEY);
  if (rounds.metric === "loss") return Math.abs(reached) / 5;
  return Math.max(0.005, Math.min(0.02, (1 - reached) / 2));
}

/** @param bestEffect The largest effect of the round: what comes near it fixes, what does not helps. */
export function verdictOf(
  { effect, interval, n }: ReturnType<typeof pairedDifference>,
  p: number,
  margin: number,
  bestEffect: number,
  alpha = ALPHA,
): ProofVerdict {
  if (n < 2 || interval === undefined) return "undecided";
  const [low, high] = interval;
  if (p < alpha && effect >= margin) return effect >= bestEffect - margin ? "fixes" : "helps";
  if (p < alpha && effect <= -margin) return "harms";
  return low > -margin && high < margin ? "no-effect" : "undecided";
}

/** An arm against another on the pairs that both have. */
export function compared(rounds: Rounds, key: string, other = BASELINE_KEY) {
  const { metric } = rounds;
  const { arm, other: base } = rounds.pairs(key, other);
  const difference = pairedDifference(
    arm.map((outcome) => worthOf(outcome, metric)),
    base.map((outcome) => worthOf(outcome, metric)),
    { treated: arm.map(({ failed }) => failed), baseline: base.map(({ failed }) => failed) },
  );
  const summary = (outcomes: typeof arm) =>
    summaryOf(
      outcomes.map((outcome) => worthOf(outcome, metric)),
      outcomes.map(({ failed }) => failed),
    );
  return { difference, treated: summary(arm), baseline: summary(base) };
}

/** What an arm comes to, from a value per run and whether it failed. */
export function summaryOf(values: readonly number[], failed: readonly boolean[]): ArmSummary {
  const sd = sampleSd(values);
  const n = values.length;
  return {
    n,
    mean: mean(values),
    sd: Number.isFinite(sd) ? sd : null,
    failed: { k: failed.filter(Boolean).length, n },
  };
}

/** An arm as a proof for the likeliest cause of its heaviest part. */
export function proofOf(
  { parts, intervention }: Arm,
  { on, metric }: Rounds,
  numbers: Pick<Proof, "n" | "baseline" | "treated" | "effect" | "ci95" | "p" | "verdict">,
): Proof {
  const { id, says, patch } = intervention;
  const { causes, finding } = [...parts].sort((a, b) => b.weight - a.weight)[0];
  return { cause: causes[0], finding, intervention: id, says, patch, on, metric, ...numbers };
}

/** What a change that was left behind had shown until then; it proves nothing, and says so. */
export function screenedProof(rounds: Rounds, arm: Arm, over: string, margin: number): Proof {
  const { difference, baseline, treated } = compared(rounds, arm.key, over);
  const { effect, interval } = difference;
  const isFlat = interval !== undefined && interval[0] > -margin && interval[1] < margin;
  const numbers = proofOf(arm, rounds, {
    n: difference.n,
    baseline,
    treated,
    effect,
    ci95: interval ?? null,
    p: difference.p,
    verdict: isFlat ? "no-effect" : "undecided",
  });
  if (over === BASELINE_KEY) return numbers;
  const { change, causes, finding } = arm.parts.at(-1)!;
  const before = arm.parts.slice(0, -1).map((part) => part.change.id);
  const intervention = `${change.id}, put on ${before.join(" + ")}`;
  return { ...numbers, cause: causes[0], finding, intervention };
}

/** The whole against the whole without a part: what that part is worth. */
export function ablationOf(
  rounds: Rounds,
  whole: Arm,
  without: Arm,
  margin: number,
  alpha = ALPHA,
): Proof {
  const { difference, baseline, treated } = compared(rounds, whole.key, without.key);
  const kept = new Set(without.parts.map(({ change }) => change.id));
  const left = whole.parts.filter(({ change }) => !kept.has(change.id));
  const verdict = verdictOf(difference, difference.p, margin, difference.effect, alpha);
  const [{ causes, change, finding }] = left;
  return {
    ...proofOf(whole, rounds, {
      n: difference.n,
      baseline,
      treated,
      effect: difference.effect,
      ci95: difference.interval ?? null,
      p: difference.p,
      verdict,
    }),
    cause: causes[0],
    finding,
    intervention: change.id,
    says: `${change.id}, added last`,
  };
}
