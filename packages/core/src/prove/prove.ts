// Proving: every change that a suspected cause names is trained against the unchanged network. Folds
// of the training part choose among the changes, in rounds that leave the worse half behind; the
// winners are put together, and what is left is trained on the whole training part and judged on the
// test part, which has had no say until then.

import { isDear } from "../causes/cost.ts";
import type { Suspect } from "../causes/suspect-causes.ts";
import type { LastEpochs } from "../compile/plan.ts";
import type { Dataset } from "../dataset/dataset.ts";
import type { Variant } from "../spec/spec.ts";
import type { Trace } from "../trace/trace.ts";
import { type Arm, affordableArm, distinct, makeArm, partOf, singleArms } from "./arms.ts";
import { scaledAtUsualRates } from "./at-usual-rates.ts";
import { Choice, type ChoiceOptions } from "./choice.ts";
import { jointArm } from "./first-guess.ts";
import { ALPHA, compared, proofOf, relevantGain, verdictOf } from "./judge.ts";
import { type Judged, type LastRoundOptions, lastRound } from "./last-round.ts";
import { reachedBy } from "./outcome.ts";
import type { Proof, ProofMetric } from "./proof.ts";
import { BASELINE_KEY, probesOf, Rounds } from "./rounds.ts";
import { ENDS, type Trains } from "./trainer.ts";

export interface ProveOptions extends LastRoundOptions, ChoiceOptions {
  /** On which rows arms are chosen. */
  readonly choosing: "validation" | "training";
  /** What a gain is a gain of. */
  readonly metric: ProofMetric;
  /** Whether another seed of the split gives other rows to test on. */
  readonly splitsAnew: boolean;
  /** The unchanged network on `seeds`, trained already. */
  readonly baseline: TrainedBaseline;
}

export interface TrainedBaseline {
  readonly trace: Pick<Trace, "runs">;
  /** Its name there. */
  readonly variant: string;
  /** What was read of it, which is what is read of the networks that it is compared with at last. */
  readonly evaluates: LastEpochs;
}

export interface Proved extends Judged {
  /** The best arm over other splits of all rows; undefined where the rows are not split anew. */
  readonly overSplits: Proof | undefined;
}

/** What a finding that warns weighs, or a good part of one: these are tried first. */
const MIN_FOUND_WEIGHT = 1;

/** @throws what the trainer throws. */
export async function prove(
  suspected: readonly Suspect[],
  variant: Variant,
  trainer: Trains,
  options: ProveOptions,
): Promise<Proved> {
  const { choosing, judging, metric, onStage } = options;
  const suspects = suspected.map((suspect) => affordable(suspect, variant, options.dataset));
  const rounds = new Rounds(trainer, choosing, metric);
  const choice = new Choice(suspects, variant, rounds, options);
  const singles = singleArms(suspects, variant);
  const isFound = ({ parts }: Arm) => parts[0].weight >= MIN_FOUND_WEIGHT;
  const choose = async (arms: readonly Arm[], of: string) => {
    if (arms.length === 0) return;
    onStage?.(`${arms.length} changes that ${of}`);
    await choice.screen(arms);
    onStage?.("combinations of the better ones");
    await choice.combine();
  };
  const playOff = async () => {
    onStage?.("the better ones against one another");
    await choice.playOff();
    if (choice.smallest !== undefined) options.onHeld?.(choice.smallest);
  };

  const joint = jointArm(suspects, variant, options.dataset) ?? [];
  const scaled = scaledAtUsualRates(suspects, variant);
  const found = distinct(singles.filter(isFound).concat(joint, scaled));
  const usual = singles.filter((arm) => !isFound(arm));
  // Of a network that takes long to train what nobody doubts is mended first, and maybe it is all.
  const first = isDear(variant, options.dataset)
    ? certainArms(suspects, singles, variant, options)
    : [];
  await choose(first, "what is wrong as it is written asks for");
  const others = choice.isShort ? without(found, first) : [];
  await choose(choice.onBest(others), "what was found asks for");
  const more = choice.onBest(usual);
  const isShort = choice.isShort;
  if (isShort || choice.isWorthTrying(more)) {
    if (!isShort) choice.keepBest();
    const held = choice.best;
    await choose(more, "people try with any network");
    // A network that one fault stopped shows now what else is wrong with it.
    const { best } = choice;
    const isAnother = best !== undefined && best.key !== held?.key && !choice.budget.isDear(best);
    if (isAnother && choice.isShort) {
      await choose(choice.onBest(singles), "may help beside the best one");
    }
  }
  await playOff();

  const judges = new Rounds(trainer, judging, metric, options.baseline.evaluates);
  judges.take(BASELINE_KEY, options.baseline.trace, options.baseline.variant);
  let judged = await lastRound(choice, singles, variant, judges, options, 0);
  if (!isShort && doesNotSuffice(judged, options)) {
    // A few pairs took it for enough: it fails on some seeds, or those rows were the easier ones.
    choice.budget.countOnLuck();
    const untried = without(singles, [...first, ...others]);
    await choose(choice.onBest(untried), "people try as well, as that does not suffice");
    await playOff();
    const again = await lastRound(choice, singles, variant, judges, options, 1);
    // The second look has to be surer; what the first has proved stands without it.
    if (again.best !== undefined) judged = again;
  }
  if (judged.best !== undefined) options.onHeld?.(judged.best.arm);
  if (judged.best === undefined || !options.splitsAnew || choice.budget.isDear(judged.best.arm)) {
    return { ...judged, overSplits: undefined };
  }
  onStage?.(`the best one on ${SPLITS.length} other splits`);
  return { ...judged, overSplits: await provedOverSplits(judged.best.arm, trainer, metric) };
}

/** The likeliest change of each cause that is certain by itself, and all of them at once. */
function certainArms(
  suspects: readonly Suspect[],
  singles: readonly Arm[],
  variant: Variant,
  { dataset }: Pick<ProveOptions, "dataset">,
): Arm[] {
  const certain = suspects.filter((suspect) => suspect.certain && suspect.changes.length > 0);
  const joint = jointArm(certain, variant, dataset) ?? [];
  const likeliest = new Set(certain.map((suspect) => makeArm([partOf(suspect)], variant)?.key));
  return distinct(singles.filter(({ key }) => likeliest.has(key)).concat(joint));
}

function without(arms: readonly Arm[], tried: readonly Arm[]): Arm[] {
  const keys = new Set(tried.map(({ key }) => key));
  return arms.filter(({ key }) => !keys.has(key));
}

/** Whether what is proved leaves the network worse than simple methods, on the rows that judge. */
function doesNotSuffice(
  { bestRuns }: Judged,
  { judging, metric, sufficient }: ProveOptions,
): boolean {
  if (bestRuns === undefined || metric === "loss") return false;
  return reachedBy(bestRuns, judging) < sufficient;
}

/** Offsets of the split's seed: as few as can show a difference, with 2 x 2 / 2^10 = 0.004. */
const SPLITS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] as const;

/** The second is for what the first leaves open. */
const SPLIT_SEEDS = [2000, 2001] as const;

/** Each of the two looks has its share of the level. */
const SPLIT_ALPHA = ALPHA / SPLIT_SEEDS.length;

/**
 * Training seeds vary the network and not the rows: what holds over the one may be a matter of this
 * split. Each pair here is another split of all rows with a training seed of its own.
 */
async function provedOverSplits(arm: Arm, trainer: Trains, metric: ProofMetric): Promise<Proof> {
  const rounds = new Rounds(trainer, "test", metric);
  for (const seed of SPLIT_SEEDS) {
    const trace = await trainer.train({
      variants: { [BASELINE_KEY]: {}, treated: arm.intervention.patch },
      seeds: [seed],
      dataSeeds: SPLITS,
      probes: probesOf("test"),
      evaluates: ENDS,
    });
    rounds.take(BASELINE_KEY, trace, BASELINE_KEY, SPLITS);
    rounds.take(arm.key, trace, "treated", SPLITS);
    if (compared(rounds, arm.key).difference.p < SPLIT_ALPHA) break;
  }
  const { difference, baseline, treated } = compared(rounds, arm.key);
  const margin = relevantGain(rounds);
  return proofOf(arm, rounds, {
    n: difference.n,
    baseline,
    treated,
    effect: difference.effect,
    ci95: difference.interval ?? null,
    p: difference.p,
    verdict: verdictOf(difference, difference.p, margin, difference.effect, SPLIT_ALPHA),
  });
}

/** The suspect without changes that nobody would wait for. */
function affordable(suspect: Suspect, variant: Variant, dataset: Dataset): Suspect {
  const changes = suspect.changes.filter(
    (change) => affordableArm([partOf(suspect, change)], variant, dataset) !== undefined,
  );
  return { ...suspect, changes };
}
