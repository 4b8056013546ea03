import { expect, test } from "vitest";
import { diagnoseLines } from "../../../test/diagnose-case.ts";

const loss = (...values: number[]) => ({ curves: { loss: values } });

test("between stuck and learned", () => {
  expect(diagnoseLines("underfitting", { runs: [loss(0.7, 0.66)] })).toEqual([
    "warning at model: The training loss ends at 95.2% of the best constant predictor's, in 1 of 1 seed (95% 21% to 100%).",
  ]);
});

test("a tenth below is learned, whatever the accuracy, and none below is a plateau", () => {
  expect(diagnoseLines("underfitting", { runs: [loss(0.75, 0.62)] })).toEqual([]);
  expect(diagnoseLines("underfitting", { runs: [loss(0.7, 0.69)] })).toEqual([]);
});

test("initial weights that are lucky have not learned", () => {
  expect(diagnoseLines("underfitting", { runs: [loss(0.601, 0.6)] })).toHaveLength(1);
});
