// constant-output: the network answers the same whatever it is asked. Something in it is cut, dead,
// or a softmax over one unit; what it answers may still move, so that the loss curve looks alive.

import { placeOf } from "../../lint/blocks.ts";
import { layerSeries } from "../../trace/signals.ts";
import type { Check } from "../check.ts";
import { isUsual, seedsText, seenIn } from "../over-seeds.ts";

/** In all of so many batches at the end. */
const WINDOW = 8;

export const constantOutput: Check = {
  id: "constant-output",
  title: "One answer for every input",
  reads: ["distinctOutputs"],
  examine({ variant, runs, blocks }) {
    const constant = seenIn(runs, (run) => {
      const values = layerSeries(run, "distinctOutputs", -1)?.values;
      // A batch of one has one answer.
      if (values === undefined || variant.train.batchSize === 1) return undefined;
      return values.length > 0 && values.slice(-WINDOW).every((count) => count === 1);
    });
    if (!isUsual(constant)) return [];
    return [
      {
        severity: "error",
        where: placeOf(blocks[blocks.length - 1].index),
        says: `At the end the network gives one answer for every input, ${seedsText(constant)}.`,
        evidence: [
          `different outputs among the samples of a batch: 1 in each of the last ${WINDOW} probes`,
        ],
      },
    ];
  },
};
