import { mergePatch } from "@convergence-lab/core";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { editSpec } from "./edit-spec.ts";

const YAML = `# Mine.
name: wine # a table
data:
  source: { kind: table, path: wine.csv }   # as it came
  split: { testSize: 0.2 }

model:
  layers:
    # wide
    - { units: 64, activation: relu }
    - { units: 3, activation: softmax }

train:
  loss: sparseCategoricalCrossentropy
  optimizer: { name: adam, beta1: 0.8 }
  epochs: 100 # enough

variants:
  plain: {}
  deep:
    model: { layers: [{ units: 3 }] }
`;

test("a value is replaced, a key is added, and everything else stays", () => {
  const patch = {
    data: { preprocess: ["standardize"], split: { stratify: true } },
    train: { epochs: 500, learningRate: 0.01 },
  };
  expect(editSpec(YAML, patch)).toBe(
    YAML.replace(
      "{ testSize: 0.2 }",
      "{ testSize: 0.2, stratify: true }\n  preprocess: [standardize]",
    ).replace("epochs: 100 # enough", "epochs: 500\n  learningRate: 0.01 # enough"),
  );
});

test("a list is replaced whole, in the layout of the place", () => {
  const layers = [
    { units: 8, activation: "tanh" },
    { units: 3, activation: "softmax" },
  ];
  const edited = editSpec(YAML, { model: { layers } });
  expect(edited).toContain(`  layers:
    # wide
    - { units: 8, activation: tanh }
    - { units: 3, activation: softmax }

train:`);
});

test("another kind of thing replaces the old one", () => {
  const edited = editSpec(YAML, { train: { optimizer: { name: "sgd", momentum: 0.9 } } });
  expect(edited).toContain("  optimizer: { name: sgd, momentum: 0.9 }\n");
});

test("a variant's patch goes to the variant", () => {
  const patch = { data: { preprocess: ["minMax"] } };
  expect(editSpec(YAML, patch, ["variants", "plain"])).toContain(
    "  plain: { data: { preprocess: [minMax] } }\n",
  );
  expect(editSpec(YAML, patch, ["variants", "deep"])).toContain(
    "    model: { layers: [{ units: 3 }] }\n    data:\n      preprocess: [minMax]\n",
  );
});

test.each([
  [
    "on several lines",
    `{\n  "name": "x",\n  "data": {\n    "split": { "testSize": 0.2 }\n  },\n  "train": {}\n}\n`,
  ],
  ["on one line", `{"name":"x","data":{"split":{"testSize":0.2}},"train":{}}`],
])("JSON stays JSON, %s", (_, text) => {
  const patch = { data: { preprocess: ["standardize"] }, train: { optimizer: { name: "sgd" } } };
  const edited = editSpec(text, patch);
  expect(JSON.parse(edited)).toEqual(mergePatch(JSON.parse(text), patch));
});

test("whatever is patched, the text says what the patch says, or there is an error", () => {
  const patches = [
    { train: { loss: { name: "meanSquaredError" }, classWeight: { "a: b": 2, "": 1 } } },
    { model: { layers: [] }, data: { drop: ["#x", "- y", "'"] } },
    { data: { source: { kind: "inline", rows: [[1]], labels: ["x\ny"] } } },
  ];
  for (const patch of patches) {
    expect(parse(editSpec(YAML, patch))).toEqual(mergePatch(parse(YAML), patch));
  }
  expect(() => editSpec("name: x\ndata:\n", { data: { drop: ["a"] } })).toThrow("does not fit");
});
