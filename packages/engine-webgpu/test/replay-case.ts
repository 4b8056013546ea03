// A replay from a few words of a spec: small networks on drawn rows of three classes, or with whatever
// labels the loss takes.

import type { Engine, Hyper, Replay, SpecInput } from "@convergence-lab/core";
import { compareReplay, uniformAt } from "@convergence-lab/core";
import { createReferenceEngine } from "@convergence-lab/core/reference";
import { smallPlan } from "./small-plan.ts";

export interface ReplayCase {
  readonly layers: SpecInput["model"]["layers"];
  readonly train?: Partial<SpecInput["train"]>;
  readonly inputs?: number;
  readonly batch?: number;
  readonly steps?: number;
  /** Of what the labels are drawn. */
  readonly classes?: number;
  readonly change?: Partial<Hyper>;
  /** Of all inputs. */
  readonly scale?: number;
  /** Of all numbers that are drawn. */
  readonly seed?: number;
  /** Absent: between -0.3 and 0.7. */
  readonly parameters?: (i: number) => number;
}

export function replayOf(options: ReplayCase): Replay {
  const {
    layers,
    train,
    inputs = 4,
    batch = 7,
    steps = 2,
    classes = 3,
    change,
    scale = 1,
  } = options;
  const { seed = 1 } = options;
  const [plan] = smallPlan({
    inputs,
    classes,
    layers,
    train: { loss: "sparseCategoricalCrossentropy", learningRate: 0.01, ...train },
  });
  const { network } = plan.buckets[0];
  // Moving variances are none of these: a replay does not read them.
  const { parameters = (i) => uniformAt(seed + 1, 0, i) - 0.3 } = options;
  return {
    network,
    hyper: { ...plan.runs[0].hyper, ...change },
    trainingSeed: 9,
    batch,
    x: Float32Array.from(
      { length: batch * inputs },
      (_, i) => scale * (2 * uniformAt(seed, 0, i) - 1),
    ),
    y: Float32Array.from({ length: batch }, (_, i) => i % classes),
    parameters: Float32Array.from({ length: network.layout.size }, (_, i) => parameters(i)),
    steps,
  };
}

const reference = createReferenceEngine({ precision: "float64", reason: "test" });

/** An engine's steps against those of the reference in float64, within the bounds of docs/numerics.md. */
export async function comparedWithReference(
  replaySteps: Engine["replay"],
  replay: Replay,
  expected = replay,
) {
  return compareReplay(
    { name: "case", replay: expected, expected: await reference.replay(expected) },
    await replaySteps(replay),
    "float32",
  );
}
