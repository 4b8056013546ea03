import { expect, test } from "vitest";
import { afterInterventions, lintLines } from "../../../test/lint-case.ts";

const HEAD = { units: 1, activation: "sigmoid" as const };
const relu = (...units: number[]) => [
  ...units.map((each) => ({ units: each, activation: "relu" as const })),
  HEAD,
];

test("seventeen layers of five are dead from the start in four of ten seeds", () => {
  const change = { layers: relu(...new Array(17).fill(5)) };
  // 1 - (31 / 32)^17 = 0.417
  expect(lintLines("born-dead", change)[0]).toContain(
    "With probability 42% some layer of the 17 with relu",
  );
  expect(afterInterventions("born-dead", change)).toEqual({ "leaky-relu": [], widen: [] });
});

test("one unit between two layers is a coin flip", () => {
  expect(lintLines("born-dead", { layers: relu(31, 1) })[0]).toContain("With probability 50%");
});

test.each([
  ["four units", relu(4)],
  ["sixty layers of ten", relu(...new Array(60).fill(10))],
  ["one linear unit", [{ units: 1 }, HEAD]],
])("%s live", (_, layers) => {
  expect(lintLines("born-dead", { layers })).toEqual([]);
});
