// One case: it becomes a spec, is diagnosed, and the diagnosis is judged. Whatever a case asks for or
// does, it has a score.

import { onTable } from "../dataset/on-table.ts";
import type { Engine } from "../engine/engine.ts";
import type { Report } from "../report/report.ts";
import { trainableSpec } from "../run-diagnosis.ts";
import { planExperiment } from "../run-experiment.ts";
import {
  type BenchmarkCase,
  type BenchmarkFile,
  isMalformed,
  type MalformedCase,
} from "./benchmark-case.ts";
import type { CaseScore } from "./case-score.ts";
import { atCheckScale, caseSpec } from "./case-spec.ts";
import { type JudgedReport, judgeDiagnosis } from "./judge-diagnosis.ts";
import { kindOf, rootsOf } from "./score-case.ts";
import { readSpec } from "./train-arms.ts";

/** What diagnoses a spec: `runDiagnosis`. */
export type Diagnose = (source: unknown, engine: Engine) => Promise<{ readonly report: Report }>;

export interface EvaluateOptions {
  readonly diagnose: Diagnose;
  readonly engine: Engine;
  /** Seconds since any moment. */
  readonly now: () => number;
  /** Seeds that judge; the benchmark's own check had 16. */
  readonly seeds?: number;
}

const SEEDS = 16;
/** A spec with more numbers than this takes minutes to read: 2,000 rows of 1,000 columns. */
const MOST_CELLS = 2_000_000;

export async function evaluateCase(
  written: BenchmarkCase | MalformedCase,
  generators: BenchmarkFile["generators"],
  { diagnose, engine, now, seeds = SEEDS }: EvaluateOptions,
): Promise<CaseScore> {
  if (isMalformed(written)) return unscored(written, "refused", written.malformed);
  const subject = atCheckScale(written);
  let source: unknown;
  try {
    source = caseSpec(subject, generators);
    if (cellsOf(source) > MOST_CELLS) {
      return unscored(subject, "refused", "it has more numbers than a spec holds");
    }
    const { base, tables } = onTable(readSpec(source), new Map());
    const { findings } = planExperiment(trainableSpec(base, tables), { tables });
    if (subject.lintOnly || subject.checkScale?.skip === true) {
      return unscored(subject, "lint-only", findings.map(({ id }) => id).join(", "));
    }
  } catch (error) {
    return unscored(subject, "refused", firstLine(error));
  }
  const start = now();
  const { report, broken } = await tried(() => diagnose(source, engine));
  const seconds = now() - start;
  try {
    const judge = { engine, generators };
    const score = await judgeDiagnosis(subject, report, source, judge, seeds);
    return {
      ...score,
      status: broken === undefined ? "scored" : "failed",
      reason: broken ?? "",
      seconds,
    };
  } catch (error) {
    return { ...unscored(subject, "failed", `judging: ${firstLine(error)}`), seconds };
  }
}

/** A diagnosis that breaks down has said nothing. */
async function tried(
  diagnose: () => Promise<{ readonly report: Report }>,
): Promise<{ report: JudgedReport; broken?: string }> {
  try {
    const { proofs, diagnosis } = (await diagnose()).report;
    if (diagnosis === undefined) return { report: NOTHING_SAID, broken: "there is no diagnosis" };
    return { report: { proofs, diagnosis } };
  } catch (error) {
    return { report: NOTHING_SAID, broken: firstLine(error) };
  }
}

const NOTHING_SAID: JudgedReport = {
  proofs: [],
  diagnosis: {
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
    rateRange: null,
    prescription: null,
    notMeasured: [],
    unclear: [],
    modelSteps: 0,
  },
};

function unscored(
  written: BenchmarkCase | MalformedCase,
  status: "refused" | "lint-only" | "failed",
  reason: string,
): CaseScore {
  const known = isMalformed(written) ? undefined : written;
  return {
    id: written.id,
    title: known?.title ?? "",
    status,
    reason,
    kind: known ? kindOf(known) : "faulty",
    roots: known ? rootsOf(known) : [],
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

function cellsOf(source: unknown): number {
  const { rows } = (source as { data: { source: { rows: readonly unknown[][] } } }).data.source;
  return rows.length * (rows[0]?.length ?? 0);
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n")[0];
}
