// A network alone and the same network among a thousand.

import type { Engine } from "@convergence-lab/core";
import { expect } from "vitest";
import { smallPlan, trained } from "./small-plan.ts";

const NETWORKS = 1000;

/** The first and last of all, of a list's entry of four, of the halves, and others. */
const ALONE = [0, 1, 3, 4, 7, 63, 64, 127, 255, 256, 499, 500, 511, 512, 733, 997, 998, 999];

/** Tiny networks, of which some diverge and some stop early: their neighbours must not notice. */
export async function expectAloneAsAmongThousand(engine: Engine): Promise<void> {
  const [small, datasets] = smallPlan({
    layers: [
      { units: 3, activation: "tanh" },
      { type: "dropout", rate: 0.2 },
      { units: 1, activation: "linear" },
    ],
    train: {
      loss: "meanSquaredError",
      optimizer: "sgd",
      epochs: 8,
      earlyStopping: { monitor: "loss", patience: 1 },
    },
    seeds: { training: NETWORKS },
  });
  const runs = small.runs.map((run) =>
    run.index % 5 === 2 ? { ...run, hyper: { ...run.hyper, learningRate: 1e20 } } : run,
  );
  const plan = { ...small, runs };
  const together = await trained(engine, [plan, datasets]);
  expect(together.length).toBe(NETWORKS);
  expect(new Set(together.map(({ status, steps }) => `${status} ${steps}`)).size).toBeGreaterThan(
    3,
  );
  for (const index of ALONE) {
    const buckets = plan.buckets.map((bucket) => ({ ...bucket, runs: [index] }));
    const alone = await trained(engine, [{ ...plan, buckets }, datasets]);
    expect(alone[index], `network ${index}`).toEqual(together[index]);
  }
}
