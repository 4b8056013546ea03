// The diagnosis as data: which causes are named, what is prescribed, what it comes to, and the answer
// in one paragraph. What was suspected and is not named is dismissed, with the reason.

import { joinedIntervention } from "../causes/change.ts";
import { withRepair } from "../causes/repair.ts";
import { proofOfRepair } from "../prove/proof-of-repair.ts";
import { BASELINE, patched } from "../spec/resolve-variants.ts";
import type { SpecInput, Variant } from "../spec/spec.ts";
import { answerText, dismissedCauses } from "./answer-text.ts";
import type { DiagnosisMaterial } from "./diagnosis-material.ts";
import { hasNoSignal, outcomeFrom } from "./diagnosis-outcome.ts";
import type { DiagnosisReport, Prescription } from "./diagnosis-report.ts";
import { hopelessCauses, namedCauses } from "./named-causes.ts";

export function diagnosisReport(material: DiagnosisMaterial): DiagnosisReport {
  const { situation, diagnosed, range, proved, modelSteps } = material;
  const isHopeless = hasNoSignal(material);
  const causes = isHopeless ? hopelessCauses(material) : namedCauses(material);
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

function prescriptionOf({
  proved,
  repair,
  situation,
  spec,
}: DiagnosisMaterial): Prescription | null {
  const best = proved?.best;
  const made = withRepair(repair, best?.arm.intervention);
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

function rateOf({ train }: Variant): number | null {
  return typeof train.learningRate === "number" ? train.learningRate : null;
}
