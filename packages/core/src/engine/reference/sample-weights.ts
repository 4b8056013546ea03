// What each sample of a batch weighs in the loss.

import type { Hyper, Network } from "../../compile/plan.ts";
import type { Pass } from "./stage.ts";
import type { Tensor } from "./tensor.ts";

/**
 * A sample's own weight times that of its class, which counts in training only, as Keras's
 * `class_weight` does: written to `weights` (batch). Null where every sample weighs 1.
 *
 * @param own The samples' own weights; read where the network says that there are some.
 */
export function sampleWeights(
  { sampleWeight = false }: Pick<Network, "sampleWeight">,
  { classWeight }: Pick<Hyper, "classWeight">,
  mode: Pass["mode"],
  batch: number,
  labels: Tensor,
  own: Tensor,
  weights: Tensor,
): Tensor | null {
  const ofClasses = mode === "training" ? classWeight : undefined;
  if (ofClasses === undefined && !sampleWeight) return null;
  for (let b = 0; b < batch; b++) {
    weights[b] = (ofClasses?.[labels[b]] ?? 1) * (sampleWeight ? own[b] : 1);
  }
  return weights;
}
