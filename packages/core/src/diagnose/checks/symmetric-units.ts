// symmetric-units: hidden units that are copies of each other. They compute the same, receive the
// same gradient and stay copies, so that a layer of many has the capacity of a few.

import { placesText } from "../../lint/blocks.ts";
import { changeLayers } from "../../lint/interventions.ts";
import { layerSeries } from "../../trace/signals.ts";
import type { TraceRun } from "../../trace/trace.ts";
import type { Check } from "../check.ts";
import { isUsual, seedsText, seenAt } from "../over-seeds.ts";

/** Copies of random weights do not happen by chance: one in 2^24 for a single pair of weights. */
const MAX_COPIED_SHARE = 0;

export const symmetricUnits: Check = {
  id: "symmetric-units",
  title: "Hidden units that are copies of each other",
  reads: ["distinctUnits"],
  examine({ variant, runs, blocks }) {
    const hidden = blocks.slice(0, -1).map((_, layer) => layer);
    const distinct = (run: TraceRun, layer: number) =>
      layerSeries(run, "distinctUnits", layer)?.values.at(-1);
    const seen = seenAt(runs, (run) => {
      if (hidden.every((layer) => distinct(run, layer) === undefined)) return undefined;
      return hidden.filter((layer) => {
        const { units } = blocks[layer].layer;
        return 1 - (distinct(run, layer) ?? units) / units > MAX_COPIED_SHARE;
      });
    });
    if (!isUsual(seen)) return [];
    const [first] = seen.layers;
    const { units } = blocks[first].layer;
    const fewest = Math.min(...seen.runs.map((run) => distinct(run, first)!));
    const places = seen.layers.map((layer) => blocks[layer].index);
    return [
      {
        severity: fewest === 1 ? "error" : "warning",
        where: placesText(places),
        says: `Layer ${first + 1} has ${units} units of which ${fewest} differ; the others are copies and stay so, ${seedsText(seen)}.`,
        evidence: [`distinct units at the last probe: ${fewest} of ${units}`],
        interventions: [
          changeLayers(
            variant,
            { id: "random-weights", says: "start from glorotUniform" },
            (layer, i) =>
              places.includes(i) ? { ...layer, kernelInitializer: "glorotUniform" } : layer,
          ),
        ],
      },
    ];
  },
};
