// The last round: what folds have chosen is trained on the whole training part and judged on rows that
// have had no say until then.

import type { CauseId } from "../causes/cause.ts";
import { ABLATION_COST, MORE_COST, OTHERS_COST, trainingCost } from "../causes/cost.ts";
import type { Dataset } from "../dataset/dataset.ts";
import type { Variant } from "../spec/spec.ts";
import type { Trace } from "../trace/trace.ts";
import { type Arm, distinct, withoutEach } from "./arms.ts";
import type { Choice } from "./choice.ts";
import { MIN_JOINT_WEIGHT } from "./first-guess.ts";
import {
  ALPHA,
  ablationOf,
  compared,
  isProved,
  proofOf,
  relevantGain,
  verdictOf,
} from "./judge.ts";
import { holm } from "./paired.ts";
import type { ArmSummary, JudgedOn, Proof } from "./proof.ts";
import type { Rounds } from "./rounds.ts";

export interface LastRoundOptions {
  /** The rows as written, for what a change costs. */
  readonly dataset: Dataset;
  /** Training seeds, those of the unchanged network. */
  readonly seeds: readonly number[];
  /** On which rows the arms are judged. */
  readonly judging: JudgedOn;
  readonly onStage?: (says: string) => void;
}

export interface Judged {
  /** Of this round, the best first, then those that were left behind. */
  readonly proofs: readonly Proof[];
  /** Each part left out of the best combination. */
  readonly ablation: readonly Proof[];
  /** The smallest arm that is proved as good as any; undefined where none is proved. */
  readonly best: Final | undefined;
  /** Every arm of this round with its proof, the best first. */
  readonly finals: readonly Final[];
  /** The round's trace with the runs of the best arm alone. */
  readonly bestRuns: Trace | undefined;
}

export interface Final {
  readonly arm: Arm;
  readonly proof: Proof;
}

/** Arms of the last round at most. */
const LAST_ROUND = 4;

/** Of fewer pairs none could show that a part is missed: 2 / 2^8 = 0.008. */
const LEAST_SEEDS = 8;

/** As few as can show it at half of the level: 2 x 2 / 2^10 = 0.004. */
const FIRST_SEEDS = 10;

/**
 * @param singles Every change by itself: some have to be judged whatever folds say of them.
 * @param rounds Holds the unchanged network on `seeds`.
 * @param looks How often these rows have judged before: each look more has to be surer.
 */
export async function lastRound(
  choice: Choice,
  singles: readonly Arm[],
  variant: Variant,
  rounds: Rounds,
  { seeds, judging, dataset, onStage }: LastRoundOptions,
  looks: number,
): Promise<Judged> {
  const judge = { rounds, seeds, variant, dataset };
  const unseen = judging === "test" ? singles.filter(isUnseenByFolds) : [];
  const chosen = distinct([
    ...finalistsOf(choice, (arms) => costOf(arms, judge) * seeds.length <= OTHERS_COST),
    ...unseen,
  ]);
  const candidates = chosen.length > 0 ? chosen : choice.harmless(singles.filter(isAskedFor));
  if (candidates.length === 0) return { ...NOTHING, proofs: choice.screenedProofs([]) };
  const alpha = ALPHA / (looks + 1);

  onStage?.(`the best ${candidates.length} on ${seeds.length} seeds`);
  await rounds.train(candidates, { seeds, folds: null });
  const written = candidates.find(({ key }) => key === choice.smallest?.key);
  const pruned = written === undefined ? undefined : await withoutSpares(written, judge);
  const { whole, leavingOut } = pruned ?? { whole: undefined, leavingOut: [] };
  const finalists = distinct(candidates.map((arm) => (arm === written ? whole! : arm)));
  const summary = { whole, leavingOut };
  let judged = summarize(rounds, choice, { ...summary, finalists, alpha });
  const more = moreSeeds(seeds);
  const isAffordable = (arm: Arm) => costOf([arm], judge) * more.length <= MORE_COST;
  // One look more is one chance more to be wrong, which only long trainings are worth.
  const size = finalists.some((arm) => choice.budget.isDear(arm)) ? seeds.length : more.length;
  for (let look = 1; judged.best === undefined && look * size <= more.length; look++) {
    const unsure = judged.finals
      .filter(isPromising)
      .map(({ arm }) => arm)
      .filter(isAffordable);
    if (unsure.length === 0) break;
    const some = more.slice((look - 1) * size, look * size);
    onStage?.(`${unsure.length} that may help on ${some.length} more seeds`);
    await rounds.train(unsure, { seeds: some, folds: null });
    const surer = { ...summary, finalists: unsure, alpha: alpha / (look + 1) };
    judged = summarize(rounds, choice, surer);
  }
  return judged;
}

/** What the last round trains with, and on what. */
interface Judge extends Pick<LastRoundOptions, "seeds" | "dataset"> {
  readonly rounds: Rounds;
  readonly variant: Variant;
}

/** Of one run of each, in multiplications. */
function costOf(arms: readonly Arm[], { dataset }: Pick<Judge, "dataset">): number {
  return arms.reduce((sum, arm) => sum + trainingCost(arm.variant, dataset), 0);
}

/** An arm without the parts that make no difference, and that with each of the rest left out. */
async function withoutSpares(
  arm: Arm,
  judge: Judge,
): Promise<{ whole: Arm; leavingOut: readonly Arm[] }> {
  for (let whole = arm; ; ) {
    const leavingOut = await leftOut(whole, judge);
    const smaller = withoutSpare(whole, leavingOut, judge.rounds);
    if (smaller === undefined) return { whole, leavingOut };
    whole = smaller;
    await judge.rounds.train([whole], { seeds: judge.seeds, folds: null });
  }
}

/** An arm with each of its parts left out, trained; none where that would cost too much. */
async function leftOut(whole: Arm, judge: Judge): Promise<readonly Arm[]> {
  const { rounds, seeds, variant } = judge;
  const smaller = withoutEach(whole, variant);
  const affordable = seeds.slice(0, Math.floor(ABLATION_COST / costOf(smaller, judge)));
  if (smaller.length === 0 || affordable.length < Math.min(LEAST_SEEDS, seeds.length)) return [];
  await rounds.train(smaller, { seeds: affordable.slice(0, FIRST_SEEDS), folds: null });
  const margin = relevantGain(rounds);
  const isOpen = (arm: Arm) =>
    ablationOf(rounds, whole, arm, margin, ALPHA / 2).verdict === "undecided";
  await rounds.train(smaller.filter(isOpen), { seeds: affordable, folds: null });
  return smaller;
}

/**
 * What folds took for a part and the judging rows show to be none: its interval holds nothing that
 * counts, and what it gains is a quarter of that at most. The patch is smaller without it.
 */
function withoutSpare(whole: Arm, smaller: readonly Arm[], rounds: Rounds): Arm | undefined {
  const margin = relevantGain(rounds);
  const worth = smaller.map((arm) => ({ arm, proof: ablationOf(rounds, whole, arm, margin) }));
  const [spare] = worth
    .filter(({ proof }) => proof.verdict === "no-effect" && proof.effect! <= margin / 4)
    .sort((a, b) => a.proof.effect! - b.proof.effect!);
  return spare?.arm;
}

/** The arms whose proofs are worth the seeds: the best, and the best of other causes. */
function finalistsOf(
  { best, smallest, sufficed, ranked }: Choice,
  isCheap: (arms: readonly Arm[]) => boolean,
): Arm[] {
  const arms = distinct([smallest, best, sufficed].filter((arm) => arm !== undefined));
  const causes = new Set(arms.flatMap(({ parts }) => parts.map((part) => part.causes[0])));
  for (const arm of ranked.filter(({ parts }) => parts.length === 1)) {
    if (arms.length >= LAST_ROUND) break;
    if (causes.has(arm.parts[0].causes[0]) || !isCheap([...arms, arm])) continue;
    causes.add(arm.parts[0].causes[0]);
    arms.push(arm);
  }
  return arms;
}

/** Good if it is true: the seeds were too few to tell. */
function isPromising({ proof: { effect, p } }: Final): boolean {
  return (effect ?? 0) > 0 && p !== null && p < 0.5;
}

/** Twice as many as before, none of them the same. */
function moreSeeds(seeds: readonly number[]): number[] {
  const first = Math.max(...seeds) + 1;
  return Array.from({ length: 2 * seeds.length }, (_, i) => first + i);
}

/** Faults of the split or of what leaks through it: folds of the training part share them. */
const UNSEEN_BY_FOLDS: readonly CauseId[] = ["leaking-column", "unshuffled-rows"];

function isUnseenByFolds({ parts }: Arm): boolean {
  const [{ causes, weight }] = parts;
  return UNSEEN_BY_FOLDS.includes(causes[0]) && weight >= MIN_JOINT_WEIGHT;
}

/** By a finding that is sure of itself: before it is called harmless the test part has a say. */
function isAskedFor({ parts }: Arm): boolean {
  return parts[0].weight >= MIN_JOINT_WEIGHT;
}

const NOTHING: Judged = {
  proofs: [],
  ablation: [],
  best: undefined,
  finals: [],
  bestRuns: undefined,
};

interface Summarized {
  readonly finalists: readonly Arm[];
  /** The smallest arm that folds chose, less the parts that make no difference. */
  readonly whole: Arm | undefined;
  readonly leavingOut: readonly Arm[];
  readonly alpha: number;
}

function summarize(
  judging: Rounds,
  choice: Choice,
  { finalists, whole, leavingOut, alpha }: Summarized,
): Judged {
  const margin = relevantGain(judging);
  const unjudged = finalists.map((arm) => ({ arm, ...compared(judging, arm.key) }));
  const adjusted = holm(unjudged.map(({ difference }) => difference.p));
  const bestEffect = Math.max(...unjudged.map(({ difference }) => difference.effect));
  const finals = unjudged
    .map(({ arm, difference, baseline, treated }, i) => {
      const verdict = verdictOf(difference, adjusted[i], margin, bestEffect, alpha);
      const isNone = mendsNothing(arm, treated, judging);
      const proof = proofOf(arm, judging, {
        n: difference.n,
        baseline,
        treated,
        effect: difference.effect,
        ci95: difference.interval ?? null,
        p: adjusted[i],
        verdict: isNone && verdict !== "harms" ? "undecided" : verdict,
      });
      return { arm, proof };
    })
    .sort((a, b) => (b.proof.effect ?? 0) - (a.proof.effect ?? 0));
  const proved = finals.filter(({ proof }) => isProved(proof));
  const chosen = proved.find(({ arm }) => arm.key === whole?.key);
  const largest: Final | undefined = proved[0];
  const best = chosen !== undefined && !outdoes(largest, chosen, judging, alpha) ? chosen : largest;
  const judged = finals.map(({ arm }) => arm.key);
  const isWhole = best !== undefined && best.arm.key === whole?.key;
  return {
    proofs: [...finals.map(({ proof }) => proof), ...choice.screenedProofs(judged)],
    ablation: isWhole ? leavingOut.map((arm) => ablationOf(judging, best.arm, arm, margin)) : [],
    best,
    finals,
    bestRuns: best === undefined ? undefined : judging.runsOf(best.arm.key),
  };
}

/**
 * A smaller loss of a network that is right less often is no improvement, and neither is what leaves most
 * seeds no better than the best constant answer, though it may be right more often than before. Where
 * classes are weighed alike such a network can be worth more than the constant.
 */
function mendsNothing({ key }: Arm, { failed }: ArmSummary, rounds: Rounds): boolean {
  if (rounds.metric === "loss" && rounds.losesAccuracy(key)) return true;
  return rounds.metric !== "balancedAccuracy" && 2 * failed.k > failed.n;
}

/**
 * What folds chose stands, unless the last round is as sure of another as it has to be of any proof,
 * or folds could not see what is better.
 */
function outdoes(other: Final, chosen: Final, rounds: Rounds, alpha: number): boolean {
  const margin = relevantGain(rounds);
  const gain = (other.proof.effect ?? 0) - (chosen.proof.effect ?? 0);
  if (gain <= margin) return false;
  if (isUnseenByFolds(other.arm)) return true;
  const { difference } = compared(rounds, other.arm.key, chosen.arm.key);
  return difference.effect > margin && difference.p < alpha;
}
