// What an engine shows of a network in training, so that probes can look. Views hold until the next
// call of the network.

import type { ActivationTensors } from "./layer-signals.ts";
import type { Matrix, Numbers } from "./matrix.ts";

export interface ProbedNetwork {
  /** Flat in the order of `network.layout`; gradients as the last `backward` or clipping left them. */
  viewParameters(): Numbers;
  viewGradients(): Numbers;
  /** The sum of squares of the gradients of all trainable parameters. */
  gradientSquares(): number;
  /** Of the batch last evaluated: (rows, inputs), and the answers (rows, units). */
  viewInputs(rows: number): Matrix;
  viewOutputs(rows: number): Matrix;
  viewLabels(rows: number): Numbers;
  viewActivation(layer: number, rows: number): ActivationTensors;
  /** Of a kernel's elements: how many have no gradient when penalties are left aside. */
  zeroGradientShare(layer: number, rows: number): number;
}
