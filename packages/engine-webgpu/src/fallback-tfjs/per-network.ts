// Hyper-parameters as tensors: one number per network, in the shape in which it meets a tensor
// whose first axis is the model.

import { scalar, type Tensor, tensor } from "@tensorflow/tfjs-core";

/**
 * (models, 1, ...) of the given rank; a scalar when all networks have the same number, because
 * tfjs-cpu walks broadcast tensors index by index.
 */
export function perNetwork(values: readonly number[], rank = 2): Tensor {
  if (values.every((value) => value === values[0])) return scalar(values[0]);
  return tensor(Float32Array.from(values), [values.length, ...Array(rank - 1).fill(1)]);
}
