// The doctor: why does this network fail to converge, and what fixes it? The same pipeline as
// run-experiment.ts with the two stages that only a doctor needs.
//
//   source -> spec -> dataset -> lint -> train the network as it stands -> diagnose -> causes
//          -> prove -> report

import type { CauseId } from "./causes/cause.ts";
import { repaired } from "./causes/repair.ts";
import { type Suspect, suspectCauses } from "./causes/suspect-causes.ts";
import { compile, loadDatasets } from "./compile/compile.ts";
import type { WeightsTable } from "./compile/initial-weights.ts";
import { type Dataset, withoutCopies } from "./dataset/dataset.ts";
import { onTable } from "./dataset/on-table.ts";
import { hasRowsPerClass } from "./dataset/rows-per-class.ts";
import type { Tables } from "./dataset/table.ts";
import { diagnose, requestedProbes } from "./diagnose/diagnose.ts";
import type { CancelSignal, Engine } from "./engine/engine.ts";
import { labelFindings, rowFindings } from "./learnability/data-findings.ts";
import { learnability } from "./learnability/learnability.ts";
import type { Intervention } from "./lint/finding.ts";
import { lint } from "./lint/lint.ts";
import type { Arm } from "./prove/arms.ts";
import { firstGuess } from "./prove/first-guess.ts";
import { type Incumbent, incumbent } from "./prove/incumbent.ts";
import { chanceOf, outcomeOf } from "./prove/outcome.ts";
import type { JudgedOn, ProofMetric } from "./prove/proof.ts";
import { prove } from "./prove/prove.ts";
import { rateRange } from "./prove/rate-range.ts";
import { probesOf } from "./prove/rounds.ts";
import { Trainer } from "./prove/trainer.ts";
import type { ProvedChanges, Situation } from "./report/diagnosis-material.ts";
import { AS_GOOD } from "./report/diagnosis-outcome.ts";
import { diagnosisReport } from "./report/make-diagnosis.ts";
import { makeReport } from "./report/make-report.ts";
import type { Report } from "./report/report.ts";
import { mean } from "./shared/statistics.ts";
import { parseSpec } from "./spec/parse-spec.ts";
import type { ProbeRequest } from "./spec/probe-names.ts";
import { BASELINE, resolveVariants } from "./spec/resolve-variants.ts";
import type { Spec } from "./spec/spec.ts";
import type { Trace } from "./trace/trace.ts";
import type { ProgressEvent } from "./trace/trace-event.ts";

export interface DiagnosisOptions {
  readonly tables?: Tables | undefined;
  readonly weights?: WeightsTable | undefined;
  /** The variant of the spec to diagnose. Absent: its first. */
  readonly variant?: string | undefined;
  /** Training seeds of the network as it stands and of every proof. Default 16. */
  readonly seeds?: number | undefined;
  readonly signal?: CancelSignal | undefined;
  readonly onStage?: ((stage: Stage) => void) | undefined;
  readonly onProgress?: ((progress: ProgressEvent) => void) | undefined;
  /**
   * Told of every change that becomes the one to prescribe if nothing more were tried: by findings
   * alone at first, then by what was trained.
   */
  readonly onHeld?: ((held: Incumbent) => void) | undefined;
}

export interface Stage {
  readonly name: "lint" | "learnability" | "baseline" | "diagnose" | "prove" | "report";
  readonly says: string;
}

/** As many as the published benchmark trains every case with. */
const DEFAULT_SEEDS = 16;

/** The name of the mended network among the report's variants. */
export const PRESCRIBED = "prescribed";

/**
 * @throws SpecError, DatasetError; Interrupted when the signal stopped it; what the engine throws
 *   when its device fails.
 */
export async function runDiagnosis(
  source: unknown,
  engine: Engine,
  options: DiagnosisOptions = {},
): Promise<{ trace: Trace; report: Report }> {
  const written = oneVariant(parseSpec(source, { allowUntrainable: true }), options.variant);
  const { base: asWritten, tables } = onTables(written, options.tables ?? new Map());
  const { spec: base, repair } = repaired(asWritten, tables);
  const spec = { ...base, data: { ...base.data, source: written.data.source } };
  const seeds = Array.from({ length: options.seeds ?? DEFAULT_SEEDS }, (_, i) => i);
  const stage = (name: Stage["name"], says: string) => options.onStage?.({ name, says });

  stage("lint", "reading the spec and the columns");
  const datasets = loadDatasets(base, tables);
  const dataset = [...datasets.values()][0];
  const linted = lint(base, datasets);
  compile(base, datasets, options.weights);

  const rows = withoutCopies(dataset);
  stage("learnability", "what the table can tell, whatever the network");
  const learnable = learnability(rows);

  stage("baseline", `the network as it stands, ${seeds.length} seeds`);
  const trainer = new Trainer(base, engine, tables, options);
  const hold = (made?: Intervention) =>
    options.onHeld?.(incumbent(trainer.modelSteps, made, repair));
  if (repair !== undefined) hold();
  const [variant] = resolveVariants(base);
  const guess = (suspects: readonly Suspect[]) => {
    const arm = firstGuess(suspects, variant, dataset);
    if (arm !== undefined) hold(arm.intervention);
  };
  guess(suspectCauses({ variant, dataset, findings: linted }));
  const judging: JudgedOn = dataset.test.rows > 0 ? "test" : "training";
  const probes = joined(requestedProbes(), probesOf(judging));
  const before = await trainer.train({ variants: { [BASELINE]: {} }, seeds, probes });

  stage("diagnose", "what the recorded runs show");
  const diagnosed = diagnose(before);
  const seen = { variant, dataset, before, judging, learnable };
  const about = [variant.name];
  const found = [...(repair?.findings ?? []), ...linted, ...diagnosed.findings];
  const isIll = needsProof({ ...seen, findings: found });
  const findings = [
    ...found,
    ...labelFindings(rows, about, { isIll }),
    ...(isIll ? rowFindings(rows, about) : []),
  ];
  if (isIll) stage("prove", "every learning rate, for a few hundred steps");
  const range = isIll ? await rateRange(variant, dataset, trainer, seeds.length) : undefined;
  const bestRate = range?.best ?? undefined;
  const suspects = suspectCauses({ variant, dataset, findings, bestRate });
  if (isIll) guess(suspects);
  const situation = { ...seen, findings, suspects };

  const proved = isIll ? await proveChanges(situation, trainer, { seeds, stage, hold }) : undefined;
  stage("report", "writing it down");
  const trace = joinedTrace(spec, before, proved);
  const report = makeReport(trace, findings, proved?.proofs ?? []);
  const diagnosis = diagnosisReport({
    spec,
    repair,
    situation,
    diagnosed,
    range,
    proved,
    modelSteps: trainer.modelSteps,
  });
  return { trace, report: { ...report, diagnosis } };
}

/**
 * What a diagnosis trains first: one variant, and where that cannot be trained at all, what it is with
 * the least change after which it can.
 */
export function trainableSpec(spec: Spec, tables: Tables, variant?: string): Spec {
  return repaired(oneVariant(spec, variant), tables).spec;
}

/** The spec with one variant's patch merged in, and none beside. */
function oneVariant(spec: Spec, wanted: string | undefined): Spec {
  const variants = resolveVariants(spec);
  const variant = wanted === undefined ? variants[0] : variants.find(({ name }) => name === wanted);
  if (variant === undefined) {
    throw new RangeError(
      `"${wanted}" is not a variant of this spec (${variants.map(({ name }) => name).join(", ")}).`,
    );
  }
  const { data, model, train } = variant;
  return { ...spec, data, model, train, variants: {}, claims: [] };
}

/** Rows that stand in a spec are hashed and parsed with every arm; a table is named by its digest. */
function onTables(spec: Spec, given: Tables): { base: Spec; tables: Tables } {
  return spec.data.source.kind === "table" ? { base: spec, tables: given } : onTable(spec, given);
}

function joined(one: ProbeRequest, other: ProbeRequest): ProbeRequest {
  return { ...one, signals: [...new Set([...one.signals, ...other.signals])] };
}

/**
 * Whether there is anything to mend: a finding that warns, runs that fail, or a network that does
 * worse than a simple method on the same rows. A network that none of it is true of is healthy, and
 * trying changes on it would only find differences that are there by chance.
 */
function needsProof({
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

interface ProofSettings {
  readonly seeds: readonly number[];
  readonly stage: (name: "prove", says: string) => void;
  readonly hold: (made: Intervention) => void;
}

async function proveChanges(
  { variant, dataset, suspects, before, judging, learnable }: Situation,
  trainer: Trainer,
  { seeds, stage, hold }: ProofSettings,
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
    baseline: { trace: before, variant: BASELINE },
    onStage: (says: string) => stage("prove", says),
    onHeld: ({ intervention }: Arm) => hold(intervention),
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

const ON_TRAINING_ROWS = {
  choosing: "training",
  judging: "training",
  splitsAnew: false,
  enough: KNOWN_BY_HEART,
  sufficient: KNOWN_BY_HEART,
} as const;

/**
 * Whether a network knows less than half of training rows that are too few to learn others from: that
 * it can be made to learn is then shown by these alone.
 */
function isStuckOnFewRows({ runs }: Trace, dataset: Dataset): boolean {
  if (hasRowsPerClass(dataset)) return false;
  const known = mean(runs.map((run) => outcomeOf(run, "training").accuracy));
  const chance = chanceOf(runs[0], "training");
  return known - chance < (1 - chance) / 2;
}

/** One trace of both networks, on the user's own source. */
function joinedTrace(spec: Spec, before: Trace, proved: ProvedChanges | undefined): Trace {
  const { probes } = before.spec;
  const named = { ...spec, seeds: before.spec.seeds, ...(probes === undefined ? {} : { probes }) };
  const after = proved?.bestRuns;
  if (after === undefined) return { ...before, spec: named };
  const { patch } = proved!.best!.arm.intervention;
  const renamed = <T>(value: T): T => ({ ...value, name: PRESCRIBED });
  return {
    ...before,
    spec: { ...named, variants: { [BASELINE]: {}, [PRESCRIBED]: patch } },
    variants: [...before.variants, ...after.variants.map(renamed)],
    planned: before.planned + after.planned,
    runs: [...before.runs, ...after.runs.map((run) => ({ ...run, variant: PRESCRIBED }))],
  };
}
