import { expect, test } from "vitest";
import { afterInterventions, lintLines } from "../../../test/lint-case.ts";

test("softmax over one output answers the same always, and a sigmoid does not", () => {
  for (const layers of [
    [{ units: 1, activation: "softmax" as const }],
    [{ units: 1 }, { type: "activation" as const, activation: "softmax" as const }],
  ]) {
    expect(lintLines("softmax-on-one-unit", { layers })).toEqual([
      "error at model.layers[0]: Softmax over one output is 1 for every row, so the network answers the same always and learns nothing.",
    ]);
    expect(afterInterventions("softmax-on-one-unit", { layers })).toEqual({ "fit-head": [] });
  }
});

test("softmax over two outputs is as it should be", () => {
  const layers = [{ units: 2, activation: "softmax" as const }];
  expect(lintLines("softmax-on-one-unit", { layers })).toEqual([]);
});
