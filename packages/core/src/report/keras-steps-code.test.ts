/// <reference types="node" />
import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { parseSpec } from "../spec/parse-spec.ts";
import { kerasCode } from "./keras-code.ts";

const STEPS = [
  { step: "impute", strategy: "mostFrequent", indicator: true },
  { step: "log", columns: ["a"] },
  "signedLog",
  { step: "clip", quantiles: [0.01, 0.99] },
  { step: "clip", min: -3, max: 3 },
  { step: "oneHot", columns: ["b"], dropFirst: true },
  "ordinal",
  "dropConstant",
  { step: "dropCorrelated", above: 0.9 },
  "polynomial",
  "robust",
  { step: "minMax", range: [-1, 1] },
  { step: "pca", components: 0.95, whiten: true },
];

function codeOf(data: object): string {
  const rows = Array.from({ length: 6 }, (_, i) => [i, i % 3]);
  return kerasCode(
    parseSpec({
      name: "t",
      data: {
        source: { kind: "inline", rows, labels: rows.map(([i]) => i % 2), columns: ["a", "b"] },
        split: { testSize: 0.5 },
        ...data,
      },
      model: { layers: [{ units: 1, activation: "sigmoid" }] },
      train: { loss: "binaryCrossentropy", epochs: 1, classWeight: "balanced" },
    }),
  );
}

test("steps are a pipeline of scikit-learn, by name where a step is for some columns", () => {
  const code = codeOf({ preprocess: ["robust", { step: "log", columns: ["a"] }] });
  expect(code).toContain('names = ["a", "b"]');
  expect(code).toContain(
    "x_test = steps.transform(pd.DataFrame(x_test, columns=names)).to_numpy()",
  );
  expect(code).toContain('.set_output(transform="pandas")');
  expect(codeOf({ preprocess: ["robust"] })).toContain(
    "steps = make_pipeline(RobustScaler())\nx_train = steps.fit_transform(x_train)",
  );
});

test("order, merged classes, copies and balanced weights", () => {
  const code = codeOf({
    shuffle: { randomState: 3 },
    mergeClasses: { one: [1] },
    oversample: { randomState: 4 },
  });
  expect(code).toContain('labels = pd.Series(labels).astype(str).replace({"1": "one"}).to_numpy()');
  expect(code).toContain("x, labels = shuffle(x, labels, random_state=3)");
  expect(code).toContain("random = np.random.RandomState(4)");
  expect(code).toContain('compute_class_weight("balanced", classes=found, y=numbers)');
});

test.skipIf(spawnSync("python3", ["--version"]).status !== 0)("Python parses all of it", () => {
  const code = codeOf({ preprocess: STEPS, shuffle: {}, oversample: {}, mergeClasses: { a: [0] } });
  const { status, stderr } = spawnSync(
    "python3",
    ["-c", "import ast, sys; ast.parse(sys.stdin.read())"],
    {
      input: code,
      encoding: "utf8",
    },
  );
  expect(status, stderr).toBe(0);
});
