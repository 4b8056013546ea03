import { createReferenceEngine } from "@convergence-lab/core/reference";
import { expect, test } from "vitest";
import { eventsOf, largestSignalError } from "../../test/fallback-tfjs/population-case.ts";
import { givenWeightsPlan } from "../../test/given-weights.ts";
import { createTfjsEngine } from "./index.ts";

// 24 steps in float32 against float64, as in tfjs-engine.test.ts.
const TOLERANCE = 2e-6;

test("networks start from the weights that they are given", async () => {
  const engine = await createTfjsEngine({ backend: "cpu", reason: "test" });
  const reference = createReferenceEngine({ precision: "float64", reason: "test" });
  const [plan, datasets] = givenWeightsPlan();
  const expected = await eventsOf(reference, plan, datasets);
  const error = largestSignalError(plan, await eventsOf(engine, plan, datasets), expected);
  expect(error).toBeLessThanOrEqual(TOLERANCE);
  await engine.dispose();
});
