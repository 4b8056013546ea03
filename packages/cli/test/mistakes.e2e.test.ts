// What goes wrong before anything is trained: every mistake has its sentence and its exit code.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { clab, temporaryFolder } from "./clab.ts";

const folder = temporaryFolder();

function specFile(name: string, text: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

test("a spec with several mistakes prints all of them with place and way out", async () => {
  const path = specFile(
    "mistakes.yaml",
    `name: bad spec
data:
  source: { kind: inline, rows: [[1, 2], [3]], labels: [0, 1, 1] }
model:
  layers:
    - { units: 0, activation: rleu }
    - { units: 3, activation: sigmoid }
train:
  loss: binaryCrossentrpy
  epoch: 5
`,
  );
  const { code, stdout, stderr } = await clab(["run", path]);
  expect(code).toBe(2);
  expect(stdout).toBe("");
  expect(stderr.replaceAll(path, "mistakes.yaml")).toMatchInlineSnapshot(`
    "error: the spec has 8 problems
      mistakes.yaml:1:7: name is "bad spec"; use letters, digits, '.', '_' and '-'.
      mistakes.yaml:3:42: data.source.rows[1] has 1 values but the first row has 2.
      mistakes.yaml:3:56: data.source.labels has 3 labels for 2 rows; give one per row.
      mistakes.yaml:6:16: model.layers[0].units is 0; it must be at least 1.
      mistakes.yaml:6:31: model.layers[0].activation is "rleu"; it must be "linear", "relu", "leakyReLU", "prelu", "elu", "selu", "gelu", "geluTanh", "sigmoid", "hardSigmoid", "tanh", "softplus", "softsign", "swish", "mish", "exponential" or "softmax". Did you mean "relu"?
      mistakes.yaml:9:3: train.epochs is missing; it must be a number.
      mistakes.yaml:9:9: train.loss is "binaryCrossentrpy"; it must be "binaryCrossentropy", "categoricalCrossentropy", "sparseCategoricalCrossentropy", "binaryFocalCrossentropy", "categoricalFocalCrossentropy", "hinge", "meanSquaredError" or "meanAbsoluteError". Did you mean "binaryCrossentropy"?
      mistakes.yaml:10:10: train.epoch "epoch" is not a key here. Did you mean "epochs"?
    "
  `);
});

test("text that is not YAML is located, all of it", async () => {
  const path = specFile("not.yaml", "a: [1\nb: 2\na: 3\n");
  const { code, stderr } = await clab(["run", path]);
  expect(code).toBe(2);
  expect(stderr).toContain(`${path}:2:1: `);
  expect(stderr).toContain(`${path}:3:1: Map keys must be unique`);
});

test.each([
  ["a list", "- 1\n", "is not a mapping"],
  ["an empty file", "", "is not a mapping"],
  ["zero rows", specText("rows: [], labels: []"), "data.source.rows"],
  ["one class", specText("rows: [[1], [2]], labels: [a, a]"), 'data.source.labels are all "a"'],
  [
    "a column that is not there",
    specText("rows: [[1], [2]], labels: [0, 1]", "drop: [id]"),
    '"id"',
  ],
  [
    "a split that leaves no row",
    specText("rows: [[1], [2]], labels: [0, 1]", "split: { testSize: 0.9 }"),
    /:2:\d+: data\.split cannot be carried out: testSize 0\.9 leaves none of 2 rows/,
  ],
  [
    "an infinite feature",
    specText("rows: [[1], [.inf]], labels: [0, 1]"),
    "is Infinity; it must be a finite number",
  ],
  [
    "a rate that is no number",
    `${specText("rows: [[1], [2]], labels: [0, 1]").replace("epochs: 2", "epochs: 2, learningRate: .nan")}`,
    "train.learningRate is NaN",
  ],
  ["a bomb of aliases", aliasBomb(), "write the values out"],
])("%s is refused with exit code 2", async (name, text, message) => {
  const { code, stderr } = await clab(["run", specFile(`${name}.yaml`, text)]);
  expect(stderr).toMatch(message);
  expect(stderr).not.toContain("a defect of clab");
  expect(code).toBe(2);
});

/** Ten lists, each nine times the one before. */
function aliasBomb(): string {
  const lists = Array.from({ length: 10 }, (_, i) => {
    const member = i === 0 ? "1" : `*l${i - 1}`;
    return `l${i}: &l${i} [${Array(9).fill(member).join(", ")}]`;
  });
  return `${lists.join("\n")}\n`;
}

function specText(source: string, rest = "preprocess: []"): string {
  return `name: small
data: { source: { kind: inline, ${source} }, ${rest} }
model: { layers: [{ units: 1, activation: sigmoid }] }
train: { loss: binaryCrossentropy, epochs: 2 }
`;
}

test.each([
  ["no such file", join(folder, "absent.yaml"), "there is no such file"],
  ["a folder", folder, "it is a folder"],
  ["bytes", specFile("bytes.yaml", Uint8Array.of(0xff, 0xfe, 0x80)), "it is not UTF-8 text"],
])("%s cannot be read: exit code 3", async (_name, path, message) => {
  for (const command of ["run", "data", "verify"]) {
    const { code, stdout, stderr } = await clab([command, path]);
    expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
    expect(stderr).toContain(message);
  }
});

test.each([
  [["rum", "x.yaml"], 'Did you mean "clab run"?'],
  [["run", "x.yaml", "--sedes", "3"], 'Did you mean "seeds"?'],
  [["run"], "clab run needs more than this"],
  [[], "Name a command"],
  [["run", "examples/article-1.yaml", "--seeds", "0"], "--seeds is 0"],
  [["run", "examples/article-1.yaml", "--seeds", "many"], "--seeds is NaN"],
  [["run", "examples/article-1.yaml", "--seeds"], "--seeds needs a value"],
  [["run", "examples/article-1.yaml", "--engine", "gpu"], "it must be auto, webgpu, tfjs or cpu"],
  [["data", "examples/article-1.yaml"], "unnormalized, normalized"],
  [["data", "examples/article-1.yaml", "--variant", "normalised"], 'Did you mean "normalized"?'],
  [["data", "examples/article-1.yaml", "--variant", "normalized", "--part", "test"], "no split"],
  [["report", "examples"], "not a run folder"],
])("clab %j says what is wrong", async (args, message) => {
  const { code, stdout, stderr } = await clab(args);
  expect(stderr).toContain(message);
  expect(stdout).toBe("");
  expect(code).toBe(args[0] === "report" ? 3 : 2);
});

test("text from a file cannot steer the terminal", async () => {
  const path = specFile("escape.yaml", 'name: "\\e[31mred"\n');
  const { stderr } = await clab(["run", path]);
  expect(stderr).not.toContain("\u001b");
});

test("help and version answer on stdout", async () => {
  const help = await clab(["run", "--help"]);
  expect(help.code).toBe(0);
  expect(help.stdout).toContain("--data-seeds");
  const version = await clab(["--version"]);
  expect(version.stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});
