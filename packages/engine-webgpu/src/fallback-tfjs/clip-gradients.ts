// Gradient clipping. Keras allows one kind at a time; where a plan names several, the first of
// Keras's order counts: by each tensor's norm, by the global norm, by value.

import type { Hyper, ParameterTensor } from "@convergence-lab/core";
import {
  add,
  concat,
  div,
  maximum,
  minimum,
  mul,
  neg,
  slice,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
} from "@tensorflow/tfjs-core";
import { perNetwork } from "./per-network.ts";

/** Gradients of all trainable parameters, (models, size), clipped for each network as it asks. */
export type Clip = (gradients: Tensor) => Tensor;

/** @param tensors The trainable tensors, in the order in which they fill a network's gradients. */
export function gradientClipping(
  hypers: readonly Hyper[],
  tensors: readonly ParameterTensor[],
): Clip {
  const kinds = hypers.map(({ clipNorm = 0, globalClipNorm = 0, clipValue = 0 }) =>
    clipNorm > 0
      ? { norm: clipNorm, globalNorm: 0, value: 0 }
      : globalClipNorm > 0
        ? { norm: 0, globalNorm: globalClipNorm, value: 0 }
        : { norm: 0, globalNorm: 0, value: clipValue },
  );
  const limits = (kind: "norm" | "globalNorm" | "value") => {
    const values = kinds.map((limit) => limit[kind]);
    return values.some((limit) => limit > 0) ? values : null;
  };
  const [norms, globalNorms, values] = [limits("norm"), limits("globalNorm"), limits("value")];
  return (gradients) => {
    const models = gradients.shape[0];
    let clipped = gradients;
    if (norms !== null) {
      const parts = tensors.map(({ offset, size }) =>
        scaledToNorm(slice(clipped, [0, offset], [models, size]), norms),
      );
      clipped = parts.length === 1 ? parts[0] : concat(parts, 1);
    }
    if (globalNorms !== null) clipped = scaledToNorm(clipped, globalNorms);
    if (values !== null) {
      const most = perNetwork(values.map((limit) => limit || LARGEST));
      clipped = minimum(maximum(clipped, neg(most)), most);
    }
    return clipped;
  };
}

/** The largest float32: a limit for networks that have none. */
const LARGEST = 3.4028234663852886e38;

/** Rows scaled down to a Euclidean norm if they are longer; a limit of 0 is none. */
function scaledToNorm(rows: Tensor, limits: readonly number[]): Tensor {
  const limit = perNetwork(limits.map((value) => value || 1));
  const scale = div(limit, maximum(sqrt(sum(square(rows), 1, true)), limit));
  if (limits.every((value) => value > 0)) return mul(rows, scale);
  const isLimited = perNetwork(limits.map((value) => (value > 0 ? 1 : 0)));
  return mul(rows, add(mul(sub(scale, 1), isLimited), 1));
}
