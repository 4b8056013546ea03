// vanishing-gradients: on its way from the output layer to the first ones the gradient becomes so
// small that those layers stand still, while the last one has something to learn.
//
// A layer behind dead units gets none either; that is `dead-units`, and is not counted here.

import { placesText } from "../../lint/blocks.ts";
import { reluHe } from "../../lint/interventions.ts";
import { shortNumber } from "../../shared/number-text.ts";
import { gradientRatios } from "../../trace/derived/layers.ts";
import { holdsSince, latestMedian, trailingMedian } from "../../trace/derived/series.ts";
import type { TraceRun } from "../../trace/trace.ts";
import type { Check } from "../check.ts";
import { severityOf } from "../learned.ts";
import { isUsual, seedsText, seenAt } from "../over-seeds.ts";
import { isCut } from "./dead-units.ts";

/**
 * A layer's gradient over the output layer's: AUTOTRAINER's beta_1 (Zhang et al., ICSE 2021). Healthy
 * networks have 0.27 and more, named ones 6.6e-4 and less (bench/results/checks-over-cases.md).
 */
const MIN_RATIO = 1e-3;
/** Probes: an eighth of a run at the usual 64. */
const WINDOW = 8;

export const vanishingGradients: Check = {
  id: "vanishing-gradients",
  title: "Gradients vanish on their way to the first layers",
  reads: ["gradientNorm", "deadShare"],
  examine(subject) {
    const { variant, runs, blocks } = subject;
    const seen = seenAt(runs, (run) => {
      const ratios = gradientRatios(run);
      if (ratios === undefined) return undefined;
      if (isCut(run, subject)) return [];
      return ratios.flatMap(({ layer, values }) => {
        const latest = latestMedian(values, WINDOW);
        // Exactly 0 is cut off, by dead units or by a head without a gradient.
        return latest !== undefined && latest > 0 && latest < MIN_RATIO ? [layer] : [];
      });
    });
    if (!isUsual(seen)) return [];
    const [first] = seen.layers;
    const ratioOf = (run: TraceRun) => gradientRatios(run)!.find(({ layer }) => layer === first)!;
    const worst = seen.runs.map((run) => latestMedian(ratioOf(run).values, WINDOW)!);
    const since = seen.runs.map((run) => {
      const { values, everySteps } = ratioOf(run);
      const isSmall = (value: number) => value < MIN_RATIO;
      return (
        (holdsSince(trailingMedian(values, WINDOW), isSmall) ?? values.length - 1) * everySteps
      );
    });
    const start = Math.min(...since);
    const smallest = Math.min(...worst);
    return [
      {
        severity: severityOf(seen),
        where: placesText(seen.layers.map((layer) => blocks[layer].index)),
        says: `Of the output layer's gradient ${shortNumber(smallest)} arrives at layer ${first + 1} of ${blocks.length}, ${start === 0 ? "from the first step" : `since step ${start}`}, ${seedsText(seen)}.`,
        evidence: [
          `gradient of layer ${first + 1} over the last one's, median of the last ${WINDOW} probes: ${shortNumber(smallest)} at the least (limit ${MIN_RATIO})`,
        ],
        ruledOut: ["dead units: in no layer are all of them off"],
        interventions: [reluHe(variant)],
      },
    ];
  },
};
