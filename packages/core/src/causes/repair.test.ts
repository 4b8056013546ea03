import { expect, test } from "vitest";
import { lintSpec, normalRows } from "../../test/lint-case.ts";
import { repaired } from "./repair.ts";

const rows = normalRows(120);
const three = rows.map(([a]) => (a > 0.5 ? 2 : a > -0.5 ? 1 : 0));
const head = (units: number) => [{ units: 8, activation: "relu" as const }, { units }];
const train = { loss: "sparseCategoricalCrossentropy" };

const repairOf = (change: Parameters<typeof lintSpec>[0]) => {
  const { spec, repair } = repaired(lintSpec({ rows, train, ...change }), new Map());
  return {
    units: spec.model.layers.at(-1),
    labels: spec.data.labels,
    says: repair?.findings.map(({ id }) => id),
    changes: repair?.interventions.map(({ id }) => id),
  };
};

test("a network that can be trained is left as it is", () => {
  const { says, changes } = repairOf({ labels: three, layers: head(3) });
  expect([says, changes]).toEqual([undefined, undefined]);
});

test("too few outputs for the classes: the head is fitted", () => {
  const { units, says, changes } = repairOf({ labels: three, layers: head(2) });
  expect(units).toMatchObject({ units: 3, activation: { name: "softmax" } });
  expect([says, changes]).toEqual([["head-units"], ["fit-head"]]);
});

test.each([
  ["from 1", 1, ["label-range"]],
  ["from -1", -1, ["label-range"]],
])("labels that count %s: they are numbered, and the head is as it was", (_, first, found) => {
  const labels = three.map((label) => label + first);
  const { units, says, changes } = repairOf({
    labels,
    layers: head(3),
    data: { labels: "indices" },
  });
  expect(units).toMatchObject({ units: 3 });
  expect([says, changes]).toEqual([found, ["number-classes"]]);
});

test("labels below 0 and a head that is too small: both", () => {
  const labels = three.map((label) => label - 1);
  const { changes } = repairOf({ labels, layers: head(2), data: { labels: "indices" } });
  expect(changes).toEqual(["number-classes", "fit-head"]);
});
