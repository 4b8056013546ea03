import { expect, test } from "vitest";
import { afterInterventions, findingsOf, lintLines, lintSpec } from "../../../test/lint-case.ts";

const HEAD = { units: 1, activation: "sigmoid" as const };
const dropped = (units: number, ...rates: number[]) => [
  ...rates.flatMap((rate) => [
    { units, activation: "relu" as const },
    { type: "dropout" as const, rate },
  ]),
  HEAD,
];

test.each([
  ["a rate of 0.8", dropped(64, 0.8), "Dropout leaves 12.8 units"],
  ["half of four units", dropped(4, 0.5), "Dropout leaves 2.00 units"],
  ["four halves in a row", dropped(64, 0.5, 0.5, 0.5, 0.5), "4 dropouts in a row leave 6.3%"],
])("%s leaves too little", (_, layers, says) => {
  expect(lintLines("strong-dropout", { layers })[0]).toContain(says);
  expect(afterInterventions("strong-dropout", { layers })["no-dropout"]).toEqual([]);
});

test.each([
  ["two halves of 64", dropped(64, 0.5, 0.5)],
  ["0.3 of ten", dropped(10, 0.3)],
  ["a rate of 0", dropped(2, 0)],
])("%s is common", (_, layers) => {
  expect(lintLines("strong-dropout", { layers })).toEqual([]);
});

test("a bridge over a dropout that is taken out starts where it did", () => {
  const layers = [
    { units: 8, activation: "relu" as const },
    { type: "dropout" as const, rate: 0.9 },
    { units: 8, activation: "relu" as const },
    { type: "add" as const, from: 1 },
    HEAD,
  ];
  const [finding] = findingsOf(lintSpec({ layers }), "strong-dropout");
  expect(finding.interventions[0].patch).toEqual({
    model: {
      layers: [layers[0], layers[2], { type: "add", from: 0 }, HEAD],
    },
  });
});
