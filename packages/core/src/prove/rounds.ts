// The record of what every arm reached, pair by pair. A pair is one training seed on one fold; the
// arms of a round train as one population, and an arm that is left behind is not trained again.

import type { LastEpochs } from "../compile/plan.ts";
import { mean, sampleSd } from "../shared/statistics.ts";
import { mergePatch } from "../spec/merge-patch.ts";
import type { ProbeRequest } from "../spec/probe-names.ts";
import type { SpecPatch } from "../spec/resolve-variants.ts";
import type { Trace } from "../trace/trace.ts";
import type { Arm } from "./arms.ts";
import { type Outcome, outcomeOf, worthOf } from "./outcome.ts";
import type { JudgedOn, ProofMetric } from "./proof.ts";
import { ENDS, type Trains } from "./trainer.ts";

/** The unchanged network among the arms. */
export const BASELINE_KEY = "baseline";

export interface Round {
  readonly seeds: readonly number[];
  /** Seeds of the inner split; null: the test part, or the training part where there is none. */
  readonly folds: readonly number[] | null;
  /** Where arms are compared with one another only. */
  readonly withoutBaseline?: boolean;
}

/**
 * What a mean over few pairs of a small part moves by itself: two rows of those that are judged, a row
 * in 200 where they are many, and a row in 20 where they are so few that two are a difference.
 */
const TOLERATED_LOSS = { least: 0.005, rows: 2.5, most: 0.05 } as const;

/** Of the mean of the differences: 5% one-sided with six pairs (Student's t, 5 degrees of freedom). */
const SURE_ERRORS = 2.015;

/** Share of the training part that a fold holds out. */
export const FOLD_SIZE = 0.25;

export class Rounds {
  readonly #trainer: Trains;
  readonly #on: JudgedOn;
  /** Arm key -> pair -> outcome. */
  readonly #outcomes = new Map<string, Map<string, Outcome>>();
  /** Arm key -> the first trace on all rows that it is in, and its name there. */
  readonly #traces = new Map<string, { readonly trace: Trace; readonly name: string }>();

  /** What a gain is a gain of. */
  readonly metric: ProofMetric;

  readonly #evaluates: LastEpochs | undefined;

  /**
   * @param evaluates What is read of runs that somebody will ask for, epoch by epoch. Absent: none will
   *   be asked for, and how they end is all that is read.
   */
  constructor(trainer: Trains, on: JudgedOn, metric: ProofMetric, evaluates?: LastEpochs) {
    this.#trainer = trainer;
    this.#on = on;
    this.metric = metric;
    this.#evaluates = evaluates;
  }

  get on(): JudgedOn {
    return this.#on;
  }

  /** Trains what is missing of the arms, and of the baseline unless the round leaves it out. */
  async train(arms: readonly Pick<Arm, "key" | "intervention">[], round: Round): Promise<void> {
    const baseline = { key: BASELINE_KEY, patch: {} as SpecPatch };
    const wanted = [
      ...(round.withoutBaseline ? [] : [baseline]),
      ...arms.map(({ key, intervention }) => ({ key, patch: intervention.patch })),
    ];
    const folds = round.folds ?? [null];
    const names = new Map<string, { key: string; fold: number | null }>();
    const variants: Record<string, SpecPatch> = {};
    for (const { key, patch } of wanted) {
      for (const fold of folds) {
        if (round.seeds.every((seed) => this.#outcomes.get(key)?.has(pairOf(seed, fold)))) continue;
        const name = `arm-${names.size}`;
        names.set(name, { key, fold });
        variants[name] = fold === null ? patch : onFold(patch, fold);
      }
    }
    if (names.size === 0) return;
    const trace = await this.#trainer.train({
      variants,
      seeds: round.seeds,
      probes: probesOf(this.#on),
      evaluates: this.#evaluates ?? ENDS,
    });
    for (const run of trace.runs) {
      const { key, fold } = names.get(run.variant)!;
      this.#put(key, pairOf(run.trainingSeed, fold), outcomeOf(run, this.#on));
    }
    if (round.folds !== null || this.#evaluates === undefined) return;
    for (const [name, { key }] of names) {
      if (!this.#traces.has(key)) this.#traces.set(key, { trace, name });
    }
  }

  /** The runs of one arm alone in the first round that trained it on all rows. */
  runsOf(key: string): Trace | undefined {
    const trained = this.#traces.get(key);
    if (trained === undefined) return undefined;
    const { trace, name } = trained;
    const runs = trace.runs.filter((run) => run.variant === name);
    const variants = trace.variants.filter((variant) => variant.name === name);
    return { ...trace, variants, runs, planned: runs.length };
  }

  /**
   * Takes over runs of the unchanged network, or of an arm, that were trained elsewhere: one per
   * training seed on the data as written, or one per data seed.
   */
  take(
    key: string,
    { runs }: Pick<Trace, "runs">,
    variant: string,
    dataSeeds: readonly number[] = [0],
  ): void {
    for (const run of runs) {
      if (run.variant !== variant || !dataSeeds.includes(run.dataSeed)) continue;
      const pair = pairOf(run.trainingSeed, null, run.dataSeed);
      this.#put(key, pair, outcomeOf(run, this.#on));
    }
  }

  #put(key: string, pair: string, outcome: Outcome): void {
    const outcomes = this.#outcomes.get(key) ?? new Map<string, Outcome>();
    outcomes.set(pair, outcome);
    this.#outcomes.set(key, outcomes);
  }

  /** The pairs that both have, in one order. */
  pairs(key: string, other = BASELINE_KEY): { arm: Outcome[]; other: Outcome[] } {
    const [mine, theirs] = [key, other].map((each) => this.#outcomes.get(each) ?? new Map());
    const shared = [...mine.keys()].filter((pair) => theirs.has(pair)).sort();
    return {
      arm: shared.map((pair) => mine.get(pair)),
      other: shared.map((pair) => theirs.get(pair)),
    };
  }

  /** What an arm reached on average over its pairs. */
  level(key: string): number {
    return mean(this.#worths(key));
  }

  /** The standard error of that; none of a single pair. */
  levelError(key: string): number {
    const worths = this.#worths(key);
    return worths.length < 2 ? 0 : sampleSd(worths) / Math.sqrt(worths.length);
  }

  #worths(key: string): number[] {
    const outcomes = [...(this.#outcomes.get(key)?.values() ?? [])];
    return outcomes.map((outcome) => worthOf(outcome, this.metric));
  }

  /**
   * Mean paired gain over the baseline, or over another arm. A smaller loss that costs accuracy is no
   * gain.
   */
  gain(key: string, over = BASELINE_KEY): number {
    const isNone =
      this.#isAsConstant(key, over) || (this.metric === "loss" && this.losesAccuracy(key));
    return isNone ? Number.NEGATIVE_INFINITY : this.#difference(key, over, this.metric);
  }

  /** A constant answer gains nothing, however many rows of a fold happen to have it. */
  #isAsConstant(key: string, over: string): boolean {
    const { arm, other } = this.pairs(key, over);
    const count = constants(arm);
    return key !== over && 2 * count > arm.length && count >= constants(other);
  }

  /** Mean paired difference in loss to another arm. */
  lossOver(key: string, other: string): number {
    return -this.#difference(key, other, "loss");
  }

  /** Whether an arm is right less often than the unchanged network, or no more than a constant. */
  losesAccuracy(key: string): boolean {
    const { arm } = this.pairs(key);
    const rows = Math.min(...arm.map((outcome) => outcome.rows ?? Number.POSITIVE_INFINITY));
    const { least, most } = TOLERATED_LOSS;
    const tolerated = Math.min(most, Math.max(least, TOLERATED_LOSS.rows / rows));
    return (
      2 * constants(arm) > arm.length ||
      this.#difference(key, BASELINE_KEY, "accuracy") < -tolerated
    );
  }

  /** Whether what an arm gains over another is more than the spread of its pairs explains. */
  isSurelyBetter(key: string, over: string): boolean {
    const differences = this.#differences(key, over, this.metric);
    const error = sampleSd(differences) / Math.sqrt(differences.length);
    return differences.length > 1 && mean(differences) > SURE_ERRORS * error;
  }

  #difference(key: string, over: string, metric: ProofMetric): number {
    const differences = this.#differences(key, over, metric);
    return differences.length === 0 ? Number.NEGATIVE_INFINITY : mean(differences);
  }

  #differences(key: string, over: string, metric: ProofMetric): number[] {
    const { arm, other } = this.pairs(key, over);
    return arm.map((outcome, i) => {
      const [value, from] = [worthOf(outcome, metric), worthOf(other[i], metric)];
      return value === from ? 0 : value - from;
    });
  }
}

/** What outcomes are read from beside loss and accuracy. */
export function probesOf(on: JudgedOn): ProbeRequest {
  return on === "training"
    ? { signals: ["confusion", "inferenceAccuracy", "inferenceLoss"] }
    : { signals: ["valConfusion"] };
}

function constants(outcomes: readonly Outcome[]): number {
  return outcomes.filter(({ constant }) => constant).length;
}

function pairOf(seed: number, fold: number | null, dataSeed = 0): string {
  return `${String(seed).padStart(6, "0")}@${fold ?? "all"}/${dataSeed}`;
}

function onFold(patch: SpecPatch, fold: number): SpecPatch {
  const inner = { testSize: FOLD_SIZE, randomState: fold };
  return mergePatch(patch, { data: { split: { inner } } }) as SpecPatch;
}
