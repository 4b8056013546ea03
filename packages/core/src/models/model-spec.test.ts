import { expect, test } from "vitest";
import { HEAD, kerasLayer, modelFixture, readJson, sequentialJson } from "../../test/keras-file.ts";
import { lint, loadDatasets, parseSpec, type ReadTable, tableKey } from "../index.ts";
import { type GivenTraining, modelSpec } from "./model-spec.ts";
import { readModel } from "./read-model.ts";

const ROWS = 30;

function table(columns: number): ReadTable {
  const names = Array.from({ length: columns }, (_, j) => `c${j}`);
  return {
    table: {
      rows: ROWS,
      columns: names,
      x: Float64Array.from({ length: ROWS * columns }, (_, i) => (i * 5) % 7),
      labels: Array.from({ length: ROWS }, (_, i) => "abc"[i % 3]),
    },
    source: { kind: "table", path: "data/t.csv", target: "label" },
    format: "text",
    features: [],
    classes: ["a", "b", "c"].map((name) => ({ name, rows: 10 })),
    withoutLabel: 0,
    notes: [],
  };
}

function specOf(source: unknown, given?: GivenTraining) {
  const model = source instanceof Uint8Array ? readModel("m.keras", source) : readJson(source);
  return modelSpec(model, table(4), { name: "m", file: "m.keras", ...(given ? { given } : {}) });
}

test("a compiled model: what the file says, and Keras's batch", () => {
  const { spec, taken } = specOf(modelFixture("m.keras"));
  expect(parseSpec(spec).train).toMatchObject({
    loss: { name: "sparseCategoricalCrossentropy" },
    optimizer: { name: "adam" },
    learningRate: 0.01,
    epochs: 100,
    batchSize: 32,
  });
  expect(spec.data.source).toMatchObject({ path: "data/t.csv", target: "label" });
  expect(taken).toEqual([
    "m.keras does not say, so taken are 100 epochs (--epochs), batches of 32 (--batch-size).",
  ]);
});

test("a model that was never compiled: everything that was taken is said", () => {
  const { spec, taken } = specOf(sequentialJson([HEAD]));
  expect(spec.train).toMatchObject({
    loss: "sparseCategoricalCrossentropy",
    optimizer: "adam",
    learningRate: 0.001,
  });
  expect(taken[0]).toContain("sparseCategoricalCrossentropy, by its head (--loss), the optimizer");
});

test("what is given counts more than the file, and an optimizer brings its own rate", () => {
  const given = { epochs: 7, batchSize: 8, optimizer: "sgd", loss: "hinge" } as const;
  const { spec, taken } = specOf(modelFixture("m.keras"), given);
  expect(spec.train).toEqual({
    loss: "hinge",
    optimizer: "sgd",
    learningRate: 0.01,
    epochs: 7,
    batchSize: 8,
  });
  expect(taken).toEqual([
    "m.keras does not say, so taken are a learning rate of 0.01 (--learning-rate).",
  ]);
});

test("a Normalization layer is a step of the spec, and what counts for nothing is passed on", () => {
  const { spec, notes } = specOf(sequentialJson([kerasLayer("Normalization"), HEAD]));
  expect(spec.data.preprocess).toEqual(["standardize"]);
  expect(notes[0]).toContain("m.keras: layer");
});

test.each([
  [3, "m.json takes 4 numbers per row, and data/t.csv gives 3: c0, c1, c2; give the table"],
  [5, "m.json takes 4 numbers per row, and data/t.csv gives 5: c0, c1, c2, c3, c4; leave columns"],
])("a table of %d columns for a model of 4", (columns, message) => {
  const named = { name: "m", file: "m.json" };
  expect(() => modelSpec(readJson(sequentialJson([HEAD])), table(columns), named)).toThrow(message);
});

test("a softmax over one unit is a spec, and lint says what is wrong with it", () => {
  const head = kerasLayer("Dense", { units: 1, activation: "softmax" });
  const { spec } = specOf(
    sequentialJson([head], { compile_config: { loss: "binary_crossentropy" } }),
  );
  const read = table(4);
  const parsed = parseSpec(spec, { allowUntrainable: true });
  const datasets = loadDatasets(parsed, new Map([[tableKey(read.source), read.table]]));
  expect(lint(parsed, datasets).map(({ id }) => id)).toContain("softmax-on-one-unit");
});
