import { expect, test } from "vitest";
import { diagnoseLines } from "../../../test/diagnose-case.ts";

const stuck = { curves: { loss: [0.7, Math.LN2] } };

test("a layer that is mostly dead is named, a healthy one is not", () => {
  const layers = [{ deadShare: [0.2, 0.6, 0.9] }, { deadShare: [0, 0, 0.1] }, {}];
  const dead = [{ deadShare: [0.6, 0.7, 0.6] }, { deadShare: [0, 0, 0.1] }, {}];
  expect(diagnoseLines("dead-units", { runs: [{ layers: dead }, { layers: dead }] })).toEqual([
    "note at model.layers[0]: Up to 60% of the units of layer 1 are off for every sample, in 2 of 2 seeds (95% 34% to 100%).",
  ]);
  expect(diagnoseLines("dead-units", { runs: [{ ...stuck, layers: dead }] })[0]).toMatch(
    /^warning/,
  );
  // Units that were on in one of the last probes are not dead for good.
  expect(diagnoseLines("dead-units", { runs: [{ layers }] })).toEqual([]);
});

test("a layer without any unit that is on cuts the network", () => {
  const layers = [{ deadShare: [0, 0.3] }, { deadShare: [1, 1] }, { deadShare: [1] }];
  expect(diagnoseLines("dead-units", { runs: [{ ...stuck, layers }] })).toEqual([
    "error at model.layers[1]: No unit of layer 2 is on for any sample, so that nothing passes, in 1 of 1 seed (95% 21% to 100%).",
  ]);
});

test("half of the units, or half of the seeds, is no finding", () => {
  const half = [{ deadShare: [0.5] }, { deadShare: [0.5] }, {}];
  const dead = [{ deadShare: [0.9] }, { deadShare: [0] }, {}];
  const fine = [{ deadShare: [0] }, { deadShare: [0] }, {}];
  expect(diagnoseLines("dead-units", { runs: [{ layers: half }] })).toEqual([]);
  expect(diagnoseLines("dead-units", { runs: [{ layers: dead }, { layers: fine }] })).toEqual([]);
});

test("with batches of one more probes are asked: a unit that is on for one in 64 rows is not dead", () => {
  const deadShare = [0.2, ...Array.from({ length: 63 }, () => 1)];
  const runs = [{ layers: [{ deadShare }, { deadShare: [0] }, {}] }];
  expect(diagnoseLines("dead-units", { runs, train: { batchSize: 1 } })).toEqual([]);
  expect(diagnoseLines("dead-units", { runs })).toHaveLength(1);
});

test("tanh units at either end still tell rows apart", () => {
  const runs = [{ layers: [{ deadShare: [1] }, { deadShare: [1] }, {}] }];
  const layers = ["tanh", "tanh"].map((activation) => ({ units: 16, activation }) as const);
  expect(
    diagnoseLines("dead-units", {
      runs,
      layers: [...layers, { units: 1, activation: "sigmoid" as const }],
    }),
  ).toEqual([]);
});

test("without the signal it is not measured", () => {
  expect(diagnoseLines("dead-units", { runs: [{}] })).toEqual(["not measured: deadShare"]);
});
