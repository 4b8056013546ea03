// Proving: every change that a suspected cause names is trained against the unchanged network. Folds
// of the training part choose among the changes, in rounds that leave the worse half behind; the
// winners are put together, and what is left is trained on the whole training part and judged on the
// test part, which has had no say until then.

import type { Suspect } from "../causes/suspect-causes.ts";
import { mean, sampleSd } from "../shared/statistics.ts";
import type { Variant } from "../spec/spec.ts";
import type { Trace } from "../trace/trace.ts";
import { type Arm, makeArm, type Part, singleArms } from "./arms.ts";
import { worthOf } from "./outcome.ts";
import { holm, pairedDifference } from "./paired.ts";
import type { ArmSummary, JudgedOn, Proof, ProofMetric, ProofVerdict } from "./proof.ts";
import { BASELINE_KEY, Rounds } from "./rounds.ts";
import type { Trainer } from "./trainer.ts";

export interface ProveOptions {
  /** Training seeds of the last round, on the test part. */
  readonly seeds: readonly number[];
  /** On which rows arms are chosen. */
  readonly choosing: "validation" | "training";
  /** On which rows the last round is judged. */
  readonly judging: JudgedOn;
  /** What a gain is a gain of. */
  readonly metric: ProofMetric;
  /** The unchanged network on `seeds`, trained already: a trace and its variant there. */
  readonly baseline: { readonly trace: Pick<Trace, "runs">; readonly variant: string };
  readonly onStage?: (says: string) => void;
}

export interface Proved {
  /** Of the last round, the best first, then those that were left behind. */
  readonly proofs: readonly Proof[];
  /** Each part left out of the best combination. */
  readonly ablation: readonly Proof[];
  /** The smallest arm that is proved as good as any; undefined where none is proved. */
  readonly best: { readonly arm: Arm; readonly proof: Proof } | undefined;
  /** Every arm of the last round with its proof, the best first. */
  readonly finals: readonly { readonly arm: Arm; readonly proof: Proof }[];
}

/** Rounds of choosing; both axes of chance, weights and rows, differ between them. */
const ROUNDS = [
  { seeds: [1000, 1001], folds: [0, 1] },
  { seeds: [1002, 1003], folds: [2, 3] },
] as const;
/** The same without folds: as many pairs. */
const SEED_ROUNDS = [
  [1000, 1001, 1002, 1003],
  [1004, 1005, 1006, 1007],
] as const;

/** Arms that go on to the second round. */
const SECOND_ROUND = 8;
/** Single changes in the last round, beside the best combination. */
const FINAL_SINGLES = 5;
/** Changes that may be put on the best one; a patch of more is another network. */
const MOST_PARTS = 4;
/** What is put together at once when several faults may hide each other: what weighs a warning. */
const MIN_JOINT_WEIGHT = 2.5;

/** @throws what the trainer throws. */
export async function prove(
  suspects: readonly Suspect[],
  variant: Variant,
  trainer: Trainer,
  options: ProveOptions,
): Promise<Proved> {
  const { metric } = options;
  const choosing = new Rounds(trainer, options.choosing, metric);
  const round = (i: 0 | 1) =>
    options.choosing === "validation" ? ROUNDS[i] : { seeds: SEED_ROUNDS[i], folds: null };
  const singles = singleArms(suspects, variant);
  const joint = jointArm(suspects, variant);
  const arms = joint === undefined ? singles : [...singles, joint];
  if (arms.length === 0) return NOTHING;

  options.onStage?.(`${arms.length} changes, 4 pairs each`);
  await choosing.train(arms, round(0));
  const margin = relevantGain(choosing);
  const byGain = (a: Arm, b: Arm) => choosing.gain(b.key) - choosing.gain(a.key);
  const ahead = arms.filter(({ key }) => choosing.gain(key) >= margin / 2).sort(byGain);
  const second = ahead.slice(0, SECOND_ROUND);
  options.onStage?.(`the better ${second.length}, 4 more pairs each`);
  await choosing.train(second, round(1));
  second.sort(byGain);

  options.onStage?.("combinations of the winners");
  const combined = await combine(second, suspects, variant, choosing, round, margin);
  const smallest =
    combined === undefined ? undefined : smallestEqual(second, combined, choosing, margin);
  const finalists = distinct([
    ...(smallest ? [smallest] : []),
    ...(combined ? [combined] : []),
    ...second.filter(({ parts }) => parts.length === 1).slice(0, FINAL_SINGLES),
  ]);
  const leavingOut = smallest === undefined ? [] : withoutEach(smallest, variant);

  options.onStage?.(`${finalists.length} changes on ${options.seeds.length} seeds`);
  const judging = new Rounds(trainer, options.judging, metric);
  judging.take(BASELINE_KEY, options.baseline.trace, options.baseline.variant);
  const last = distinct([...finalists, ...leavingOut]);
  await judging.train(last, { seeds: options.seeds, folds: null });
  return summarize(judging, choosing, { finalists, leavingOut, smallest, left: arms, variant });
}

const NOTHING: Proved = { proofs: [], ablation: [], best: undefined, finals: [] };

/**
 * A gain worth a change: 2 points of accuracy, or half of the errors where fewer are left, half a
 * point at least. Two points are what the published benchmark counts as an effect. Of a loss a fifth,
 * as that benchmark has it where only the loss can tell.
 */
function relevantGain(rounds: Rounds): number {
  const reached = rounds.level(BASELINE_KEY);
  if (rounds.metric === "loss") return Math.abs(reached) / 5;
  return Math.max(0.005, Math.min(0.02, (1 - reached) / 2));
}

/** The likeliest change of a cause. */
function partOf({ id, changes, weight, findings }: Suspect): Part {
  return { change: changes[0], causes: [id], weight, finding: findings[0] ?? id };
}

/** The first change of every cause that weighs as much as a warning, all at once. */
function jointArm(suspects: readonly Suspect[], variant: Variant): Arm | undefined {
  const parts = suspects
    .filter(({ weight, changes }) => weight >= MIN_JOINT_WEIGHT && changes.length > 0)
    .map(partOf);
  const once = parts.filter(
    ({ change }, i) => parts.findIndex((other) => other.change.id === change.id) === i,
  );
  return once.length < 2 ? undefined : makeArm(once, variant);
}

type RoundOf = (i: 0 | 1) => { seeds: readonly number[]; folds: readonly number[] | null };

/** Trains arms on the pairs of both rounds. */
async function trainBoth(arms: readonly Arm[], rounds: Rounds, round: RoundOf): Promise<void> {
  await rounds.train(arms, round(0));
  await rounds.train(arms, round(1));
}

/** Puts winners together, as long as each addition pays; takes from a joint arm what does not. */
async function combine(
  ranked: readonly Arm[],
  suspects: readonly Suspect[],
  variant: Variant,
  rounds: Rounds,
  round: RoundOf,
  margin: number,
): Promise<Arm | undefined> {
  let best = ranked[0];
  if (best === undefined) return undefined;
  const others = [
    ...ranked.flatMap(({ parts }) => parts),
    // What could not show alone may show on top of the winner.
    ...suspects
      .filter(({ weight, changes }) => weight >= MIN_JOINT_WEIGHT && changes.length > 0)
      .map(partOf),
  ];
  while (best.parts.length < MOST_PARTS) {
    if (rounds.metric !== "loss" && rounds.level(best.key) > 1 - margin / 2) break;
    const tried = new Set(best.parts.map(({ change }) => change.id));
    const additions = distinct(
      others
        .filter(({ change }) => !tried.has(change.id))
        .map((part) => makeArm([...best.parts, part], variant))
        .filter((arm) => arm !== undefined)
        .filter(({ key }) => key !== best.key),
    ).slice(0, SECOND_ROUND / 2);
    if (additions.length === 0) break;
    await trainBoth(additions, rounds, round);
    const [winner] = additions.sort((a, b) => rounds.gain(b.key) - rounds.gain(a.key));
    if (rounds.gain(winner.key) < rounds.gain(best.key) + margin / 2) break;
    best = winner;
  }
  while (best.parts.length > 1) {
    const smaller = withoutEach(best, variant);
    await trainBoth(smaller, rounds, round);
    const whole = rounds.gain(best.key);
    const [kept] = smaller
      .filter(({ key }) => rounds.gain(key) > whole - margin / 2)
      .sort((a, b) => rounds.gain(b.key) - rounds.gain(a.key));
    if (kept === undefined) break;
    best = kept;
  }
  return best;
}

function withoutEach(arm: Arm, variant: Variant): Arm[] {
  if (arm.parts.length < 2) return [];
  return arm.parts.flatMap((_, left) => {
    const rest = arm.parts.filter((_, i) => i !== left);
    return makeArm(rest, variant) ?? [];
  });
}

/** Of the arms that are as good as the best, the one with the fewest parts; of those the likeliest. */
function smallestEqual(ranked: readonly Arm[], best: Arm, rounds: Rounds, margin: number): Arm {
  const whole = rounds.gain(best.key);
  const equal = distinct([best, ...ranked]).filter(
    ({ key }) => rounds.gain(key) >= whole - margin / 2,
  );
  return equal.sort(
    (a, b) =>
      a.parts.length - b.parts.length ||
      heaviest(b) - heaviest(a) ||
      rounds.gain(b.key) - rounds.gain(a.key),
  )[0];
}

function heaviest({ parts }: Arm): number {
  return Math.max(...parts.map(({ weight }) => weight));
}

function distinct(arms: readonly Arm[]): Arm[] {
  return [...new Map(arms.map((arm) => [arm.key, arm])).values()];
}

interface LastRound {
  readonly finalists: readonly Arm[];
  readonly leavingOut: readonly Arm[];
  readonly smallest: Arm | undefined;
  readonly left: readonly Arm[];
  readonly variant: Variant;
}

function summarize(
  judging: Rounds,
  choosing: Rounds,
  { finalists, leavingOut, smallest, left }: LastRound,
): Proved {
  const margin = relevantGain(judging);
  const unjudged = finalists.map((arm) => ({ arm, ...compared(judging, arm.key) }));
  const adjusted = holm(unjudged.map(({ difference }) => difference.p));
  const bestEffect = Math.max(...unjudged.map(({ difference }) => difference.effect));
  const finals = unjudged
    .map(({ arm, difference, baseline, treated }, i) => {
      const verdict = verdictOf(difference, adjusted[i], margin, bestEffect);
      const proof = proofOf(arm, judging, {
        n: difference.n,
        baseline,
        treated,
        effect: difference.effect,
        ci95: difference.interval ?? null,
        p: adjusted[i],
        verdict,
      });
      return { arm, proof };
    })
    .sort((a, b) => (b.proof.effect ?? 0) - (a.proof.effect ?? 0));
  const proved = finals.filter(({ proof }) => isProved(proof));
  const best = proved.find(({ arm }) => arm.key === smallest?.key) ?? proved[0];
  const behind = left
    .filter(({ key, parts }) => parts.length === 1 && !finals.some(({ arm }) => arm.key === key))
    .map((arm) => screenedProof(choosing, arm, margin));
  return {
    proofs: [...finals.map(({ proof }) => proof), ...behind],
    ablation:
      best === undefined || best.arm.key !== smallest?.key
        ? []
        : leavingOut.map((arm) => ablationOf(judging, best.arm, arm, margin)),
    best,
    finals,
  };
}

export function isProved({ verdict }: Proof): boolean {
  return verdict === "fixes" || verdict === "helps";
}

function compared(rounds: Rounds, key: string, other = BASELINE_KEY) {
  const { metric } = rounds;
  const { arm, other: base } = rounds.pairs(key, other);
  const difference = pairedDifference(
    arm.map((outcome) => worthOf(outcome, metric)),
    base.map((outcome) => worthOf(outcome, metric)),
    { treated: arm.map(({ failed }) => failed), baseline: base.map(({ failed }) => failed) },
  );
  const summary = (outcomes: typeof arm): ArmSummary => {
    const values = outcomes.map((outcome) => worthOf(outcome, metric));
    const k = outcomes.filter(({ failed }) => failed).length;
    const sd = sampleSd(values);
    return {
      n: values.length,
      mean: mean(values),
      sd: Number.isFinite(sd) ? sd : null,
      failed: { k, n: values.length },
    };
  };
  return { difference, treated: summary(arm), baseline: summary(base) };
}

/** Below it, after Holm's correction, a difference is taken for real. */
const ALPHA = 0.01;

function verdictOf(
  { effect, interval, n }: ReturnType<typeof pairedDifference>,
  p: number,
  margin: number,
  bestEffect: number,
): ProofVerdict {
  if (n < 2 || interval === undefined) return "undecided";
  const [low, high] = interval;
  if (p < ALPHA && effect >= margin) return effect >= bestEffect - margin ? "fixes" : "helps";
  if (p < ALPHA && effect <= -margin) return "harms";
  return low > -margin && high < margin ? "no-effect" : "undecided";
}

function proofOf(
  { parts, intervention }: Arm,
  { on, metric }: Rounds,
  numbers: Pick<Proof, "n" | "baseline" | "treated" | "effect" | "ci95" | "p" | "verdict">,
): Proof {
  const { id, says, patch } = intervention;
  const { causes, finding } = [...parts].sort((a, b) => b.weight - a.weight)[0];
  return { cause: causes[0], finding, intervention: id, says, patch, on, metric, ...numbers };
}

/** What a change that was left behind had shown until then; it proves nothing, and says so. */
function screenedProof(rounds: Rounds, arm: Arm, margin: number): Proof {
  const { difference, baseline, treated } = compared(rounds, arm.key);
  const { effect, interval } = difference;
  const isFlat = interval !== undefined && interval[0] > -margin && interval[1] < margin;
  return proofOf(arm, rounds, {
    n: difference.n,
    baseline,
    treated,
    effect,
    ci95: interval ?? null,
    p: difference.p,
    verdict: isFlat ? "no-effect" : "undecided",
  });
}

/** The whole against the whole without a part: what that part is worth. */
function ablationOf(rounds: Rounds, whole: Arm, without: Arm, margin: number): Proof {
  const { difference, baseline, treated } = compared(rounds, whole.key, without.key);
  const left = whole.parts.filter((part) => !without.parts.includes(part));
  const verdict = verdictOf(difference, difference.p, margin, difference.effect);
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
