// What a gain is where networks answer one class to every row, or few rows judge.

import { expect, test } from "vitest";
import { runOf } from "../../test/trace-of.ts";
import type { Confusion } from "../trace/trace-event.ts";
import type { ProofMetric } from "./proof.ts";
import { BASELINE_KEY, Rounds } from "./rounds.ts";

const trainer = {
  train: () => Promise.reject(new Error("Nothing is trained here.")),
};

/** Two classes of 60 and 40 rows: how many of each are taken for the first. */
function runs(name: string, answers: readonly (readonly [number, number])[], valLoss = 0.6) {
  return answers.map(([ofFirst, ofSecond], seed) => {
    const counts = Uint32Array.of(ofFirst, 60 - ofFirst, ofSecond, 40 - ofSecond);
    const run = runOf(name, seed, 0, {
      loss: [0.5],
      accuracy: [0.9],
      valLoss: [valLoss],
      valAccuracy: [(ofFirst + 40 - ofSecond) / 100],
    });
    const confusion: Confusion = { signal: "valConfusion", epoch: 0, classes: 2, counts };
    return { ...run, probes: { confusions: [confusion] } };
  });
}

function roundsOf(
  asIs: ReturnType<typeof runs>,
  treated: ReturnType<typeof runs>,
  metric: ProofMetric = "accuracy",
) {
  const rounds = new Rounds(trainer, "validation", metric);
  rounds.take(BASELINE_KEY, { runs: asIs } as never, "as it is");
  rounds.take("arm", { runs: treated } as never, "treated");
  return rounds;
}

const LEARNS = [35, 15] as const;
const CONSTANT = [60, 40] as const;

test("one answer to every row gains nothing, though more rows have it", () => {
  const asIs = runs("as it is", [LEARNS, LEARNS, CONSTANT]);
  expect(roundsOf(asIs, runs("treated", [CONSTANT, CONSTANT, CONSTANT])).gain("arm")).toBe(
    Number.NEGATIVE_INFINITY,
  );
  expect(roundsOf(asIs, runs("treated", [[50, 10], LEARNS, CONSTANT])).gain("arm")).toBeGreaterThan(
    0,
  );
});

test("fewer constant answers than before are a gain, most as they may still be", () => {
  const asIs = runs("as it is", [CONSTANT, CONSTANT, CONSTANT]);
  const treated = runs("treated", [[58, 3], CONSTANT, CONSTANT]);
  expect(roundsOf(asIs, treated).gain("arm")).toBeGreaterThan(0);
});

test("a smaller loss may cost a row or two of a hundred, and no more", () => {
  const asIs = runs("as it is", [LEARNS, LEARNS], 1);
  const loses = (rows: number) => runs("treated", Array(2).fill([35 - rows, 15]), 0.5);
  expect(roundsOf(asIs, loses(2), "loss").gain("arm")).toBeCloseTo(0.5);
  expect(roundsOf(asIs, loses(3), "loss").gain("arm")).toBe(Number.NEGATIVE_INFINITY);
});
