// exploding-gradients: going back from the output layer the gradient grows, or it grows from step to
// step, until a step throws the weights away.
//
// Large is relative: raw columns of size 1000 give gradients of size 1000 and are no explosion. What
// counts is growth from layer to layer or in time, in networks that do not get on.

import { placesText } from "../../lint/blocks.ts";
import { clipGradients } from "../../lint/interventions.ts";
import { shortNumber } from "../../shared/number-text.ts";
import { gradientRatios } from "../../trace/derived/layers.ts";
import { latestMedian } from "../../trace/derived/series.ts";
import { type LayerSeries, seriesByLayer } from "../../trace/signals.ts";
import type { TraceRun } from "../../trace/trace.ts";
import type { Check } from "../check.ts";
import { hasLearned } from "../learned.ts";
import { isUsual, seedsText, seenAt } from "../over-seeds.ts";

const WINDOW = 8;

interface Growth {
  /** Per layer; undefined where it was not measured. */
  readonly of: (run: TraceRun) => LayerSeries[] | undefined;
  readonly limit: number;
  readonly says: (times: string, layer: string) => string;
}

const GROWTHS: readonly Growth[] = [
  {
    of: gradientRatios,
    // AUTOTRAINER's limit (Zhang et al., ICSE 2021). Healthy deep networks reach 62
    // (bench/results/checks-over-cases.md), which is why one that learns is never named for it.
    limit: 70,
    says: (times, layer) => `The gradient of ${layer} is ${times} times the output layer's`,
  },
  {
    of: (run) =>
      seriesByLayer(run, "gradientNorm")?.map((series) => ({
        ...series,
        values: series.values.map((value) => value / series.values[0]),
      })),
    // In healthy networks gradients grow up to 69-fold (the same table).
    limit: 1000,
    says: (times, layer) => `The gradient of ${layer} has grown ${times}-fold since the first step`,
  },
];

export const explodingGradients: Check = {
  id: "exploding-gradients",
  title: "Gradients grow from layer to layer or from step to step",
  reads: ["gradientNorm"],
  examine({ runs, blocks }) {
    return GROWTHS.flatMap(({ of, limit, says }) => {
      const large = new Map(runs.map((run) => [run, latestAbove(of(run), limit)]));
      const seen = seenAt(runs, (run) => {
        const layers = large.get(run)?.map(({ layer }) => layer);
        return layers && hasLearned(run) ? [] : layers;
      });
      if (!isUsual(seen)) return [];
      const [first] = seen.layers;
      const ofFirst = seen.runs.flatMap((run) =>
        large.get(run)!.flatMap(({ layer, value }) => (layer === first ? [value] : [])),
      );
      const times = shortNumber(Math.max(...ofFirst));
      return [
        {
          severity: "warning",
          where: placesText(seen.layers.map((layer) => blocks[layer].index)),
          says: `${says(times, `layer ${first + 1} of ${blocks.length}`)}, and the loss has not fallen, ${seedsText(seen)}.`,
          evidence: [`up to ${times}, median of the last ${WINDOW} probes (limit ${limit})`],
          interventions: [clipGradients()],
        },
      ];
    });
  },
};

function latestAbove(series: LayerSeries[] | undefined, limit: number) {
  return series?.flatMap(({ layer, values }) => {
    const value = latestMedian(values, WINDOW);
    return value !== undefined && value > limit ? [{ layer, value }] : [];
  });
}
