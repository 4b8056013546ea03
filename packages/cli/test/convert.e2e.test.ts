// clab convert and clab export: networks from one form into another, trained or not.

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readModel } from "@convergence-lab/core";
import { parquetReadObjects } from "hyparquet";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { clab, temporaryFolder } from "./clab.ts";

const folder = temporaryFolder();
const at = (name: string) => join(folder, name);
const text = (name: string) => readFileSync(at(name), "utf8");
const MODEL = "test-fixtures/models/m.keras";
const IRIS = ["--data", "test-fixtures/data/iris.csv", "--target", "class"];

async function converted(...args: string[]) {
  const result = await clab(["convert", ...args]);
  expect(result, result.stderr).toMatchObject({ code: 0, stdout: "" });
  return result.stderr;
}

test("a Keras file becomes a spec that runs, and the spec Python and a Keras file", async () => {
  const notes = await converted(MODEL, at("iris.yaml"), ...IRIS, "--epochs", "3");
  expect(notes).toContain("taken are batches of 32");
  expect(parse(text("iris.yaml"))).toMatchObject({
    name: "m",
    model: { layers: [{ units: 8 }, { type: "batchNormalization" }, {}, { units: 3 }] },
    train: { loss: "sparseCategoricalCrossentropy", epochs: 3 },
  });
  const run = await clab([
    ...["run", at("iris.yaml"), "--engine", "cpu", "--seeds", "2", "--out", at("runs")],
    ...["--export-curves", at("curves.parquet"), "--quiet"],
  ]);
  expect(run.code, run.stderr).toBe(0);
  const { buffer } = new Uint8Array(readFileSync(at("curves.parquet")));
  const curves = await parquetReadObjects({ file: buffer as ArrayBuffer });
  expect(curves).toHaveLength(2 * 3);
  expect(curves[5]).toMatchObject({ variant: "baseline", trainingSeed: 1, dataSeed: 0, epoch: 3 });
  expect(Object.keys(curves[0]).slice(4)).toEqual(["loss", "accuracy", "valLoss", "valAccuracy"]);
  expect(curves[0].loss).toBeGreaterThan(0);

  await converted(at("iris.yaml"), at("iris.py"));
  expect(text("iris.py")).toContain("layers.BatchNormalization(),");
  await converted(at("iris.yaml"), at("drawn.keras"));
  const drawn = readModel("drawn.keras", new Uint8Array(readFileSync(at("drawn.keras"))));
  expect(drawn.inputShape).toEqual([4]);
});

test("a file of a network keeps its weights in every form, a spec where it is asked to", async () => {
  const original = readModel("m.keras", new Uint8Array(readFileSync(MODEL))).weights;
  await converted(MODEL, at("tfjs/model.json"));
  await converted(at("tfjs/model.json"), at("again.keras"));
  const again = readModel("again.keras", new Uint8Array(readFileSync(at("again.keras"))));
  expect(again.weights).toEqual(original);
  await converted(at("again.keras"), at("m.json"));
  expect(JSON.parse(text("m.json"))).toMatchObject({ class_name: "Sequential" });
  await converted(at("again.keras"), at("again.yaml"), ...IRIS, "--initial-weights");
  expect(parse(text("again.yaml")).model.initialWeights).toMatchObject({
    path: at("again.keras"),
  });
});

test("without a table the spec says what is to be named", async () => {
  await converted(MODEL, at("alone.yaml"));
  expect(text("alone.yaml")).toMatch(/^# From a model: name your table/);
  expect(parse(text("alone.yaml")).data.source).toMatchObject({
    path: "data.csv",
    target: "label",
  });
});

test("scikit-learn's parameters and a sweep of Weights & Biases", async () => {
  writeFileSync(at("mlp.json"), JSON.stringify({ hidden_layer_sizes: [7], alpha: 0 }));
  await converted(at("mlp.json"), at("mlp.yaml"), ...IRIS);
  expect(parse(text("mlp.yaml")).model.layers).toMatchObject([{ units: 7 }, { units: 3 }]);
  writeFileSync(
    at("sweep.yaml"),
    "method: grid\nparameters: { learning_rate: { values: [0.1, 0.01] } }\n",
  );
  await converted(at("sweep.yaml"), at("variants.yaml"), "--spec", at("mlp.yaml"));
  expect(Object.keys(parse(text("variants.yaml")).variants)).toEqual([
    "learning_rate=0.1",
    "learning_rate=0.01",
  ]);
});

test("clab export: the answers in the CSV are those of the network in the Keras file", async () => {
  await converted(MODEL, at("e.yaml"), ...IRIS, "--epochs", "20");
  const { code, stderr } = await clab([
    ...["export", at("e.yaml"), at("e.keras"), at("e.csv"), at("e/model.json"), "--seed", "3"],
  ]);
  expect(code, stderr).toBe(0);
  const [head, first] = text("e.csv").split("\r\n");
  expect(head).toBe("part,row,label,predicted,output setosa,output versicolor,output virginica");
  expect(
    first
      .split(",")
      .slice(4)
      .map(Number)
      .reduce((a, b) => a + b),
  ).toBeCloseTo(1, 5);
  // Started from its own end, at a rate that moves nothing, it gives the same answers.
  await converted(at("e.keras"), at("end.yaml"), ...IRIS, "--initial-weights");
  const still = text("end.yaml").replace(
    /optimizer: .*\n.*learningRate: .*/,
    "optimizer: sgd\n  learningRate: 1.0e-20",
  );
  writeFileSync(
    at("end.yaml"),
    still
      .replace(/epochs: .*/, "epochs: 1")
      .replace("batchNormalization", "batchNormalization, momentum: 1"),
  );
  await clab(["export", at("end.yaml"), at("end.csv")]);
  expect(text("end.csv")).toBe(text("e.csv"));
});

describe("mistakes", () => {
  test.each<[string, string[], number, string]>([
    [
      "an ending that is none",
      ["convert", MODEL, at("m.onnx")],
      2,
      "ends in nothing that is written",
    ],
    ["a file that is none", ["convert", "README.md", at("x.yaml")], 3, "cannot read README.md"],
    ["a sweep without a spec", ["convert", "sweep.yaml", at("x.yaml")], 3, "there is no such file"],
    ["a table as output", ["convert", MODEL, at("x.csv")], 2, "clab export writes it"],
    [
      "a spec as output",
      ["export", "examples/article-1.yaml", at("x.yaml")],
      2,
      "clab convert writes it",
    ],
    [
      "several variants",
      ["export", "examples/article-1.yaml", at("x.keras")],
      2,
      "choose one with --variant",
    ],
    [
      "a table of other columns",
      [
        "convert",
        MODEL,
        at("x.yaml"),
        "--data",
        "test-fixtures/data/wine.csv",
        "--target",
        "class",
      ],
      3,
      "m.keras takes 4 numbers",
    ],
  ])("%s: exit code and message, and nothing is written", async (_, args, expected, message) => {
    const { code, stderr, stdout } = await clab(args);
    expect(stderr).toContain(message);
    expect({ code, stdout }).toEqual({ code: expected, stdout: "" });
    for (const name of ["x.yaml", "x.keras", "x.csv", "m.onnx"])
      expect(existsSync(at(name))).toBe(false);
  });
});
