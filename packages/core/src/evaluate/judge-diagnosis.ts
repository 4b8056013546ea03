// What a diagnosis says, tried: its prescription and the change of each cause that it names on seeds
// that it has not seen, and where it claims to improve what is not broken, on such rows.

import type { CauseId } from "../causes/cause.ts";
import type { DiagnosisReport, NamedCause } from "../report/diagnosis-report.ts";
import type { Report } from "../report/report.ts";
import { mean } from "../shared/statistics.ts";
import type { SpecPatch } from "../spec/resolve-variants.ts";
import type { BenchmarkCase } from "./benchmark-case.ts";
import type { CaseScore, ClaimScore } from "./case-score.ts";
import { changeWords } from "./change-words.ts";
import { checkCase } from "./check-case.ts";
import { type Judge, judgedArms, judgedRows, type TrainedArms } from "./judged-arms.ts";
import { comparison, isBetter, kindOf, scoreCase, yardstickOf } from "./score-case.ts";
import { patchedVariant, readSpec, type TrainedArm } from "./train-arms.ts";

export interface JudgedReport extends Pick<Report, "proofs"> {
  readonly diagnosis: DiagnosisReport;
}

/** Fresh draws of the data on which an improvement of a healthy network must be there again. */
const FRESH_DRAWS = 8;
const SEEDS_PER_DRAW = 4;

/** @param source the spec that was diagnosed. */
export async function judgeDiagnosis(
  subject: BenchmarkCase,
  report: JudgedReport,
  source: unknown,
  judge: Judge,
  seeds: number,
): Promise<Omit<CaseScore, "seconds" | "status" | "reason">> {
  const { prescription } = report.diagnosis;
  const patches = patchesOfCauses(report);
  const arms = await judgedArms(
    subject,
    {
      asIs: {},
      ...(prescription === null ? {} : { prescribed: prescription.patch }),
      ...Object.fromEntries([...patches].map(([cause, patch]) => [armOf(cause), patch])),
    },
    judge,
    { seeds },
  );
  const known = await checkCase(subject, arms.asIs, judge, seeds);
  const yardstick = yardstickOf(known);
  const values = (arm: TrainedArm | undefined) =>
    arm === undefined ? null : yardstick === "valLoss" ? arm.loss : arm.accuracy;
  const ofCause = [...patches.keys()].flatMap((cause) => {
    const arm = values(arms[armOf(cause)]);
    return arm === null ? [] : [[cause, arm] as const];
  });
  return scoreCase(known, report.diagnosis, {
    asIs: values(arms.asIs)!,
    prescribed: values(arms.prescribed),
    ofCause: Object.fromEntries(ofCause),
    ablated: ablatedCauses(report.diagnosis),
    words: wordsOfCauses(source, report),
    withFix: known.checked?.withFix?.[yardstick]?.[0] ?? null,
    claim:
      prescription === null || arms.prescribed === undefined
        ? null
        : await scoreClaim(known, prescription, arms, judge, seeds),
  });
}

function armOf(cause: CauseId): string {
  return `cause:${cause}`;
}

/** Of each named cause, the change by itself that its proofs say is best. */
function patchesOfCauses({ diagnosis, proofs }: JudgedReport): Map<CauseId, SpecPatch> {
  const patches = new Map<CauseId, SpecPatch>();
  for (const cause of diagnosis.causes) {
    const [best] = provedFor(cause, proofs).sort((a, b) => (b.effect ?? 0) - (a.effect ?? 0));
    if (best !== undefined) patches.set(cause.id, best.patch);
  }
  return patches;
}

/** Proofs of single changes that were tried for a cause, where they say that it helps. */
function provedFor({ id, interventions }: NamedCause, proofs: Report["proofs"]) {
  return proofs.filter(
    ({ cause, intervention, verdict }) =>
      (verdict === "fixes" || verdict === "helps") &&
      (cause === id || interventions.includes(intervention)) &&
      !intervention.includes(" + "),
  );
}

/** Of causes whose change is a part of the prescription, what leaving it out costs for sure. */
function ablatedCauses({ causes, prescription }: DiagnosisReport) {
  const parts = (prescription?.ablation ?? []).filter(
    ({ verdict }) => verdict === "fixes" || verdict === "helps",
  );
  return Object.fromEntries(
    causes.flatMap(({ id, interventions }) => {
      const part = parts.find(
        ({ cause, intervention }) => cause === id || interventions.includes(intervention),
      );
      return part?.effect == null ? [] : [[id, part.effect]];
    }),
  );
}

/** The words of the changes that were proved for each cause. */
function wordsOfCauses(source: unknown, { diagnosis, proofs }: JudgedReport) {
  const spec = readSpec(source);
  const before = patchedVariant(spec, {});
  const words = ({ patch }: { patch: SpecPatch }) => {
    const after = patchedVariant(spec, patch);
    return before && after ? changeWords(before, after) : [];
  };
  return Object.fromEntries(
    diagnosis.causes.map((cause) => [cause.id, provedFor(cause, proofs).flatMap(words)]),
  );
}

/** Whether the improvement is there, in accuracy or in what it was claimed of. */
async function scoreClaim(
  known: BenchmarkCase,
  { patch, proof: { metric, on: claimedOn } }: NonNullable<DiagnosisReport["prescription"]>,
  judged: TrainedArms,
  judge: Judge,
  seeds: number,
): Promise<ClaimScore> {
  // A claim about the test part is tried there, also where the case's yardstick is the training.
  const isElsewhere = claimedOn === "test" && judgedRows(known) === "training";
  const both = { asIs: {}, prescribed: patch };
  const arms = isElsewhere
    ? await judgedArms(known, both, judge, { seeds, judgedOn: "test" })
    : judged;
  const compare = (on: ClaimScore["on"]) => comparison(arms.asIs[on], arms.prescribed[on], on);
  const on = isBetter(compare("accuracy")) ? "accuracy" : metric;
  const compared = compare(on);
  const isHealthy = ["control", "ambiguous"].includes(kindOf(known));
  const freshData =
    isHealthy && on === "accuracy" ? await gainOnFreshData(known, patch, judge) : null;
  const holds = isBetter(compared) && (freshData === null || freshData > 0);
  return { holds, on, ...compared, freshData };
}

/** Mean difference over draws of the data that nobody has seen; of a table, over other splits. */
async function gainOnFreshData(
  subject: BenchmarkCase,
  patch: SpecPatch,
  judge: Judge,
): Promise<number> {
  const gains: number[] = [];
  for (let offset = 1; offset <= FRESH_DRAWS; offset++) {
    const { asIs, prescribed } = await judgedArms(subject, { asIs: {}, prescribed: patch }, judge, {
      seeds: SEEDS_PER_DRAW,
      offset,
    });
    gains.push(mean(prescribed.accuracy) - mean(asIs.accuracy));
  }
  return mean(gains);
}
