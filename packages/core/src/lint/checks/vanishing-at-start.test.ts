import { expect, test } from "vitest";
import { afterInterventions, lintLines } from "../../../test/lint-case.ts";

const HEAD = { units: 1, activation: "sigmoid" as const };
const deep = (depth: number, layer: object) =>
  [...Array.from({ length: depth }, () => ({ units: 5, ...layer })), HEAD] as NonNullable<
    Parameters<typeof lintLines>[1]["layers"]
  >;

test.each([
  [
    "eight layers of sigmoid",
    deep(8, { activation: "sigmoid", kernelInitializer: "heUniform" }),
    /4\.?\d*e-4|0\.000\d+/,
  ],
  [
    "five layers from small weights",
    deep(5, { activation: "relu", kernelInitializer: "randomUniform" }),
    /e-\d/,
  ],
])("%s let no gradient through", (_, layers, ratio) => {
  const [line] = lintLines("vanishing-at-start", { layers });
  expect(line).toContain("At the initial weights a gradient shrinks to ");
  expect(line).toMatch(ratio);
  expect(afterInterventions("vanishing-at-start", { layers })).toEqual({ "relu-he": [] });
});

test.each([
  ["three layers of sigmoid", deep(3, { activation: "sigmoid" })],
  ["seventeen layers of tanh", deep(17, { activation: "tanh", kernelInitializer: "heUniform" })],
  [
    "two narrow layers from Keras's old normal",
    deep(2, { activation: "relu", kernelInitializer: "randomNormal" }),
  ],
])("%s do", (_, layers) => {
  expect(lintLines("vanishing-at-start", { layers })).toEqual([]);
});

test("normalization and bridges carry a gradient that weights do not", () => {
  const sigmoid = { units: 5, activation: "sigmoid" as const };
  const normalized = Array.from({ length: 8 }, () => [
    sigmoid,
    { type: "layerNormalization" as const },
  ]);
  expect(lintLines("vanishing-at-start", { layers: [...normalized.flat(), HEAD] })).toEqual([]);
});
