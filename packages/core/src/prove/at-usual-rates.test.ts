import { expect, test } from "vitest";
import { lintSpec } from "../../test/lint-case.ts";
import type { CauseId } from "../causes/cause.ts";
import { setRate, standardizeInputs } from "../causes/changes.ts";
import type { Suspect } from "../causes/suspect-causes.ts";
import { resolveVariants } from "../spec/resolve-variants.ts";
import { scaledAtUsualRates } from "./at-usual-rates.ts";

function suspect(id: CauseId, weight: number, change: Suspect["changes"][number]): Suspect {
  const nothing = { certain: false, findings: [], evidence: [], against: [], ruledOut: [] };
  return { id, where: "train", says: id, weight, changes: [change], ...nothing };
}

const SLOW = suspect("learning-rate-too-low", 3, setRate(1e-4));
const FAST = suspect("learning-rate-too-high", 0.3, setRate(1e-4));

function rates(learningRate: unknown, unscaledWeight = 3): unknown[] {
  const [variant] = resolveVariants(lintSpec({ train: { optimizer: "sgd", learningRate } }));
  const unscaled = suspect("unscaled-features", unscaledWeight, standardizeInputs);
  return scaledAtUsualRates([unscaled, SLOW, FAST], variant).map((arm) => {
    expect(arm.variant.data.preprocess).toEqual(["standardize"]);
    return [arm.variant.train.learningRate, arm.parts.map(({ causes }) => causes[0])];
  });
}

test("a rate that is far from the usual ones is tried at those with scaled inputs", () => {
  const slow = ["unscaled-features", "learning-rate-too-low"];
  const fast = ["unscaled-features", "learning-rate-too-high"];
  expect(rates(1e-6)).toEqual([
    [0.01, slow],
    [0.1, slow],
  ]);
  expect(rates(5)).toEqual([
    [0.01, fast],
    [0.1, fast],
  ]);
});

test.each([
  ["a rate near the usual one", 0.02, 3],
  ["inputs that nothing warned of", 1e-6, 0.4],
  ["a schedule", { schedule: "exponential", initial: 1, decaySteps: 1, decayRate: 0.5 }, 3],
])("%s asks for nothing", (_, rate, weight) => {
  expect(rates(rate, weight)).toEqual([]);
});
