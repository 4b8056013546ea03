// tiny-updates: all steps of the training together cannot have carried the weights away from where
// they started, and the network has not learned. The learning rate is too low for the epochs, or
// nothing pulls.

import { scaleLearningRate } from "../../lint/interventions.ts";
import { shortNumber } from "../../shared/number-text.ts";
import { median } from "../../shared/statistics.ts";
import { updateRatios } from "../../trace/derived/layers.ts";
import type { TraceRun } from "../../trace/trace.ts";
import type { Check } from "../check.ts";
import { hasLearned } from "../learned.ts";
import { isUsual, seedsText, seenIn } from "../over-seeds.ts";
import { isCut } from "./dead-units.ts";

/**
 * The usual update over weight times the steps: the farthest that a layer can have come, in units of
 * its own size. Healthy networks come to 0.15 and more, those at a millionth of a rate to 0.01
 * (bench/results/checks-over-cases.md).
 */
const MIN_PATH = 0.1;
/** DeepDiagnosis's range for a ratio is 1e-5 to 1e-1 (ICSE 2022); about 1e-3 is healthy. */
const USUAL_RATIO = 1e-3;

export const tinyUpdates: Check = {
  id: "tiny-updates",
  title: "Steps too small to get anywhere",
  reads: ["updateNorm", "weightNorm", "deadShare"],
  examine(subject) {
    const { variant, runs } = subject;
    const seen = seenIn(runs, (run) => {
      const path = pathOf(run);
      if (path === undefined) return undefined;
      return path < MIN_PATH && !hasLearned(run) && !isCut(run, subject);
    });
    if (!isUsual(seen)) return [];
    const path = median(seen.runs.map((run) => pathOf(run)!));
    const ratio = path / median(seen.runs.map(({ steps }) => steps));
    const factor = 10 ** Math.round(Math.log10(USUAL_RATIO / Math.max(ratio, 1e-8)));
    const stands = path === 0;
    return [
      {
        severity: "warning",
        where: "train.learningRate",
        says: stands
          ? `No step moves any weight: the gradient is 0 or the rate is, ${seedsText(seen)}.`
          : `All steps together move the weights by at most ${shortNumber(path)} of their size, ${seedsText(seen)}.`,
        evidence: [
          `update over weight in a usual step ${shortNumber(ratio)} (about ${USUAL_RATIO} is healthy)`,
          `times the steps ${shortNumber(path)} (limit ${MIN_PATH})`,
        ],
        ruledOut: ["dead units: in no layer are all of them off"],
        interventions: stands || factor <= 1 ? [] : [scaleLearningRate(variant, factor)],
      },
    ];
  },
};

/** Of the layer that moves most. */
export function pathOf(run: TraceRun): number | undefined {
  const ratios = updateRatios(run)?.map(({ values }) =>
    median([...values.filter(Number.isFinite)]),
  );
  const known = ratios?.filter(Number.isFinite);
  return known?.length ? Math.max(...known) * run.steps : undefined;
}
