import { expect, test } from "vitest";
import { afterInterventions, lintLines, normalRows } from "../../../test/lint-case.ts";

test("absolute error is a warning, squared error a note, and both have a cross-entropy instead", () => {
  for (const [loss, severity] of [
    ["meanAbsoluteError", "warning"],
    ["meanSquaredError", "note"],
  ]) {
    const change = { train: { loss } };
    expect(lintLines("regression-loss", change)[0]).toContain(`${severity} at train.loss: ${loss}`);
    expect(afterInterventions("regression-loss", change)).toEqual({ "fit-head": [] });
  }
});

test("the head keeps its number of outputs", () => {
  const labels = normalRows(240).map((_, i) => i % 3);
  for (const [units, classes] of [
    [2, undefined],
    [3, labels],
  ] as const) {
    const layers = [{ units, activation: "softmax" as const }];
    const change = {
      layers,
      train: { loss: "meanSquaredError" },
      ...(classes ? { labels: classes } : {}),
    };
    expect(afterInterventions("regression-loss", change)).toEqual({ "fit-head": [] });
    expect(afterInterventions("head-units", change)).toEqual({});
  }
});

test("a cross-entropy and a hinge are losses of classes", () => {
  expect(lintLines("regression-loss", {})).toEqual([]);
  expect(lintLines("regression-loss", { train: { loss: "hinge" } })).toEqual([]);
});
