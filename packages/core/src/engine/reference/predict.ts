// The answers of a network to rows, by the reference's forward pass in inference mode.

import type { Hyper, Network } from "../../compile/plan.ts";
import type { Precision } from "./tensor.ts";
import { TrainStep } from "./train-step.ts";

/** Rows that are looked at together. */
const BATCH = 256;

/**
 * (rows, outputs), row-major: what Keras's `predict` gives.
 *
 * @param parameters Flat, in the order of the network's layout.
 * @param x (rows, inputs), row-major.
 */
export function predict(
  { network, hyper }: { readonly network: Network; readonly hyper: Hyper },
  parameters: Float32Array | Float64Array,
  x: Float32Array,
  precision: Precision = "float32",
): Float32Array {
  const { inputs } = network;
  const rows = x.length / inputs;
  const step = new TrainStep({ network, hyper, trainingSeed: 0 }, BATCH, parameters, precision);
  const last = step.blocks[step.blocks.length - 1];
  const outputs = new Float32Array(rows * last.units);
  for (let first = 0; first < rows; first += BATCH) {
    const batch = Math.min(BATCH, rows - first);
    step.inputs.set(x.subarray(first * inputs, (first + batch) * inputs));
    step.evaluate(batch, "inference");
    outputs.set(last.output.subarray(0, batch * last.units), first * last.units);
  }
  return outputs;
}
