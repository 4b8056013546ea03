// Networks for tests of what needs no device.

import type { Activation, Network, OptimizerKind } from "@convergence-lab/core";
import { kernelFeatures } from "../src/kernels/train-population/kernel-shape.ts";
import { smallPlan } from "./small-plan.ts";

/** Of a network that asks for nothing special. */
export const PLAIN_FEATURES = kernelFeatures(smallPlan()[0].runs[0].hyper);

export interface NetworkOptions {
  readonly inputs?: number;
  readonly units: readonly number[];
  readonly activation?: Activation;
  readonly optimizer?: OptimizerKind["name"];
}

/** Hidden layers of one activation, a sigmoid or softmax at the end. */
export function denseNetwork(options: NetworkOptions): Network {
  const { inputs = 20, units, activation = "relu", optimizer = "adam" } = options;
  const outputs = units[units.length - 1];
  const layers = units.map((count, l) => ({
    units: count,
    activation: l < units.length - 1 ? activation : outputs === 1 ? "sigmoid" : "softmax",
  })) as { units: number; activation: Activation }[];
  const loss = outputs === 1 ? "binaryCrossentropy" : "sparseCategoricalCrossentropy";
  const [plan] = smallPlan({
    inputs,
    classes: Math.max(outputs, 2),
    layers,
    train: { loss, optimizer },
  });
  return plan.buckets[0].network;
}
