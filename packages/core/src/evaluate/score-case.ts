// Holds a diagnosis against what is known of a case. Nothing is trained here: what fresh seeds have
// shown is passed in.

import type { CauseId } from "../causes/cause.ts";
import type { DiagnosisReport } from "../report/diagnosis-report.ts";
import { mean, sampleSd } from "../shared/statistics.ts";
import type { BenchmarkCase } from "./benchmark-case.ts";
import type {
  CaseKind,
  CaseScore,
  ClaimScore,
  Measured,
  RepairScore,
  ScoredCause,
  Yardstick,
} from "./case-score.ts";
import { codeOf, FAULT_CODES } from "./fault-codes.ts";
import { mannWhitneyP } from "./mann-whitney.ts";
import { permutationP } from "./permutation-test.ts";

/** As the benchmark has it: an improvement of accuracy that counts, and how sure it must be. */
export const COUNTS_FROM = 0.02;
const SURE = 0.01;

/** An arm that was trained on fresh seeds, by the yardstick of its case; one value per seed. */
export type Arm = readonly number[];

/** What is known beside the diagnosis. */
export interface Knowledge {
  readonly asIs: Arm;
  readonly prescribed: Arm | null;
  /** Of causes whose change was trained by itself. */
  readonly ofCause: Readonly<Partial<Record<CauseId, Arm>>>;
  /** Of causes whose change is a part of the prescription: what the proof says it adds to the rest. */
  readonly ablated: Readonly<Partial<Record<CauseId, number>>>;
  /** Words of the changes that were proposed for a cause. */
  readonly words: Readonly<Partial<Record<CauseId, readonly string[]>>>;
  /** What the published fix reaches; null where there is none. */
  readonly withFix: number | null;
  readonly claim: ClaimScore | null;
}

export function kindOf(written: BenchmarkCase): CaseKind {
  if (written.control) return "control";
  const verdict = written.checked?.verdict ?? "";
  if (written.ambiguous || /^(no-effect|fix-worse)/.test(verdict)) return "ambiguous";
  if (written.oracleFix !== undefined && written.oracleFix !== null) return "oracle";
  return verdict.startsWith("fix-likely") ? "likely" : "faulty";
}

export function yardstickOf({ judgeOn, checked }: BenchmarkCase): Yardstick {
  if (judgeOn === "valLoss") return "valLoss";
  return judgeOn === "train" || checked?.on === "train" ? "trainAccuracy" : "accuracy";
}

export function scoreCase(
  written: BenchmarkCase,
  diagnosis: Pick<DiagnosisReport, "causes" | "outcome" | "answer" | "prescription" | "modelSteps">,
  knowledge: Knowledge,
): Omit<CaseScore, "seconds" | "status" | "reason"> {
  const kind = kindOf(written);
  const named = diagnosis.causes.map((cause) => scoreCause(written, kind, cause, knowledge));
  const firstRank = (right: readonly ScoredCause["counts"][]) =>
    named.find(({ counts }) => right.includes(counts))?.rank ?? null;
  // Neutral is what a control has beside: labels that are wrong in the healthy network's rows too.
  const unproved = named.some(({ counts }) => counts !== "proved" && counts !== "neutral");
  return {
    id: written.id,
    title: written.title,
    kind,
    roots: rootsOf(written),
    outcome: diagnosis.outcome,
    answer: diagnosis.answer,
    named,
    rank: firstRank(["root", "listed", "proved"]),
    strictRank: firstRank(["root", "listed"]),
    repair: scoreRepair(written, kind, diagnosis, knowledge),
    claim: knowledge.claim,
    falseAlarm: kind === "control" && (unproved || knowledge.claim?.holds === false),
    modelSteps: diagnosis.modelSteps,
  };
}

export function rootsOf({ faults }: BenchmarkCase): string[] {
  const roots = faults.filter(({ severity, code }) => severity === "root" && code !== "NONE");
  return roots.map(({ code }) => code);
}

function scoreCause(
  written: BenchmarkCase,
  kind: CaseKind,
  { id, rank, because }: DiagnosisReport["causes"][number],
  { asIs, ofCause, ablated, words, claim }: Knowledge,
): ScoredCause {
  const scored = (counts: ScoredCause["counts"], why: string) => ({
    id,
    rank,
    because,
    counts,
    why,
  });
  const codes = FAULT_CODES[id];
  const meant = written.faults.filter((fault) => codes.includes(codeOf(fault)));
  const fault = meant.find(({ severity }) => severity === "root") ?? meant[0];
  // Of an ambiguous case the published fault has no effect: to name it is neither right nor wrong.
  if (fault?.severity === "root" && kind !== "ambiguous") return scored("root", fault.code);
  const listed = words[id]?.find((word) => written.singleChanges?.helps.includes(word));
  if (listed !== undefined) return scored("listed", listed);
  const arm = ofCause[id];
  if (arm !== undefined && arm !== null) {
    const { effect, p } = comparison(asIs, arm, yardstickOf(written));
    // A control's improvement may be small, as long as it is there.
    const least = kind === "control" ? 0 : COUNTS_FROM;
    if (effect > least && p < SURE)
      return scored("proved", `${signed(effect)}, p ${p.toExponential(0)}`);
  }
  const added = ablated[id];
  if (added !== undefined && added >= COUNTS_FROM && claim?.holds === true) {
    return scored("proved", `${signed(added)} beside the rest`);
  }
  if (fault !== undefined) return scored("neutral", `${fault.code}, ${fault.severity}`);
  return scored("wrong", arm === undefined ? "no proof" : "its proof does not hold");
}

function scoreRepair(
  written: BenchmarkCase,
  kind: CaseKind,
  { prescription }: Pick<DiagnosisReport, "prescription">,
  { asIs, prescribed, withFix }: Knowledge,
): RepairScore | null {
  if (kind === "control" || kind === "oracle" || kind === "ambiguous" || withFix === null) {
    return null;
  }
  const yardstick = yardstickOf(written);
  const base = { yardstick, asIs: measured(asIs), withFix };
  if (prescription === null || prescribed === null) {
    return { ...base, verdict: "nothing-prescribed", prescription: [], treated: null, p: null };
  }
  const { effect, p } = comparison(asIs, prescribed, yardstick);
  const treated = measured(prescribed);
  const isClose =
    yardstick === "valLoss"
      ? treated.mean <= 1.25 * withFix
      : treated.mean >= withFix - COUNTS_FROM;
  const verdict = isClose && isBetter({ effect, p }) ? "fixed" : "short";
  return { ...base, verdict, prescription: prescription.interventions, treated, p };
}

/**
 * How much better an arm is, and how sure: the smaller p of a test of ranks and one of means. The
 * benchmark uses the one for fixes and the other for single changes, and failure is often a
 * probability, which ranks hardly see.
 */
export function comparison(
  asIs: Arm,
  treated: Arm,
  yardstick: Yardstick | "balancedAccuracy" | "loss",
): { effect: number; p: number } {
  const p = Math.min(mannWhitneyP(asIs, treated), permutationP(asIs, treated));
  const sign = yardstick === "valLoss" || yardstick === "loss" ? -1 : 1;
  return { effect: sign * (mean(treated) - mean(asIs)), p };
}

/** Whether a change is an improvement for sure. */
export function isBetter({ effect, p }: { effect: number; p: number }): boolean {
  return effect > 0 && p < SURE;
}

export function measured(arm: Arm): Measured {
  return { n: arm.length, mean: mean(arm), sd: arm.length < 2 ? 0 : sampleSd(arm) };
}

function signed(effect: number): string {
  return `${effect < 0 ? "-" : "+"}${Math.abs(effect).toFixed(3)}`;
}
