// large-updates: single steps that are as large as the weights that they change. What was learned
// before such a step is gone after it.

import { placesText } from "../../lint/blocks.ts";
import { scaleLearningRate } from "../../lint/interventions.ts";
import { shortNumber } from "../../shared/number-text.ts";
import { updateRatios } from "../../trace/derived/layers.ts";
import type { TraceRun } from "../../trace/trace.ts";
import type { Check } from "../check.ts";
import { isUsual, seedsText, seenAt } from "../over-seeds.ts";

/**
 * The largest probed update over weight. DeepDiagnosis and TheDeepChecker say 0.1, which healthy
 * networks pass in their first step: they come to 1.01, where a layer is one weight.
 * Those that are
 * named have 1.8 and more (bench/results/checks-over-cases.md).
 */
const MAX_RATIO = 1.5;

export const largeUpdates: Check = {
  id: "large-updates",
  title: "Steps as large as the weights",
  reads: ["updateNorm", "weightNorm"],
  examine({ variant, runs, blocks }) {
    const seen = seenAt(runs, (run) =>
      updateRatios(run)?.flatMap((series) =>
        largest(series.values) > MAX_RATIO ? [series.layer] : [],
      ),
    );
    if (!isUsual(seen)) return [];
    const ratioOf = (run: TraceRun) =>
      Math.max(...updateRatios(run)!.map(({ values }) => largest(values)));
    const most = Math.max(...seen.runs.map(ratioOf));
    return [
      {
        severity: "warning",
        where: placesText(seen.layers.map((layer) => blocks[layer].index)),
        says: `A single step changes a layer by up to ${shortNumber(most)} times its size, ${seedsText(seen)}.`,
        evidence: [
          `update over weight, the largest of all probes: up to ${shortNumber(most)} (limit ${MAX_RATIO})`,
        ],
        interventions: [scaleLearningRate(variant, 0.1)],
      },
    ];
  },
};

/** Weights that are 0 have no size to compare with. */
function largest(values: Float32Array): number {
  return Math.max(0, ...values.filter(Number.isFinite));
}
