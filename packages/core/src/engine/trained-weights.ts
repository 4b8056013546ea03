// Trains a plan for what its networks end with, and not for how they got there.

import type { Plan } from "../compile/plan.ts";
import type { Dataset } from "../dataset/dataset.ts";
import type { Engine, TrainOptions } from "./engine.ts";

export interface TrainedNetwork {
  /** Flat, in the order of the network's layout. */
  readonly parameters: Float32Array;
  readonly status: "complete" | "diverged";
}

/**
 * By position in `plan.runs`.
 *
 * @param engine The cpu engine: others tell no weights.
 */
export async function trainedWeights(
  engine: Engine,
  plan: Plan,
  datasets: readonly Dataset[],
  options: TrainOptions = {},
): Promise<ReadonlyMap<number, TrainedNetwork>> {
  const parameters = new Map<number, Float32Array>();
  const trained = new Map<number, TrainedNetwork>();
  for await (const event of engine.train({ ...plan, tellsWeights: true }, datasets, options)) {
    if (event.kind === "weights") parameters.set(event.run, event.parameters);
    if (event.kind !== "finished") continue;
    const own = parameters.get(event.run);
    if (own === undefined) throw new RangeError(`the ${engine.info.name} engine tells no weights`);
    trained.set(event.run, { parameters: own, status: event.status });
  }
  return trained;
}
