// Proving: every change that a suspected cause names is trained against the unchanged network. Folds
// of the training part choose among the changes, in rounds that leave the worse half behind; the
// winners are put together, and what is left is trained on the whole training part and judged on the
// test part, which has had no say until then.

import type { CauseId } from "../causes/cause.ts";
import type { Suspect } from "../causes/suspect-causes.ts";
import type { Dataset } from "../dataset/dataset.ts";
import type { ProbeRequest } from "../spec/probes.ts";
import type { Variant } from "../spec/spec.ts";
import type { Trace } from "../trace/trace.ts";
import { type Arm, distinct, makeArm, singleArms, withoutEach } from "./arms.ts";
import { Choice, jointArm, MIN_JOINT_WEIGHT } from "./choice.ts";
import { isAffordable } from "./cost.ts";
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
import type { JudgedOn, Proof, ProofMetric } from "./proof.ts";
import { BASELINE_KEY, probesOf, Rounds, type TrainedNames } from "./rounds.ts";
import type { Trainer } from "./trainer.ts";

export interface ProveOptions {
  /** The rows as written, for what a change costs. */
  readonly dataset: Dataset;
  /** Training seeds of the last round, on the test part. */
  readonly seeds: readonly number[];
  /** On which rows arms are chosen. */
  readonly choosing: "validation" | "training";
  /** On which rows the last round is judged. */
  readonly judging: JudgedOn;
  /** What a gain is a gain of. */
  readonly metric: ProofMetric;
  /** Whether another seed of the split gives other rows to test on. */
  readonly splitsAnew: boolean;
  /** Level on the choosing rows at which nothing more is tried. */
  readonly enough: number;
  /** Whether the unchanged network fails on some seeds and learns on others. */
  readonly isLucky: boolean;
  /** What is measured in the last round. */
  readonly probes: ProbeRequest;
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
  /** The last round's trace with the runs of the best arm alone. */
  readonly bestRuns: Trace | undefined;
  /** The best arm over other splits of all rows; undefined where the rows are not split anew. */
  readonly overSplits: Proof | undefined;
}

/** Arms of the last round. */
const LAST_ROUND = 4;
/** What a finding that warns weighs, or a good part of one: these are tried first. */
const MIN_FOUND_WEIGHT = 1;

/** @throws what the trainer throws. */
export async function prove(
  suspected: readonly Suspect[],
  variant: Variant,
  trainer: Trainer,
  options: ProveOptions,
): Promise<Proved> {
  const suspects = suspected.map((suspect) => affordable(suspect, variant, options.dataset));
  const choice = new Choice(
    suspects,
    variant,
    new Rounds(trainer, options.choosing, options.metric),
    options.isLucky,
  );
  const singles = singleArms(suspects, variant);
  const isFound = ({ parts }: Arm) => parts[0].weight >= MIN_FOUND_WEIGHT;
  const stage = async (arms: readonly Arm[], of: string) => {
    if (arms.length === 0) return;
    options.onStage?.(`${arms.length} changes that ${of}`);
    await choice.screen(arms);
    options.onStage?.("combinations of the better ones");
    await choice.combine();
  };
  const joint = jointArm(suspects, variant) ?? [];
  await stage(singles.filter(isFound).concat(joint), "what was found asks for");
  if (choice.isShortOf(options.enough)) {
    const usual = choice.onBest(singles.filter((arm) => !isFound(arm)));
    await stage(usual, "people try with any network");
  }
  options.onStage?.("the better ones against one another");
  await choice.playOff();
  const { best, smallest, ranked } = choice;
  const unseen = options.judging === "test" ? singles.filter(isUnseenByFolds) : [];
  const chosen = distinct([...lastRound(best, smallest, ranked), ...unseen]);
  const finalists = chosen.length > 0 ? chosen : choice.harmless(singles.filter(isAskedFor));
  if (finalists.length === 0) return { ...NOTHING, proofs: choice.screenedProofs([]) };
  const whole = finalists.find(({ key }) => key === smallest?.key);
  const leavingOut = whole === undefined ? [] : withoutEach(whole, variant);

  options.onStage?.(`the best ${finalists.length} on ${options.seeds.length} seeds`);
  const judging = new Rounds(trainer, options.judging, options.metric);
  judging.take(BASELINE_KEY, options.baseline.trace, options.baseline.variant);
  const round = { seeds: options.seeds, folds: null, probes: options.probes };
  const names = await judging.train(distinct([...finalists, ...leavingOut]), round);
  let summary = summarize(judging, choice, { finalists, leavingOut, names, alpha: ALPHA });
  const promising = summary.best === undefined ? summary.finals.filter(isPromising) : [];
  if (promising.length > 0) {
    const more = moreSeeds(options.seeds);
    options.onStage?.(`${promising.length} that may help on ${more.length} more seeds`);
    const arms = promising.map(({ arm }) => arm);
    await judging.train(arms, { seeds: more, folds: null });
    // A second look at the same question has to be surer.
    summary = summarize(judging, choice, { finalists: arms, leavingOut, names, alpha: ALPHA / 2 });
  }
  if (summary.best === undefined || !options.splitsAnew) return summary;
  options.onStage?.(`the best one on ${SPLITS.length} other splits`);
  const overSplits = await provedOverSplits(summary.best.arm, trainer, options.metric);
  return { ...summary, overSplits };
}

/** Offsets of the split's seed: as few as can show a difference, with 2 x 2 / 2^10 = 0.004. */
const SPLITS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] as const;

/**
 * Training seeds vary the network and not the rows: what holds over the one may be a matter of this
 * split. Each pair here is another split of all rows with a training seed of its own.
 */
async function provedOverSplits(arm: Arm, trainer: Trainer, metric: ProofMetric): Promise<Proof> {
  const trace = await trainer.train({
    variants: { [BASELINE_KEY]: {}, treated: arm.intervention.patch },
    seeds: [2000, 2001],
    dataSeeds: SPLITS,
    probes: probesOf("test"),
  });
  const rounds = new Rounds(trainer, "test", metric);
  rounds.take(BASELINE_KEY, trace, BASELINE_KEY, SPLITS);
  rounds.take(arm.key, trace, "treated", SPLITS);
  const { difference, baseline, treated } = compared(rounds, arm.key);
  return proofOf(arm, rounds, {
    n: difference.n,
    baseline,
    treated,
    effect: difference.effect,
    ci95: difference.interval ?? null,
    p: difference.p,
    verdict: verdictOf(difference, difference.p, relevantGain(rounds), difference.effect),
  });
}

/** Good if it is true: the seeds were too few to tell. */
function isPromising({ proof: { effect, p } }: Proved["finals"][number]): boolean {
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

/** The suspect without changes that nobody would wait for. */
function affordable(suspect: Suspect, variant: Variant, dataset: Dataset): Suspect {
  const { id, weight, findings } = suspect;
  const changes = suspect.changes.filter((change) => {
    const arm = makeArm([{ change, causes: [id], weight, finding: findings[0] ?? id }], variant);
    return arm !== undefined && isAffordable(arm.variant, variant, dataset);
  });
  return { ...suspect, changes };
}

/** The arms whose proofs are worth the seeds: the best, and the best of other causes. */
function lastRound(
  best: Arm | undefined,
  smallest: Arm | undefined,
  ranked: readonly Arm[],
): Arm[] {
  const arms = distinct([smallest, best].filter((arm) => arm !== undefined));
  const causes = new Set(arms.flatMap(({ parts }) => parts.map((part) => part.causes[0])));
  for (const arm of ranked.filter(({ parts }) => parts.length === 1)) {
    if (arms.length >= LAST_ROUND) break;
    if (causes.has(arm.parts[0].causes[0])) continue;
    causes.add(arm.parts[0].causes[0]);
    arms.push(arm);
  }
  return arms;
}

const NOTHING: Proved = {
  proofs: [],
  ablation: [],
  best: undefined,
  finals: [],
  bestRuns: undefined,
  overSplits: undefined,
};

interface LastRound {
  readonly finalists: readonly Arm[];
  readonly leavingOut: readonly Arm[];
  readonly names: TrainedNames;
  readonly alpha: number;
}

function summarize(
  judging: Rounds,
  choice: Choice,
  { finalists, leavingOut, names, alpha }: LastRound,
): Proved {
  const { smallest } = choice;
  const margin = relevantGain(judging);
  const unjudged = finalists.map((arm) => ({ arm, ...compared(judging, arm.key) }));
  const adjusted = holm(unjudged.map(({ difference }) => difference.p));
  const bestEffect = Math.max(...unjudged.map(({ difference }) => difference.effect));
  const finals = unjudged
    .map(({ arm, difference, baseline, treated }, i) => {
      const verdict = verdictOf(difference, adjusted[i], margin, bestEffect, alpha);
      const costs = judging.metric === "loss" && judging.losesAccuracy(arm.key);
      const proof = proofOf(arm, judging, {
        n: difference.n,
        baseline,
        treated,
        effect: difference.effect,
        ci95: difference.interval ?? null,
        p: adjusted[i],
        // A smaller loss of a network that is right less often is no improvement.
        verdict: costs && verdict !== "harms" ? "undecided" : verdict,
      });
      return { arm, proof };
    })
    .sort((a, b) => (b.proof.effect ?? 0) - (a.proof.effect ?? 0));
  const proved = finals.filter(({ proof }) => isProved(proof));
  const chosen = proved.find(({ arm }) => arm.key === smallest?.key);
  const largest: (typeof proved)[number] | undefined = proved[0];
  // What folds chose stands, unless they could not see what was better.
  const isOutdone =
    largest !== undefined &&
    isUnseenByFolds(largest.arm) &&
    largest.proof.effect! > (chosen?.proof.effect ?? 0) + margin;
  const best = isOutdone ? largest : (chosen ?? largest);
  const judged = finals.map(({ arm }) => arm.key);
  const isWhole = best !== undefined && best.arm.key === smallest?.key;
  return {
    proofs: [...finals.map(({ proof }) => proof), ...choice.screenedProofs(judged)],
    ablation: isWhole ? leavingOut.map((arm) => ablationOf(judging, best.arm, arm, margin)) : [],
    best,
    finals,
    bestRuns: best === undefined ? undefined : names.runsOf(best.arm.key),
    overSplits: undefined,
  };
}
