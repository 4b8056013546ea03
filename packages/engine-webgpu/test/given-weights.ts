// A plan whose networks start from given weights, all but one tensor, which is drawn.

import { type Dataset, type Plan, uniformAt } from "@convergence-lab/core";
import { smallPlan } from "./small-plan.ts";

export function givenWeightsPlan(): [Plan, Dataset[]] {
  const [plan, datasets] = smallPlan({
    layers: [
      { units: 5, activation: "tanh" },
      { type: "batchNormalization" },
      { units: 1, activation: "sigmoid" },
    ],
  });
  const runs = plan.runs.map((run) => {
    const { tensors, size } = plan.buckets[run.bucket].network.layout;
    const initialWeights = Float32Array.from({ length: size }, (_, i) => 0.1 + uniformAt(7, 0, i));
    const { offset, size: drawn } = tensors.at(2)!;
    initialWeights.fill(Number.NaN, offset, offset + drawn);
    return { ...run, hyper: { ...run.hyper, initialWeights } };
  });
  return [{ ...plan, runs }, datasets];
}
