import { expect, test } from "vitest";
import { smallPlan } from "../../test/small-plan.ts";
import { trainingWork } from "./training-work.ts";

test("the work of a training counts every batch of every network", () => {
  const [plan] = smallPlan({ train: { epochs: 40 } });
  const [bucket] = plan.buckets;
  // 26 parameters, 15 rows in batches of 4, 40 epochs, 3 networks.
  expect(trainingWork(bucket, plan.runs, plan)).toBe(3 * 26 * 4 * (4 * 40) * 3);
  expect(trainingWork(bucket, plan.runs.slice(1), plan)).toBe(3 * 26 * 4 * (4 * 40) * 2);
});
