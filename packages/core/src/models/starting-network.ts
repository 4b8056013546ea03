// A variant's network before its first step, for a file of it.

import { hyperOf, networkOf } from "../compile/compile.ts";
import { startOf, type WeightsTable } from "../compile/initial-weights.ts";
import type { Network } from "../compile/plan.ts";
import { initialParameters } from "../engine/initial-parameters.ts";
import type { Variant } from "../spec/spec.ts";

export interface StartingNetwork {
  readonly network: Network;
  /** Flat, in the order of the network's layout. */
  readonly parameters: Float32Array;
}

/**
 * @param inputs Columns that reach the network.
 * @param seed Of the weights that are drawn.
 * @throws SpecError when its layers do not fit each other.
 */
export function startingNetwork(
  variant: Variant,
  inputs: number,
  { weights = new Map(), seed = 0 }: { weights?: WeightsTable; seed?: number } = {},
): StartingNetwork {
  const network = networkOf(variant, inputs);
  const hyper = hyperOf(variant, { inputs, rows: 1, classes: [] });
  const initialWeights = startOf(variant.model, network, weights);
  const given = initialWeights === undefined ? hyper : { ...hyper, initialWeights };
  return { network, parameters: initialParameters(network, seed, given) };
}
