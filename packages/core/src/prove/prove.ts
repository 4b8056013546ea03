// Proving: every change that a suspected cause names is trained against the unchanged network. Folds
// of the training part choose among the changes, in rounds that leave the worse half behind; the
// winners are put together, and what is left is trained on the whole training part and judged on the
// test part, which has had no say until then.

import type { CauseId } from "../causes/cause.ts";
import type { Suspect } from "../causes/suspect-causes.ts";
import type { Dataset } from "../dataset/dataset.ts";
import { mean, sampleSd } from "../shared/statistics.ts";
import type { ProbeRequest } from "../spec/probes.ts";
import type { Variant } from "../spec/spec.ts";
import type { Trace } from "../trace/trace.ts";
import { type Arm, makeArm, type Part, singleArms } from "./arms.ts";
import { isAffordable } from "./cost.ts";
import { worthOf } from "./outcome.ts";
import { holm, pairedDifference } from "./paired.ts";
import type { ArmSummary, JudgedOn, Proof, ProofMetric, ProofVerdict } from "./proof.ts";
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

/** Pairs of choosing, round by round: both axes of chance, weights and rows, differ between them. */
const ROUNDS = [
  { seeds: [1000, 1001], folds: [0] },
  { seeds: [1002, 1003], folds: [1, 2] },
] as const;
/** The same where the network fails on some seeds only, of which two may both be lucky. */
const LUCKY_ROUNDS = [
  { seeds: [1000, 1001, 1002, 1003, 1004, 1005], folds: [0] },
  { seeds: [1006, 1007, 1008, 1009], folds: [1, 2] },
] as const;
/** The same without folds: as many pairs. */
const SEED_ROUNDS = [
  [1000, 1001],
  [1002, 1003, 1004, 1005],
] as const;
const LUCKY_SEED_ROUNDS = [
  [1000, 1001, 1002, 1003, 1004, 1005],
  [1006, 1007, 1008, 1009, 1010, 1011, 1012, 1013],
] as const;

/** Arms that go on to the second round. */
const SECOND_ROUND = 5;
/** Arms of the last round. */
const LAST_ROUND = 4;
/** What a finding that warns weighs, or a good part of one: these are tried first. */
const MIN_FOUND_WEIGHT = 1;
/** Additions to the best arm that are tried at once. */
const MOST_ADDITIONS = 3;
/** Changes that may be put on the best one; a patch of more is another network. */
const MOST_PARTS = 4;
/** What is put together at once when several faults may hide each other: what weighs a warning. */
const MIN_JOINT_WEIGHT = 2.5;

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
  if (choice.level === undefined || choice.level < options.enough) {
    const usual = choice.onBest(singles.filter((arm) => !isFound(arm)));
    await stage(usual, "people try with any network");
  }
  const { best, smallest, ranked } = choice;
  const unseen = options.judging === "test" ? singles.filter(isUnseenByFolds) : [];
  const finalists = distinct([...lastRound(best, smallest, ranked), ...unseen]);
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

/** Choosing among arms on rows that do not judge them, in rounds that leave the worse behind. */
class Choice {
  readonly #suspects: readonly Suspect[];
  readonly #variant: Variant;
  readonly #rounds: Rounds;
  readonly #isLucky: boolean;
  readonly #screened: { readonly arm: Arm; readonly over: string }[] = [];
  readonly #second = new Map<string, Arm>();
  #best: Arm | undefined;

  constructor(suspects: readonly Suspect[], variant: Variant, rounds: Rounds, isLucky: boolean) {
    this.#suspects = suspects;
    this.#variant = variant;
    this.#rounds = rounds;
    this.#isLucky = isLucky;
  }

  /**
   * The first pairs for every arm; the rest for those that are better than the best until now, which
   * is the unchanged network at first.
   */
  async screen(arms: readonly Arm[]): Promise<void> {
    const over = this.#best?.key ?? BASELINE_KEY;
    this.#screened.push(...arms.map((arm) => ({ arm, over })));
    await this.#train(arms, 0);
    const gain = ({ key }: Arm) => this.#rounds.gain(key, over);
    const better = [...arms]
      .filter((arm) => gain(arm) >= this.#margin / 2)
      .sort((a, b) => gain(b) - gain(a))
      .slice(0, SECOND_ROUND);
    await this.#train(better, 1);
    for (const arm of better) this.#second.set(arm.key, arm);
    const [best] = this.ranked;
    if (this.#best === undefined || (best !== undefined && this.#beats(best, this.#best))) {
      this.#best = best;
    }
  }

  /** A part more has to pay for itself beyond what six pairs do by chance. */
  #beats(arm: Arm, other: Arm): boolean {
    return (
      this.#rounds.gain(arm.key, other.key) >= this.#margin / 2 &&
      this.#rounds.isSurelyBetter(arm.key, other.key)
    );
  }

  /**
   * Changes put on the best arm, where there is one: a network that one fault stops shows nothing of
   * another.
   */
  onBest(singles: readonly Arm[]): Arm[] {
    const best = this.#best;
    if (best === undefined) return [...singles];
    const there = new Set(best.parts.map(({ change }) => change.id));
    return distinct(
      singles
        .filter(({ parts }) => !there.has(parts[0].change.id))
        .flatMap(({ parts }) => makeArm([...best.parts, ...parts], this.#variant) ?? [])
        .filter(({ key }) => key !== best.key),
    );
  }

  /** Arms that went on, the best first; those that turned out to gain nothing are left out. */
  get ranked(): Arm[] {
    return [...this.#second.values()]
      .filter(({ key }) => this.#gain(key) >= this.#margin / 2)
      .sort((a, b) => this.#gain(b.key) - this.#gain(a.key));
  }

  get best(): Arm | undefined {
    return this.#best;
  }

  /** What the best arm reaches, or the unchanged network; undefined before anything was tried. */
  get level(): number | undefined {
    if (this.#screened.length === 0) return undefined;
    return this.#rounds.level(this.#best?.key ?? BASELINE_KEY);
  }

  /** Puts winners together, as long as each addition pays; takes away what does not. */
  async combine(): Promise<void> {
    let best = this.#best;
    if (best === undefined) return;
    const { metric } = this.#rounds;
    while (best.parts.length < MOST_PARTS) {
      if (metric !== "loss" && this.#rounds.level(best.key) > 1 - this.#margin / 2) break;
      const additions = this.#additions(best);
      if (additions.length === 0) break;
      await this.#trainAll(additions);
      const [winner] = additions.sort((a, b) => this.#gain(b.key) - this.#gain(a.key));
      if (!this.#beats(winner, best)) break;
      best = winner;
    }
    while (best.parts.length > 1) {
      const smaller = withoutEach(best, this.#variant);
      await this.#trainAll(smaller);
      const whole = this.#gain(best.key);
      const [kept] = smaller
        .filter(({ key }) => this.#gain(key) > whole - this.#margin / 2)
        .sort((a, b) => this.#gain(b.key) - this.#gain(a.key));
      if (kept === undefined) break;
      best = kept;
    }
    this.#best = best;
  }

  /** The best arm with one more part: a winner's, or one that could not show by itself. */
  #additions(best: Arm): Arm[] {
    const tried = new Set(best.parts.map(({ change }) => change.id));
    const heavy = this.#suspects
      .filter(({ weight, changes }) => weight >= MIN_JOINT_WEIGHT && changes.length > 0)
      .map(partOf);
    return distinct(
      [...this.ranked.flatMap(({ parts }) => parts), ...heavy]
        .filter(({ change }) => !tried.has(change.id))
        .map((part) => makeArm([...best.parts, part], this.#variant))
        .filter((arm) => arm !== undefined)
        .filter(({ key }) => key !== best.key),
    ).slice(0, MOST_ADDITIONS);
  }

  /** Of the arms as good as the best, the one of fewest parts; of those the likeliest cause's. */
  get smallest(): Arm | undefined {
    if (this.#best === undefined) return undefined;
    const whole = this.#gain(this.#best.key);
    const equal = distinct([this.#best, ...this.ranked]).filter(
      ({ key }) => this.#gain(key) >= whole - this.#margin / 2,
    );
    return equal.sort(
      (a, b) =>
        a.parts.length - b.parts.length ||
        heaviest(b) - heaviest(a) ||
        this.#gain(b.key) - this.#gain(a.key),
    )[0];
  }

  /** What each change showed until it was left behind; `judged` have a proof of their own. */
  screenedProofs(judged: readonly string[]): Proof[] {
    return this.#screened
      .filter(({ arm, over }) => !judged.includes(arm.key) && isSingle(arm, over))
      .map(({ arm, over }) => screenedProof(this.#rounds, arm, over, this.#margin));
  }

  get #margin(): number {
    return relevantGain(this.#rounds);
  }

  #gain(key: string): number {
    return this.#rounds.gain(key);
  }

  async #trainAll(arms: readonly Arm[]): Promise<void> {
    await this.#train(arms, 0);
    await this.#train(arms, 1);
  }

  async #train(arms: readonly Arm[], round: 0 | 1): Promise<void> {
    if (arms.length === 0) return;
    const pairs = this.#isLucky ? LUCKY_ROUNDS[round] : ROUNDS[round];
    const seeds = this.#isLucky ? LUCKY_SEED_ROUNDS[round] : SEED_ROUNDS[round];
    await this.#rounds.train(
      arms,
      this.#rounds.on === "validation" ? pairs : { seeds, folds: null },
    );
  }
}

function withoutEach(arm: Arm, variant: Variant): Arm[] {
  if (arm.parts.length < 2) return [];
  return arm.parts.flatMap((_, left) => {
    const rest = arm.parts.filter((_, i) => i !== left);
    return makeArm(rest, variant) ?? [];
  });
}

function heaviest({ parts }: Arm): number {
  return Math.max(...parts.map(({ weight }) => weight));
}

/** Each network once, by the fewest parts that make it: a part may do away with what another did. */
function distinct(arms: readonly Arm[]): Arm[] {
  const byKey = new Map<string, Arm>();
  for (const arm of arms) {
    const known = byKey.get(arm.key);
    if (known === undefined || arm.parts.length < known.parts.length) byKey.set(arm.key, arm);
  }
  return [...byKey.values()];
}

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
  alpha = ALPHA,
): ProofVerdict {
  if (n < 2 || interval === undefined) return "undecided";
  const [low, high] = interval;
  if (p < alpha && effect >= margin) return effect >= bestEffect - margin ? "fixes" : "helps";
  if (p < alpha && effect <= -margin) return "harms";
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

/** One change by itself, or put on what was best until then; not several that were tried at once. */
function isSingle({ parts }: Arm, over: string): boolean {
  return over !== BASELINE_KEY || parts.length === 1;
}

/** What a change that was left behind had shown until then; it proves nothing, and says so. */
function screenedProof(rounds: Rounds, arm: Arm, over: string, margin: number): Proof {
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
function ablationOf(rounds: Rounds, whole: Arm, without: Arm, margin: number): Proof {
  const { difference, baseline, treated } = compared(rounds, whole.key, without.key);
  const kept = new Set(without.parts.map(({ change }) => change.id));
  const left = whole.parts.filter(({ change }) => !kept.has(change.id));
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
