// non-finite: a number became NaN or infinite, and where it did first. Everything after it is NaN too,
// so that only the first one says something.

import { placeOf } from "../../lint/blocks.ts";
import type { Intervention } from "../../lint/finding.ts";
import {
  clipGradients,
  preprocessFirst,
  reluHe,
  scaleLearningRate,
} from "../../lint/interventions.ts";
import { median } from "../../shared/statistics.ts";
import type { Variant } from "../../spec/spec.ts";
import { firstNonFinite } from "../../trace/signals.ts";
import type { NonFinite } from "../../trace/trace-event.ts";
import type { Check } from "../check.ts";
import { seedsText, seenIn } from "../over-seeds.ts";

const TENSORS: Record<NonFinite["tensor"], string> = {
  inputs: "in the inputs",
  activations: "in the activations of layer",
  loss: "in the loss",
  gradients: "in the gradient of layer",
  parameters: "in the weights of layer",
};

export const nonFinite: Check = {
  id: "non-finite",
  title: "Numbers that are not finite, and where they began",
  reads: ["firstNonFinite"],
  examine({ variant, runs, blocks }) {
    // One seed in which numbers break is one too many: no check of a share here.
    const broken = seenIn(runs, (run) => {
      const first = firstNonFinite(run);
      return first === undefined ? undefined : first !== null;
    });
    if (broken.runs.length === 0) return [];
    const firsts = broken.runs.map((run) => firstNonFinite(run)!);
    const counts = new Map<string, NonFinite[]>();
    for (const first of firsts) {
      const key = `${first.tensor} ${first.layer ?? ""}`;
      counts.set(key, [...(counts.get(key) ?? []), first]);
    }
    const [most] = [...counts.values()].sort((a, b) => b.length - a.length);
    const { tensor, layer } = most[0];
    const step = Math.round(median(most.map((each) => each.step)));
    const at = layer === undefined ? "" : ` ${layer + 1} of ${blocks.length}`;
    return [
      {
        severity: "error",
        where: layer === undefined ? "train" : placeOf(blocks[layer].index),
        says: `Numbers stop being finite at ${step === 0 ? "the first step, before any update" : `about step ${step}`}, first ${TENSORS[tensor]}${at}, ${seedsText(broken)}.`,
        evidence: [...counts.values()].map(
          ([each, ...others]) =>
            `${1 + others.length} of ${firsts.length}: first ${TENSORS[each.tensor]}${each.layer === undefined ? "" : ` ${each.layer + 1}`}`,
        ),
        ruledOut:
          tensor === "inputs"
            ? []
            : [
                "missing values: the inputs are finite",
                ...(step === 0 ? ["the learning rate: no step had been taken"] : []),
              ],
        interventions: interventionsFor(tensor, step, variant),
      },
    ];
  },
};

/** Before the first update only the network itself can be at fault: it overflows as it stands. */
function interventionsFor(
  tensor: NonFinite["tensor"],
  step: number,
  variant: Variant,
): Intervention[] {
  if (tensor === "inputs") {
    const says = "fill in each column's median over the training part";
    return [preprocessFirst(variant, ["imputeMedian"], { id: "impute-median", says })];
  }
  return step === 0 ? [reluHe(variant)] : [scaleLearningRate(variant, 0.1), clipGradients()];
}
