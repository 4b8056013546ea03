// The words of a diagnosis as all renderings write them.

import type { Severity } from "../lint/finding.ts";
import { SEVERITIES } from "../lint/finding.ts";
import { intervalNumbers, percent, shortNumber } from "../shared/number-text.ts";
import type {
  DiagnosisReport,
  LearnabilityReport,
  NamedCause,
  Outcome,
  Proof,
  Report,
} from "./report.ts";
import { signed } from "./summary-text.ts";

export const OUTCOME_WORDS: Readonly<Record<Outcome, string>> = {
  healthy: "healthy",
  fixed: "fixed",
  helped: "helped",
  "no-signal": "no signal",
  unfixable: "not fixed",
  unexplained: "unexplained",
};

/** "unscaled features" */
export function causeName(id: string): string {
  return id.replaceAll("-", " ");
}

export const BECAUSE_WORDS: Readonly<Record<NamedCause["because"], string>> = {
  proved: "proved: undoing it helps",
  certain: "certain as it is written",
  data: "the data shows it",
};

/** What speaks for a cause, against it, and what else it is not. */
export function causeNotes({ evidence, against, ruledOut }: NamedCause): CauseNote[] {
  return [
    ...evidence.map((text) => ({ kind: "for" as const, text })),
    ...against.map((text) => ({ kind: "against" as const, text })),
    ...ruledOut.map((text) => ({ kind: "not" as const, text })),
  ];
}

export interface CauseNote {
  /** not: another explanation, ruled out. */
  readonly kind: "for" | "against" | "not";
  readonly text: string;
}

/** The gravest of the findings that speak for a cause; a warning where none does. */
export function causeSeverity({ findings }: NamedCause, report: Report): Severity {
  const ranks = report.findings
    .filter(({ id }) => findings.includes(id))
    .map(({ severity }) => SEVERITIES.indexOf(severity));
  return ranks.length === 0 ? "warning" : SEVERITIES[Math.min(...ranks)];
}

export interface ProofText {
  readonly change: string;
  /** "+0.42", or a dash. */
  readonly effect: string;
  /** "+0.36 to +0.48", or a dash. */
  readonly interval: string;
  readonly n: string;
  readonly verdict: string;
}

export function proofText({ intervention, patch, effect, ci95, n, verdict }: Proof): ProofText {
  const change = withValues(intervention, patch);
  const rest = { change, n: String(n), verdict: verdict.replaceAll("-", " ") };
  if (effect === null) return { ...rest, effect: "\u2013", interval: "\u2013" };
  if (ci95 === null) return { ...rest, effect: signed(shortNumber(effect)), interval: "\u2013" };
  const [size, low, high] = intervalNumbers(effect, ...ci95).map(signed);
  return { ...rest, effect: size, interval: `${low} to ${high}` };
}

/** "learning-rate 0.01" for "learning-rate": several of a kind are told apart by their value. */
function withValues(intervention: string, { train }: Proof["patch"]): string {
  const { learningRate, epochs } = train ?? {};
  const rate = typeof learningRate === "number" ? ` ${learningRate}` : "";
  return intervention
    .replace(/\blearning-rate(?![\w-])/, `learning-rate${rate}`)
    .replace(/\b(more|fewer)-epochs\b/, (id) => (epochs === undefined ? id : `${id} ${epochs}`));
}

/** Proofs that measure the same thing, in the order in which they come. */
export function proofGroups(proofs: readonly Proof[]): { measure: string; proofs: Proof[] }[] {
  const groups = new Map<string, Proof[]>();
  for (const proof of proofs) {
    const measure = measureText(proof);
    groups.set(measure, [...(groups.get(measure) ?? []), proof]);
  }
  return [...groups].map(([measure, members]) => ({ measure, proofs: members }));
}

const METRIC_WORDS: Readonly<Record<Proof["metric"], string>> = {
  accuracy: "accuracy",
  balancedAccuracy: "balanced accuracy",
  loss: "loss",
};

const PART_WORDS: Readonly<Record<Proof["on"], string>> = {
  validation: "rows held out of the training part",
  test: "the test part",
  training: "the training part",
};

/** "balanced accuracy on the test part" */
export function measureText({ metric, on }: Pick<Proof, "metric" | "on">): string {
  return `${METRIC_WORDS[metric]} on ${PART_WORDS[on]}`;
}

/** "balanced accuracy on the test part: 0.55 before, 0.97 after; +0.42 (95% +0.36 to +0.48, n 10)" */
export function prescriptionProof(proof: Proof): string {
  const mean = (value: number | null) => (value === null ? "not finite" : shortNumber(value));
  const { baseline, treated } = proof;
  return `${measureText(proof)}: ${mean(baseline.mean)} before, ${mean(treated.mean)} after; ${effectText(proof)}`;
}

/** "+0.42 (95% +0.36 to +0.48, n 10)" */
export function effectText(proof: Proof): string {
  const { effect, interval, n } = proofText(proof);
  return proof.ci95 === null ? `${effect} (n ${n})` : `${effect} (95% ${interval}, n ${n})`;
}

/** What the prescription rests on, a sentence each. */
export function prescriptionNotes({ prescription }: DiagnosisReport): string[] {
  if (prescription === null) return [];
  const { proof, overSplits, ablation } = prescription;
  return [
    `${UNTOUCHED[proof.on]}: ${prescriptionProof(proof)}.`,
    ...(overSplits === null ? [] : [`Over other splits of all rows: ${effectText(overSplits)}.`]),
    ...ablation.map(
      (part) => `${capital(part.intervention)} adds to the rest: ${effectText(part)}.`,
    ),
  ];
}

const UNTOUCHED: Readonly<Record<Proof["on"], string>> = {
  test: "On rows that had no say in the choice",
  validation: "On rows that had a say in the choice",
  training: "There is no test part, so on the rows it was trained on",
};

/** Whether there is anything to learn, and what simple models make of it. */
export function learnabilityText({
  best,
  baselines,
  majority,
  p,
  verdict,
}: LearnabilityReport): string {
  const interval = baselines.find(({ name }) => name === best.name)?.ci95;
  const range =
    interval === undefined ? "" : ` (95% ${interval.map((end) => percent(end)).join(" to ")})`;
  const test = p === null ? "" : ` Permuted labels do as well with p = ${shortNumber(p, 1)}.`;
  const sentence = {
    signal: "The features tell the labels.",
    "no-signal": "Nothing shows that the features tell the labels.",
    undecided: "Whether the features tell the labels is undecided.",
  }[verdict];
  return `${sentence} The best of the simple models, ${best.name}, is right on ${percent(best.accuracy)} of rows it has not seen${range}; always answering with the largest class is on ${percent(majority)}.${test}`;
}

/** Checks that could not judge: those without their signals in one sentence, then those that broke. */
export function silentChecks({ notMeasured, unclear }: DiagnosisReport): string[] {
  const silent = notMeasured.map(({ check, probes }) => `${check} (${probes.join(", ")})`);
  return [
    ...(silent.length === 0
      ? []
      : [`Nothing was recorded that these checks read: ${silent.join("; ")}.`]),
    ...unclear.map(({ check, says }) => `${check} failed: ${says}`),
  ];
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/**
 * "13 rates from 0.000001 to 1, 200 steps each, 2 seeds: 0.03 is the lowest that comes about as far as
 * any (loss 0.21; a constant answer costs 0.693); the network is trained at 0.001."
 */
export function rateRangeText({ rateRange: range }: DiagnosisReport): string[] {
  if (range === null) return [];
  const { rates, loss, steps, seeds, chance, best, trainedAt } = range;
  const lossAt = (rate: number) => loss[rates.indexOf(rate)];
  const constant = `a constant answer costs ${shortNumber(chance)}`;
  const tried = `${rates.length} rates from ${rates[0]} to ${rates.at(-1)}, ${steps} steps each, ${seeds} seeds`;
  const found =
    best === null
      ? `at none does the loss fall clearly below a constant answer's ${shortNumber(chance)}`
      : `${best} is the lowest that comes about as far as any (loss ${shortNumber(lossAt(best)!)}; ${constant})`;
  const is =
    trainedAt === null ? "" : `; the network is trained at ${Number(trainedAt.toPrecision(3))}`;
  return [`${tried}: ${found}${is}.`];
}

/** What was seen beside: findings that no cause, named or dismissed, rests on. */
export function otherFindings({ findings }: Report, diagnosis: DiagnosisReport): string[] {
  const { causes, dismissed } = diagnosis;
  const told = new Set([...causes, ...dismissed].flatMap((cause) => cause.findings));
  return findings.filter(({ id }) => !told.has(id)).map(({ where, says }) => `${where}: ${says}`);
}
