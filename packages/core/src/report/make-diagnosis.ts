// The diagnosis as data: which causes are named, in which order and why, what is prescribed, and the
// answer in one paragraph. A cause is named when its change is proved, when it is certain by itself,
// or when the data shows it; what was suspected and is none of these is dismissed, with the reason.

import type { CauseId } from "../causes/cause.ts";
import { joinedIntervention } from "../causes/change.ts";
import type { Repair } from "../causes/repair.ts";
import type { Suspect } from "../causes/suspect-causes.ts";
import type { Dataset } from "../dataset/dataset.ts";
import type { Diagnosed } from "../diagnose/diagnose.ts";
import type { Finding } from "../lint/finding.ts";
import { isProved } from "../prove/judge.ts";
import { outcomeOf } from "../prove/outcome.ts";
import type { JudgedOn, Proof, ProofMetric } from "../prove/proof.ts";
import { proofOfRepair } from "../prove/proof-of-repair.ts";
import type { Proved } from "../prove/prove.ts";
import type { RateRange } from "../prove/rate-range.ts";
import { intervalNumbers, percent, shortNumber } from "../shared/number-text.ts";
import { mean } from "../shared/statistics.ts";
import { BASELINE, patched } from "../spec/resolve-variants.ts";
import type { Spec, SpecInput, Variant } from "../spec/spec.ts";
import type { Trace } from "../trace/trace.ts";
import type {
  DiagnosisReport,
  DismissedCause,
  LearnabilityReport,
  NamedCause,
  Outcome,
  Prescription,
} from "./diagnosis-report.ts";

export interface DiagnosisMaterial {
  /** With the user's own source. */
  readonly spec: Spec;
  readonly situation: {
    readonly variant: Variant;
    readonly dataset: Dataset;
    readonly findings: readonly Finding[];
    readonly suspects: readonly Suspect[];
    readonly before: Trace;
    readonly judging: JudgedOn;
    readonly learnable: LearnabilityReport;
  };
  /** What had to be changed before the network could be trained at all. */
  readonly repair: Repair | undefined;
  readonly diagnosed: Diagnosed;
  readonly range: RateRange | undefined;
  readonly proved: (Proved & { readonly metric: ProofMetric }) | undefined;
  readonly modelSteps: number;
}

export function diagnosisReport(material: DiagnosisMaterial): DiagnosisReport {
  const { situation, diagnosed, range, proved, modelSteps } = material;
  const isHopeless = hasNoSignal(material);
  const causes: NamedCause[] = (
    isHopeless ? hopelessCauses(material) : rankedCauses(material).map(namedOf)
  ).map((cause, i) => ({ ...cause, rank: i + 1 }));
  const prescription = isHopeless ? null : prescriptionOf(material);
  const outcome = outcomeFrom(material, causes, prescription, isHopeless);
  return {
    outcome,
    answer: answerText(material, outcome, causes, prescription),
    causes,
    dismissed: proved === undefined ? [] : dismissedCauses(material, causes),
    learnability: situation.learnable,
    rateRange: range === undefined ? null : { ...range, trainedAt: rateOf(situation.variant) },
    prescription,
    notMeasured: diagnosed.notMeasured,
    unclear: diagnosed.unclear,
    modelSteps,
  };
}

function rateOf({ train }: Variant): number | null {
  return typeof train.learningRate === "number" ? train.learningRate : null;
}

interface Ranked {
  readonly suspect: Suspect;
  readonly because: NamedCause["because"];
  readonly score: number;
  /** The proof that speaks for it, where one does. */
  readonly proof: Proof | undefined;
}

/** What a data fault weighs that no change of a spec can mend. */
const DATA_CAUSES: readonly CauseId[] = ["class-imbalance", "label-noise", "too-little-data"];
/** Training rows that a mended network gets right; with labels that are wrong it could not. */
const LEARNS_ALL = 0.9;
/** A suspect of this weight is named when its own change is proved, prescribed or not. */
const STRONG = 2;

/** Above every other score: nothing else matters until the network can be trained. */
const COMES_FIRST = 10;

function rankedCauses({ proved, situation, repair }: DiagnosisMaterial): Ranked[] {
  const finals = proved?.finals ?? [];
  const largest = Math.max(0, ...finals.map(({ proof }) => proof.effect ?? 0));
  const missed = missedCauses(proved);
  const prescribed = new Set(
    situation.suspects
      .filter(({ id, weight }) => missed.has(id) || (isPart(id, proved) && weight >= STRONG))
      .map(({ id }) => id),
  );
  return situation.suspects
    .flatMap((suspect): Ranked[] => {
      const own = finals.filter(
        ({ arm, proof }) =>
          isProved(proof) &&
          (arm.parts.length === 1
            ? arm.parts[0].causes.includes(suspect.id)
            : arm === proved?.best?.arm && prescribed.has(suspect.id)),
      );
      const proof = own.map((final) => final.proof).sort((a, b) => b.effect! - a.effect!)[0];
      const isPrescribed = prescribed.has(suspect.id);
      const isNamed =
        suspect.certain || isPrescribed || (proof !== undefined && suspect.weight >= STRONG);
      const isData =
        DATA_CAUSES.includes(suspect.id) &&
        suspect.weight >= STRONG &&
        !(suspect.id === "label-noise" && learnsAll(proved));
      if (!isNamed && !isData) return [];
      const share = proof === undefined || largest === 0 ? 0 : proof.effect! / largest;
      return [
        {
          suspect,
          proof,
          because: proof !== undefined ? "proved" : suspect.certain ? "certain" : "data",
          score:
            2 * share +
            Math.log2(1 + suspect.weight) / 2 +
            (isPrescribed ? 0.5 : 0) +
            (suspect.id === "label-encoding" && repair !== undefined ? COMES_FIRST : 0) +
            (suspect.certain ? 0.5 : 0),
        },
      ];
    })
    .sort((a, b) => b.score - a.score);
}

function isPart(id: CauseId, proved: DiagnosisMaterial["proved"]): boolean {
  return proved?.best?.arm.parts.some(({ causes }) => causes[0] === id) ?? false;
}

/**
 * The causes whose change is prescribed and, of several changes, missed when it is left out; the
 * heaviest part's where no single one is.
 */
function missedCauses(proved: DiagnosisMaterial["proved"]): Set<CauseId> {
  const parts = proved?.best?.arm.parts ?? [];
  const ablation = proved?.ablation ?? [];
  const isMissed = (id: CauseId) => ablation.some((proof) => proof.cause === id && isProved(proof));
  const missed = parts.map(({ causes }) => causes[0]).filter(isMissed);
  if (ablation.length === 0) return new Set(parts.map(({ causes }) => causes[0]));
  const [heaviest] = parts.toSorted((a, b) => b.weight - a.weight);
  return new Set(missed.length > 0 ? missed : [heaviest.causes[0]]);
}

/** Whether the mended network agrees with the labels it was trained on. */
function learnsAll(proved: DiagnosisMaterial["proved"]): boolean {
  const runs = proved?.bestRuns?.runs ?? [];
  return (
    runs.length > 0 && mean(runs.map((run) => outcomeOf(run, "training").accuracy)) >= LEARNS_ALL
  );
}

function namedOf({
  suspect,
  because,
}: Pick<Ranked, "suspect" | "because">): Omit<NamedCause, "rank"> {
  const { weight, changes, ...cause } = suspect;
  return { ...cause, because, interventions: [...new Set(changes.map(({ id }) => id))] };
}

/** That the features do not tell the labels, and first why where it is plain: none of them varies. */
function hopelessCauses({ situation }: DiagnosisMaterial): Omit<NamedCause, "rank">[] {
  const why = situation.suspects
    .filter(({ id, certain }) => id === "constant-features" && certain)
    .map((suspect) => namedOf({ suspect, because: "certain" }));
  return [...why, noSignal(situation.learnable)];
}

function noSignal({ best, p }: LearnabilityReport): Omit<NamedCause, "rank"> {
  const tested =
    p === null ? [] : [`label-permutation test of ${best.name}: p = ${shortNumber(p, 2)}`];
  return {
    id: "no-signal",
    where: "data",
    says: "The features do not tell the labels: no architecture and no learning rate can help.",
    because: "data",
    certain: true,
    findings: [],
    evidence: [`best simple method: ${best.name}, ${percent(best.accuracy)}`, ...tested],
    against: [],
    ruledOut: [],
    interventions: [],
  };
}

/** Above it the permutation test shows nothing; between the two it may only lack rows. */
const SHOWS_NOTHING = 0.05;

/**
 * The table holds nothing that simple methods find, and the network has found nothing either. Where
 * rows are too few for the simple methods to say so, the changes that were tried must agree.
 */
function hasNoSignal({ situation, proved }: DiagnosisMaterial): boolean {
  const { learnable, judging, before } = situation;
  if (judging !== "test" || proved?.best !== undefined) return false;
  if (learnable.verdict === "no-signal") return true;
  const isTried = proved !== undefined && (learnable.p ?? 0) > SHOWS_NOTHING;
  return isTried && reachedBy(before, judging) < before.runs[0].chance.valAccuracy! + ABOVE_CHANCE;
}

/** What no mean over seeds reaches by chance. */
const ABOVE_CHANCE = 0.05;

function reachedBy({ runs }: Trace, on: JudgedOn): number {
  return mean(runs.map((run) => outcomeOf(run, on).accuracy));
}

function prescriptionOf({
  proved,
  repair,
  situation,
  spec,
}: DiagnosisMaterial): Prescription | null {
  const best = proved?.best;
  const made = [
    ...(repair?.interventions ?? []),
    ...(best === undefined ? [] : [best.arm.intervention]),
  ];
  if (made.length === 0) return null;
  const { patch, says } = joinedIntervention(made);
  const { data, model, train } = patched({ ...spec, name: BASELINE }, patch);
  const parts = best?.arm.parts.map(({ change }) => change.id) ?? [];
  const { runs } = proved?.bestRuns ?? situation.before;
  return {
    interventions: [...(repair?.interventions.map(({ id }) => id) ?? []), ...parts],
    says,
    patch,
    spec: { ...spec, data: { ...data, source: spec.data.source }, model, train } as SpecInput,
    proof: repair === undefined ? best!.proof : proofOfRepair(repair, runs, situation.judging),
    ablation: proved?.ablation ?? [],
    overSplits: proved?.overSplits ?? null,
  };
}

function outcomeFrom(
  { situation, proved }: DiagnosisMaterial,
  causes: readonly NamedCause[],
  prescription: Prescription | null,
  isHopeless: boolean,
): Outcome {
  if (isHopeless) return "no-signal";
  if (prescription !== null) {
    if (!isProved(prescription.proof)) return "unfixable";
    // Simple methods have the leaking column too: what they reach with it is no measure.
    if (prescription.proof.cause === "leaking-column") return "fixed";
    const { metric, treated } = prescription.proof;
    const after =
      metric === "loss" ? reachedBy(proved!.bestRuns!, situation.judging) : treated.mean;
    return isAsGoodAsSimple(situation, after) ? "fixed" : "helped";
  }
  if (causes.length > 0) return "unfixable";
  if (proved === undefined) return "healthy";
  const { before, judging } = situation;
  const failed = before.runs.filter((run) => outcomeOf(run, judging).failed).length;
  const works =
    2 * failed < before.runs.length && isAsGoodAsSimple(situation, reachedBy(before, judging));
  return works ? "healthy" : "unexplained";
}

/** Within what a test part can tell of the best simple method. */
const AS_GOOD = 0.05;

function isAsGoodAsSimple(
  { learnable }: DiagnosisMaterial["situation"],
  accuracy: number | null,
): boolean {
  return accuracy !== null && accuracy >= learnable.best.accuracy - AS_GOOD;
}

function dismissedCauses(
  { situation, proved }: DiagnosisMaterial,
  causes: readonly NamedCause[],
): DismissedCause[] {
  const named = new Set(causes.map(({ id }) => id));
  return situation.suspects
    .filter(({ id, findings }) => !named.has(id) && findings.length > 0)
    .map(({ id, findings, changes }) => {
      const ids = new Set(changes.map((change) => change.id));
      const leftOut = proved?.ablation.find(({ cause }) => cause === id);
      if (leftOut !== undefined) return { id, findings, why: notMissedText(leftOut) };
      const proof = proved?.proofs.find(({ intervention }) => ids.has(intervention));
      return { id, findings, why: whyNot(proof, changes.length > 0) };
    });
}

function whyNot(proof: Proof | undefined, hasChange: boolean): string {
  if (!hasChange) return "No change that a spec can make would show it.";
  if (proof === undefined) return "Its change was not tried.";
  const { intervention, verdict } = proof;
  if (isProved(proof))
    return `${intervention} helps too (${effectText(proof)}), and is not needed beside what is prescribed.`;
  const word = { "no-effect": "has no effect", harms: "harms", undecided: "shows no clear effect" };
  return `${intervention} ${word[verdict as keyof typeof word]} (${effectText(proof)}).`;
}

function notMissedText(leftOut: Proof): string {
  return `${leftOut.intervention} is prescribed with the rest, and by itself it adds nothing that is sure (${effectText(leftOut)}).`;
}

/** "+0.12, 95% 0.10 to 0.14, 16 seeds" */
export function effectText({ effect, ci95, n, metric }: Proof): string {
  if (effect === null) return "not measured";
  const [low, high] = ci95 ?? [effect, effect];
  const [size, ...ends] = intervalNumbers(effect, low, high);
  const sign = effect > 0 ? "+" : "";
  const name = metric === "balancedAccuracy" ? "balanced accuracy" : metric;
  return `${name} ${sign}${size}, 95% ${ends.join(" to ")}, ${n} ${n === 1 ? "seed" : "seeds"}`;
}

function answerText(
  material: DiagnosisMaterial,
  outcome: Outcome,
  causes: readonly NamedCause[],
  prescription: Prescription | null,
): string {
  const { situation, proved, repair } = material;
  const { before, judging, learnable } = situation;
  const outcomes = before.runs.map((run) => outcomeOf(run, judging));
  const accuracy = reachedBy(before, judging);
  const rows = judging === "test" ? "test rows" : "training rows";
  const reached =
    repair === undefined
      ? `it is right in ${percent(accuracy)} of the ${rows}`
      : `it cannot be trained, which a change of its labels or its head mends; then it is right in ${percent(accuracy)} of the ${rows}`;
  const failed = outcomes.filter((each) => each.failed).length;
  const failing =
    failed === 0
      ? ""
      : `, and in ${failed} of ${outcomes.length} seeds no better than a constant answer`;
  switch (outcome) {
    case "healthy":
      if (proved !== undefined)
        return harmlessText(material, `${reached} (${outcomes.length} seeds)`);
      return `Nothing that was looked at is wrong: ${reached} (${outcomes.length} seeds).`;
    case "no-signal":
      return `The features do not tell the labels: ${reached}, a constant answer in ${percent(before.runs[0].chance.valAccuracy ?? before.runs[0].chance.accuracy)}, and the best simple method in ${percent(learnable.best.accuracy)} of held-out rows. No architecture, no learning rate and no longer training can help; other features can.`;
    case "fixed":
    case "helped": {
      const { proof, says } = prescription!;
      const verb = outcome === "fixed" ? "fixes it" : "helps, and does not suffice";
      return `${causes[0]?.says ?? "It does badly."} As it stands ${reached}${failing}. To ${says} ${verb}: ${effectText(proof)}, on ${rowsText(proof.on)}${splitsText(prescription!)}.`;
    }
    case "unfixable":
      if (proved === undefined) {
        return `${causes[0].says} The network does as well as simple methods on these rows all the same: ${reached}${failing}.`;
      }
      return `${causes[0].says} As it stands ${reached}${failing}; of ${proved?.proofs.length ?? 0} changes that were tried none is proved to help.`;
    case "unexplained":
      return `Nothing explains it: ${reached}${failing}; ${learnable.best.name} is right in ${percent(learnable.best.accuracy)} of held-out rows. No change that was tried is proved to help.`;
  }
}

/** Of a network that does well though something about it looks odd. */
function harmlessText({ situation, proved }: DiagnosisMaterial, reached: string): string {
  const odd = situation.findings.filter(({ severity }) => severity !== "note");
  const tried = new Set(proved!.proofs.map(({ intervention }) => intervention)).size;
  const names = [...new Set(odd.map(({ id }) => id))].join(", ");
  const what =
    names === ""
      ? "Nothing that was looked at is wrong"
      : `What looks odd (${names}) costs nothing that ${tried} changes could win back`;
  return `${what}: ${reached}.`;
}

/** What other splits say, where they say something else than the split as written. */
function splitsText({ overSplits }: Prescription): string {
  if (overSplits === null) return "";
  const text = `${effectText(overSplits).replace(/seeds$/, "splits")}`;
  return isProved(overSplits)
    ? `; over other splits of the rows ${text}`
    : `; over other splits of the rows it does not hold for certain (${text})`;
}

function rowsText(on: JudgedOn): string {
  if (on === "test") return "the untouched test part";
  return on === "validation" ? "held-out folds" : "the training rows, for lack of a test part";
}
