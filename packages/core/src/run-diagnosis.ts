// The doctor: why does this network fail to converge, and what fixes it? The same pipeline as
// run-experiment.ts with the two stages that only a doctor needs.
//
//   source -> spec -> dataset -> lint -> train the network as it stands -> diagnose -> causes
//          -> prove -> report

import { repaired } from "./causes/repair.ts";
import { type Suspect, suspectCauses } from "./causes/suspect-causes.ts";
import { compile, loadDatasets } from "./compile/compile.ts";
import type { WeightsTable } from "./compile/initial-weights.ts";
import type { LastEpochs } from "./compile/plan.ts";
import { type Dataset, withoutCopies } from "./dataset/dataset.ts";
import { onTable } from "./dataset/on-table.ts";
import type { Tables } from "./dataset/table.ts";
import { diagnose, requestedProbes } from "./diagnose/diagnose.ts";
import { READ_INFERENCE } from "./diagnose/learned.ts";
import type { CancelSignal, Engine } from "./engine/engine.ts";
import { pause } from "./engine/pause.ts";
import {
  type AskedLabels,
  askLabels,
  labelFindings,
  rowFindings,
} from "./learnability/data-findings.ts";
import { learnability } from "./learnability/learnability.ts";
import type { LearnabilityReport } from "./learnability/learnability-report.ts";
import type { Intervention } from "./lint/finding.ts";
import { lint } from "./lint/lint.ts";
import { firstGuess } from "./prove/first-guess.ts";
import { type Incumbent, incumbent } from "./prove/incumbent.ts";
import { reachedBy } from "./prove/outcome.ts";
import type { JudgedOn } from "./prove/proof.ts";
import { needsProof, type ProvedChanges, proveChanges } from "./prove/prove-changes.ts";
import { rateRange } from "./prove/rate-range.ts";
import { probesOf } from "./prove/rounds.ts";
import { Trainer } from "./prove/trainer.ts";
import { diagnosisReport } from "./report/make-diagnosis.ts";
import { makeReport } from "./report/make-report.ts";
import type { Report } from "./report/report.ts";
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

/** Of these the ones that train first: they show what most seeds do, for a first guess. */
const SCOUTS = 4;

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

  stage("learnability", "what the table can tell, whatever the network");
  const rows = withoutCopies(dataset);
  stage("baseline", `the network as it stands, ${seeds.length} seeds`);
  const trainer = new Trainer(base, engine, tables, options);
  const hold = (made?: Intervention) =>
    options.onHeld?.(incumbent(trainer.modelSteps, made, repair));
  if (repair !== undefined) hold();
  const [variant] = resolveVariants(base);
  const known = { variant, dataset };
  const guess = (suspects: readonly Suspect[], isIll: boolean) => {
    const arm = firstGuess(suspects, variant, dataset, isIll);
    if (arm !== undefined) hold(arm.intervention);
    return arm !== undefined;
  };
  // What is wrong as it is written is likelier the cause of what a training shows than that is.
  const isWritten = guess(suspectCauses({ ...known, findings: linted }), false);
  const judging: JudgedOn = dataset.test.rows > 0 ? "test" : "training";
  const probes = joined(requestedProbes(), probesOf(judging));
  const evaluates = readOf(base);
  const train = (some: readonly number[]) =>
    trainer.train({ variants: { [BASELINE]: {} }, seeds: some, probes, evaluates });
  const scouting = train(seeds.slice(0, SCOUTS));
  const [scouts, { learnable, labels }] = await Promise.all([scouting, askTable(rows)]);
  const look = (before: Trace) => {
    const diagnosed = diagnose(before);
    const found = [...(repair?.findings ?? []), ...linted, ...diagnosed.findings];
    const isIll = needsProof({ ...known, before, judging, learnable, findings: found });
    return { diagnosed, found, isIll };
  };
  const scouted = look(scouts);
  if (scouted.isIll && !isWritten) {
    guess(suspectCauses({ ...known, findings: scouted.found }), true);
  }
  const others = seeds.slice(SCOUTS);
  const before = others.length === 0 ? scouts : joinedRuns(scouts, await train(others), seeds);

  stage("diagnose", "what the recorded runs show");
  const { diagnosed, found, isIll } = look(before);
  const seen = { ...known, before, judging, learnable };
  const about = [variant.name];
  const findings = [
    ...found,
    ...labelFindings(labels, rows, about, { isIll }),
    ...(isIll ? rowFindings(rows, about) : []),
  ];
  const onStage = (says: string) => stage("prove", says);
  if (isIll) onStage("every learning rate, for a few hundred steps");
  const range = isIll ? await rateRange(variant, dataset, trainer, seeds.length) : undefined;
  const bestRate = range?.best ?? undefined;
  const reached =
    judging === "test"
      ? { training: reachedBy(before, "training"), test: reachedBy(before, "test") }
      : undefined;
  const suspects = suspectCauses({ ...known, findings, bestRate, reached });
  if (isIll && !isWritten) guess(suspects, true);
  const situation = { ...seen, findings, suspects };

  const settings = { seeds, evaluates, onStage, onHeld: hold };
  const proved = isIll ? await proveChanges(situation, trainer, settings) : undefined;
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

/**
 * What the table can tell, asked while an engine trains on threads or a device of its own: it has a
 * pause to send them more.
 */
async function askTable(
  rows: Dataset,
): Promise<{ learnable: LearnabilityReport; labels: AskedLabels }> {
  await pause();
  const learnable = learnability(rows);
  await pause();
  return { learnable, labels: askLabels(rows) };
}

function joined(one: ProbeRequest, other: ProbeRequest): ProbeRequest {
  return { ...one, signals: [...new Set([...one.signals, ...other.signals])] };
}

/** What is read of the network as it stands: curves on new rows, and what its author asks for. */
function readOf({ probes }: Spec): LastEpochs {
  const asksForAll = probes?.signals.some((signal) => signal.startsWith("inference"));
  return asksForAll ? {} : { training: READ_INFERENCE };
}

/** Two traces of one network as that of all its training seeds. */
function joinedRuns(one: Trace, other: Trace, seeds: readonly number[]): Trace {
  const { spec } = one;
  return {
    ...one,
    spec: { ...spec, seeds: { ...spec.seeds, training: [...seeds] } },
    planned: one.planned + other.planned,
    runs: [...one.runs, ...other.runs],
  };
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
