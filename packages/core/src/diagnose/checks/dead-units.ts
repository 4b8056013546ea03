// dead-units: hidden units on the flat part of their activation for every sample of a batch.
//
// A relu unit that never fires receives no gradient and does not come back by itself. A few are
// normal; a layer in which most are dead has lost its capacity. On the loss curve this looks like
// vanishing gradients; the activations tell the two apart, and they are what this check reads.

import { placeOf } from "../../lint/blocks.ts";
import { changeLayers, withActivation } from "../../lint/interventions.ts";
import { percent } from "../../shared/number-text.ts";
import { headOf } from "../../spec/head.ts";
import { latestMedian } from "../../trace/derived/series.ts";
import { layerSeries } from "../../trace/signals.ts";
import type { Check } from "../check.ts";
import { isUsual, seedsText, seenIn } from "../over-seeds.ts";

/** TheDeepChecker and SageMaker Debugger both call a layer dead at half of its units. */
const MAX_DEAD_SHARE = 0.5;
/** A unit dead in one batch may fire in the next; the median of so many probes does not care. */
const WINDOW = 8;

export const deadUnits: Check = {
  id: "dead-units",
  title: "Hidden units that never fire",
  reads: ["deadShare"],
  examine({ variant, runs, blocks }) {
    return blocks.slice(0, -1).flatMap((block, layer) => {
      const shareOf = (run: (typeof runs)[number]) => {
        const series = layerSeries(run, "deadShare", layer);
        return series && latestMedian(series.values, WINDOW);
      };
      const dead = seenIn(runs, (run) => {
        const share = shareOf(run);
        return share === undefined ? undefined : share > MAX_DEAD_SHARE;
      });
      if (dead.of === 0 || !isUsual(dead)) return [];
      const largest = Math.max(...dead.runs.map((run) => shareOf(run)!));
      return [
        {
          severity: "warning",
          where: placeOf(block.index),
          says: `Up to ${percent(largest)} of the units never fire, ${seedsText(dead)}.`,
          evidence: [
            `dead share, median of the last ${WINDOW} probes: up to ${percent(largest)} (limit ${percent(MAX_DEAD_SHARE)})`,
          ],
          interventions: [
            changeLayers(
              variant,
              { id: "leaky-relu", says: "let hidden units pass a little where they are off" },
              (layer, i) =>
                i < headOf(variant.model).index ? withActivation(layer, "leakyReLU") : layer,
            ),
          ],
        },
      ];
    });
  },
};
