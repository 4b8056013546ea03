import { expect, test } from "vitest";
import { compile, loadDatasets, parseSpec } from "../index.ts";
import { tableCsv } from "../shared/export-table.ts";
import { predictionsTable } from "./predictions-table.ts";

function answers(units: 1 | 2) {
  const spec = parseSpec({
    name: "m",
    data: {
      source: { kind: "inline", rows: [[1], [-1], [2], [-2]], labels: ["=a", "b", "b", "=a"] },
      split: { testSize: 1, shuffle: false },
    },
    model: { layers: [{ units, activation: units === 1 ? "sigmoid" : "softmax" }] },
    train: { loss: units === 1 ? "binaryCrossentropy" : "categoricalCrossentropy", epochs: 1 },
  });
  const datasets = loadDatasets(spec);
  const plan = compile(spec, datasets);
  const [{ network }] = plan.buckets;
  const { hyper } = plan.runs[0];
  // A kernel of 1 per unit in turn with its negative, and no bias.
  const parameters = Float32Array.from(units === 1 ? [1, 0] : [1, -1, 0, 0]);
  const [dataset] = datasets.values();
  const table = predictionsTable(dataset, { network, hyper }, parameters);
  return tableCsv(table, (value) => value.toFixed(3)).split("\r\n");
}

test("one output is that of class 1, and a name that reads as a formula is made harmless", () => {
  expect(answers(1)).toEqual([
    "part,row,label,predicted,output b",
    "train,0.000,'=a,b,0.731",
    "train,1.000,b,'=a,0.269",
    "train,2.000,b,b,0.881",
    "test,0.000,'=a,'=a,0.119",
    "",
  ]);
});

test("several outputs are those of the classes", () => {
  expect(answers(2).slice(0, 2)).toEqual([
    "part,row,label,predicted,output =a,output b",
    "train,0.000,'=a,'=a,0.881,0.119",
  ]);
});
