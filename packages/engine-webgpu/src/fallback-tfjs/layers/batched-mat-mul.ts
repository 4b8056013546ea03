// Products over the model axis in which no network sees another's numbers.
//
// tfjs-webgpu's matMul (4.22, matmul_packed_webgpu.ts) reads the second matrix past its inner
// dimension, into the matrix of the next network, and relies on the zeros that it put in the first:
// harmless until the next network diverges, because 0 * NaN is NaN. So on that backend the second
// matrix is made finite first, and what was not finite is remembered by `withNonFiniteOf`.

import {
  add,
  getBackend,
  isFinite as isFiniteTensor,
  matMul,
  mul,
  reshape,
  sum,
  type Tensor,
  where,
  zerosLike,
} from "@tensorflow/tfjs-core";

/** (models, rows, inner) by (models, inner, columns), either of them transposed. */
export function batchedMatMul(
  a: Tensor,
  b: Tensor,
  transposeA = false,
  transposeB = false,
): Tensor {
  return matMul(a, readsPastTheEnd() ? finitePart(b) : b, transposeA, transposeB);
}

/**
 * `target`, (models, ...), made NaN for networks that have a number in `values` that is not finite,
 * where products do not carry it through by themselves. A layer with a bias needs it nowhere: the
 * gradient of the bias is a plain sum.
 */
export function withNonFiniteOf(values: Tensor, target: Tensor): Tensor {
  if (!readsPastTheEnd()) return target;
  const trace = sum(mul(values, 0), values.shape.map((_, axis) => axis).slice(1));
  return add(target, reshape(trace, [trace.size, ...target.shape.slice(1).fill(1)]));
}

function finitePart(values: Tensor): Tensor {
  return where(isFiniteTensor(values), values, zerosLike(values));
}

function readsPastTheEnd(): boolean {
  return getBackend() === "webgpu";
}
