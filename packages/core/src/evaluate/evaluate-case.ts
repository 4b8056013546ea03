// One case: it is diagnosed, and what the diagnosis says is tried on seeds, and where it claims an
// improvement of what is not broken on rows, that it has not seen.

import type { CauseId } from "../causes/cause.ts";
import type { Engine } from "../engine/engine.ts";
import type { DiagnosisReport } from "../report/diagnosis-report.ts";
import type { Report } from "../report/report.ts";
import { planExperiment } from "../run-experiment.ts";
import { mean } from "../shared/statistics.ts";
import type { SpecPatch } from "../spec/resolve-variants.ts";
import {
  type BenchmarkCase,
  type BenchmarkFile,
  isMalformed,
  type MalformedCase,
} from "./benchmark-case.ts";
import type { CaseScore, ClaimScore, Yardstick } from "./case-score.ts";
import { atCheckScale, caseSpec, withChanges } from "./case-spec.ts";
import { changeWords } from "./change-words.ts";
import {
  type Arm,
  COUNTS_FROM,
  comparison,
  isBetter,
  kindOf,
  measured,
  rootsOf,
  scoreCase,
  yardstickOf,
} from "./score-case.ts";
import { patchedVariant, type TrainedArm, trainArms } from "./train-arms.ts";

/** What diagnoses a spec: `runDiagnosis`. */
export type Diagnose = (
  source: unknown,
  engine: Engine,
) => Promise<{ readonly report: Pick<Report, "diagnosis" | "proofs"> }>;

export interface EvaluateOptions {
  readonly diagnose: Diagnose;
  readonly engine: Engine;
  /** Seconds since any moment. */
  readonly now: () => number;
  /** Seeds that judge; the benchmark's own check had 16. */
  readonly seeds?: number;
}

const SEEDS = 16;
/** Fresh draws of the data on which an improvement of a healthy network must be there again. */
const FRESH_DRAWS = 8;
const SEEDS_PER_DRAW = 4;
/** A spec with more numbers than this takes minutes to read: 2,000 rows of 1,000 columns. */
const MOST_CELLS = 2_000_000;

export async function evaluateCase(
  written: BenchmarkCase | MalformedCase,
  generators: BenchmarkFile["generators"],
  options: EvaluateOptions,
): Promise<CaseScore> {
  if (isMalformed(written)) return refused(written, written.malformed);
  const subject = atCheckScale(written);
  let source: unknown;
  try {
    source = caseSpec(subject, generators);
    if (cellsOf(source) > MOST_CELLS)
      return refused(subject, "it has more numbers than a spec holds");
    const { findings } = planExperiment(source);
    if (subject.lintOnly || subject.checkScale?.skip === true) {
      return { ...refused(subject, findings.map(({ id }) => id).join(", ")), status: "lint-only" };
    }
  } catch (error) {
    return refused(subject, firstSentence(error));
  }
  const start = options.now();
  let report: Pick<Report, "diagnosis" | "proofs">;
  let broken: string | undefined;
  try {
    ({ report } = await options.diagnose(source, options.engine));
  } catch (error) {
    report = { proofs: [] };
    broken = firstSentence(error);
  }
  const seconds = options.now() - start;
  const diagnosis = report.diagnosis ?? NOTHING_SAID;
  const score = await judge(subject, { ...report, diagnosis }, source, generators, options);
  return {
    ...score,
    status: broken === undefined ? "scored" : "failed",
    reason: broken ?? "",
    seconds,
  };
}

type JudgedReport = Pick<Report, "proofs"> & { readonly diagnosis: DiagnosisReport };

async function judge(
  subject: BenchmarkCase,
  report: JudgedReport,
  source: unknown,
  generators: BenchmarkFile["generators"],
  { engine, seeds = SEEDS }: EvaluateOptions,
): Promise<Omit<CaseScore, "seconds" | "status" | "reason">> {
  const { prescription } = report.diagnosis;
  const patches = patchesOfCauses(report);
  const patchOf: Record<string, SpecPatch> = {
    asIs: {},
    ...(prescription === null ? {} : { prescribed: prescription.patch }),
    ...Object.fromEntries([...patches].map(([cause, patch]) => [`cause:${cause}`, patch])),
  };
  const judgedOn = judgedRows(subject);
  const armsOf = (
    changed: BenchmarkCase,
    of: Record<string, SpecPatch>,
    offset: number,
    n: number,
  ) =>
    trainArms(caseSpec(changed, generators, { judgedOn, offset }), onRows(of, judgedOn), engine, n);
  const arms = await armsOf(subject, patchOf, 0, seeds);
  const mended =
    subject.checked === undefined && subject.fix.length > 0
      ? (await armsOf(withChanges(subject, subject.fix), { asIs: {} }, 0, seeds)).asIs
      : undefined;
  const known = checkedCase(subject, arms.asIs, mended);
  const valuesOf = (arm: TrainedArm) => byYardstick(arm, yardstickOf(known));
  const claim =
    prescription === null || arms.prescribed === undefined
      ? null
      : await scoreClaim(known, prescription.proof.metric, arms, () =>
          overFreshData(known, prescription.patch, armsOf),
        );
  return scoreCase(known, report.diagnosis, {
    asIs: valuesOf(arms.asIs),
    prescribed: arms.prescribed === undefined ? null : valuesOf(arms.prescribed),
    ofCause: Object.fromEntries(
      [...patches.keys()]
        .filter((cause) => arms[`cause:${cause}`] !== undefined)
        .map((cause) => [cause, valuesOf(arms[`cause:${cause}`])]),
    ),
    words: wordsOfCauses(source, report),
    withFix: withFixOf(known),
    claim,
  });
}

/** Of each named cause, the change by itself that its proofs say is best. */
function patchesOfCauses({ diagnosis, proofs }: JudgedReport): Map<CauseId, SpecPatch> {
  const patches = new Map<CauseId, SpecPatch>();
  for (const { id } of diagnosis.causes) {
    const [best] = provedFor(id, proofs).sort((a, b) => (b.effect ?? 0) - (a.effect ?? 0));
    if (best !== undefined) patches.set(id, best.patch);
  }
  return patches;
}

function provedFor(cause: CauseId, proofs: Report["proofs"]) {
  return proofs.filter(
    (proof) =>
      proof.cause === cause &&
      (proof.verdict === "fixes" || proof.verdict === "helps") &&
      !proof.intervention.includes(" + "),
  );
}

function wordsOfCauses(source: unknown, { diagnosis, proofs }: JudgedReport) {
  const before = patchedVariant(source, {});
  const words = ({ patch }: { patch: SpecPatch }) => {
    const after = patchedVariant(source, patch);
    return before && after ? changeWords(before, after) : [];
  };
  return Object.fromEntries(
    diagnosis.causes.map(({ id }) => [id, provedFor(id, proofs).flatMap(words)]),
  );
}

/** Whether the improvement is there, by the yardstick of the case or by what it was claimed of. */
async function scoreClaim(
  known: BenchmarkCase,
  metric: ClaimScore["on"],
  arms: Readonly<Record<string, TrainedArm>>,
  overFresh: () => Promise<number>,
): Promise<ClaimScore> {
  const compare = (on: ClaimScore["on"]) => comparison(arms.asIs[on], arms.prescribed[on], on);
  const on = isBetter(compare("accuracy")) ? "accuracy" : metric;
  const compared = compare(on);
  const isHealthy = ["control", "ambiguous"].includes(kindOf(known));
  const freshData = isHealthy && on === "accuracy" ? await overFresh() : null;
  const holds = isBetter(compared) && (freshData === null || freshData > 0);
  return { holds, on, ...compared, freshData };
}

type ArmsOf = (
  subject: BenchmarkCase,
  patches: Record<string, SpecPatch>,
  offset: number,
  seeds: number,
) => Promise<Readonly<Record<string, TrainedArm>>>;

/** Mean difference over draws of the data that nobody has seen; for a table, over other splits. */
async function overFreshData(
  subject: BenchmarkCase,
  patch: SpecPatch,
  armsOf: ArmsOf,
): Promise<number> {
  const differences: number[] = [];
  for (let draw = 1; draw <= FRESH_DRAWS; draw++) {
    const arms = await armsOf(subject, { asIs: {}, prescribed: patch }, draw, SEEDS_PER_DRAW);
    differences.push(mean(arms.prescribed.accuracy) - mean(arms.asIs.accuracy));
  }
  return mean(differences);
}

function judgedRows(subject: BenchmarkCase): "test" | "training" {
  return yardstickOf(subject) === "trainAccuracy" || !subject.data.split ? "training" : "test";
}

/** Judged on its training rows a network has its part to be judged on already. */
function onRows(
  patches: Record<string, SpecPatch>,
  judgedOn: "test" | "training",
): Record<string, SpecPatch> {
  if (judgedOn === "test") return patches;
  return Object.fromEntries(
    Object.entries(patches).map(([name, { data, ...rest }]) => {
      const { split: _, ...others } = (data ?? {}) as Record<string, unknown>;
      return [name, { ...rest, data: others }];
    }),
  );
}

function byYardstick(arm: TrainedArm, yardstick: Yardstick): Arm {
  return yardstick === "valLoss" ? arm.loss : arm.accuracy;
}

/**
 * A case without a check of its own is checked here, by the rule of the benchmark. One with an
 * oracle's fix, or a control, needs none.
 */
function checkedCase(
  subject: BenchmarkCase,
  asIs: TrainedArm,
  mended: TrainedArm | undefined,
): BenchmarkCase {
  if (subject.checked !== undefined || mended === undefined) return subject;
  const on = judgedRows(subject) === "training" ? "train" : "validation";
  const { effect, p } = comparison(asIs.accuracy, mended.accuracy, "accuracy");
  const verdict =
    effect < COUNTS_FROM ? "no-effect" : p < 0.01 ? "fix-proven" : "fix-likely (more seeds needed)";
  const summary = (arm: TrainedArm) => {
    const { mean: center, sd } = measured(arm.accuracy);
    return { accuracy: [center, sd] as [number, number], trainAccuracy: undefined };
  };
  const withFix = summary(mended);
  return {
    ...subject,
    checked: {
      on,
      verdict,
      asIs: summary(asIs),
      withFix: on === "train" ? { ...withFix, trainAccuracy: withFix.accuracy } : withFix,
    },
  };
}

function withFixOf(known: BenchmarkCase): number | null {
  const yardstick = yardstickOf(known);
  return known.checked?.withFix?.[yardstick]?.[0] ?? null;
}

function refused(written: BenchmarkCase | MalformedCase, reason: string): CaseScore {
  const isRead = !isMalformed(written);
  return {
    id: written.id,
    title: isRead ? written.title : "",
    status: "refused",
    reason,
    kind: isRead ? kindOf(written) : "faulty",
    roots: isRead ? rootsOf(written) : [],
    outcome: null,
    answer: "",
    named: [],
    rank: null,
    strictRank: null,
    repair: null,
    claim: null,
    falseAlarm: false,
    modelSteps: 0,
    seconds: 0,
  };
}

/** Of a diagnosis that broke down. */
const NOTHING_SAID: DiagnosisReport = {
  outcome: "unexplained",
  answer: "",
  causes: [],
  dismissed: [],
  learnability: {
    majority: Number.NaN,
    best: { name: "", accuracy: Number.NaN },
    baselines: [],
    p: null,
    verdict: "undecided",
  },
  prescription: null,
  notMeasured: [],
  unclear: [],
  modelSteps: 0,
};

function cellsOf(source: unknown): number {
  const { rows } = (source as { data: { source: { rows: readonly unknown[][] } } }).data.source;
  return rows.length * (rows[0]?.length ?? 0);
}

function firstSentence(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n")[0];
}
