// The tests of one engine at the edges: its training steps against the reference's in float64, within
// the bounds of docs/numerics.md, which grow with the lengths of the sums and the sizes of the values.

import type { Engine } from "@convergence-lab/core";
import { beforeAll, describe, expect, test } from "vitest";
import {
  describeCase,
  drawnCase,
  EXTREME_ACTIVATIONS,
  EXTREME_OUTPUTS,
  LIMITS,
  REACHES_ZERO_AT,
  reachesZero,
  STILL,
} from "./edge-replays.ts";
import { comparedWithReference, type ReplayCase, replayOf } from "./replay-case.ts";

export interface EdgeTestOptions {
  /** How many networks are drawn. */
  readonly drawn: number;
  /** Which activations are tried around 1e4; absent: all. */
  readonly activations?: readonly string[];
}

export function testsOfEdges(open: () => Engine | Promise<Engine>, options: EdgeTestOptions) {
  const { drawn, activations = Object.keys(EXTREME_ACTIVATIONS) } = options;
  let engine: Engine;
  beforeAll(async () => {
    engine = await open();
  });
  const expectWithinBounds = async (replayCase: ReplayCase) => {
    const { passed, picture } = await comparedWithReference(engine.replay, replayOf(replayCase));
    expect(passed, picture).toBe(true);
  };

  const cases = Array.from({ length: drawn }, (_, seed) => drawnCase(seed));
  test.each(cases.map((drawnOne) => [describeCase(drawnOne), drawnOne] as const))(
    "computes %s",
    (_, drawnOne) => expectWithinBounds(drawnOne),
  );

  test.each(activations)("computes pre-activations of %s around ±1e4", (activation) =>
    expectWithinBounds(EXTREME_ACTIVATIONS[activation]),
  );

  test.each(Object.entries(EXTREME_OUTPUTS))("computes outputs of %s", (_, extreme) =>
    expectWithinBounds(extreme),
  );

  test.each(Object.entries(LIMITS))("computes %s", (_, limit) =>
    expectWithinBounds({ ...limit, steps: 1 }),
  );

  describe("a rate of 0 moves nothing:", () => {
    test.each(Object.entries(STILL))("%s", async (_, still) => {
      const replay = replayOf(still);
      const steps = await engine.replay(replay);
      expect(steps.length).toBe(replay.steps);
      for (const { parametersAfter } of steps) {
        expect(Float32Array.from(parametersAfter)).toEqual(replay.parameters);
      }
    });

    test("once a schedule has come to it", async () => {
      const schedule = reachesZero();
      const replay = replayOf(schedule);
      const steps = (await engine.replay(replay)).map((step) => step.parametersAfter);
      const last = steps[REACHES_ZERO_AT - 1];
      expect(last).not.toEqual(steps[REACHES_ZERO_AT - 2]);
      for (const after of steps.slice(REACHES_ZERO_AT)) expect(after).toEqual(last);
      await expectWithinBounds(schedule);
    });
  });
}
