import { expect, test } from "vitest";
import { progressText } from "./progress-line.ts";

const start = {
  kind: "progress",
  done: 18,
  total: 117,
  stepsDone: 0,
  stepsTotal: 0,
  seconds: 0,
} as const;

test("before the first steps there is no rate and no time left", () => {
  expect(progressText("article-2", "cpu", start)).toBe("article-2  18/117 networks  cpu");
});

test("rate and time left follow from the steps so far", () => {
  const quarter = { ...start, stepsDone: 50_000, stepsTotal: 200_000, seconds: 25 };
  expect(progressText("article-2", "cpu", quarter)).toBe(
    "article-2  18/117 networks  25%  2,000 steps/s  1:15 left  cpu",
  );
});
