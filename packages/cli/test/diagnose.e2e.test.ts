// clab diagnose: what goes to stdout, what is written, and which exit code says what.

import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Report } from "@convergence-lab/core";
import { describe, expect, test } from "vitest";
import { clab, temporaryFolder } from "./clab.ts";

const CPU = ["--engine", "cpu"];
const folder = temporaryFolder();

test("article 1: the cause is feature scale, and the fix is written in every form", async () => {
  const out = temporaryFolder();
  const at = (name: string) => join(folder, name);
  const { code, stdout, stderr } = await clab([
    ...["diagnose", "examples/article-1.yaml", ...CPU, "--out", out],
    ...["--fail-on", "unscaled-features", "--export-json", at("a.json")],
    ...["--export-html", at("a.html"), "--export-markdown", at("a.md")],
    ...[
      "--export-spec",
      at("a.yaml"),
      "--export-keras",
      at("a.py"),
      "--export-patch",
      at("a.diff"),
    ],
  ]);
  expect(code, stderr).toBe(1);
  expect(stderr).toContain("Diagnosing unnormalized, the first of 2 variants");
  expect(stderr).toMatch(/^baseline: /m);
  const report = JSON.parse(readFileSync(at("a.json"), "utf8")) as Report;
  expect(report.diagnosis?.causes[0].id).toBe("unscaled-features");
  expect(report.diagnosis?.outcome).toBe("fixed");
  expect(Object.keys(report.variants)).toEqual(["baseline", "prescribed"]);
  expect(readFileSync(at("a.diff"), "utf8")).toContain(
    "\n-  unnormalized: {}\n+  unnormalized: { data: { preprocess: [standardize] } }\n",
  );
  expect(readFileSync(at("a.py"), "utf8")).toContain("StandardScaler()");
  expect(readFileSync(at("a.html"), "utf8")).toContain("<h2>What was tried</h2>");
  expect(readFileSync(at("a.md"), "utf8")).toContain("## What to change");

  // The corrected spec is one, and the saved run gives the report again.
  const data = await clab(["data", at("a.yaml"), "--format", "json"]);
  expect(data.code, data.stderr).toBe(0);
  const [name] = readdirSync(out);
  const again = await clab(["report", join(out, name)]);
  expect(again.stdout).toBe(stdout);
});

test("a table without a network: how it was read on stderr, the report alone on stdout", async () => {
  const out = temporaryFolder();
  const args = ["diagnose", "test-fixtures/data/iris.csv", "--target", "class", ...CPU];
  const { code, stdout, stderr } = await clab([...args, "--out", out, "--reporter", "json"]);
  expect(code, stderr).toBe(0);
  expect(stderr).toContain(
    "150 rows, 4 columns to learn from; class is setosa 50, versicolor 50, virginica 50.",
  );
  const report = JSON.parse(stdout) as Report;
  expect(report.diagnosis).toBeDefined();
  expect(report.variants.baseline).toMatchObject({
    network: "4-64-32-3 relu relu softmax",
    trainRows: 120,
    testRows: 30,
  });
  expect(readFileSync(join(out, readdirSync(out)[0], "report.json"), "utf8")).toBe(stdout);
});

test("a spec's network on a table; --quiet leaves stderr empty; GitHub gets places in the spec", async () => {
  const [spec, table, patch] = ["mine.yaml", "five.csv", "mine.diff"].map((n) => join(folder, n));
  writeFileSync(
    table,
    "large,label,small\n1000,0,.01\n2000,0,.02\n3000,1,.03\n4000,1,.04\n5000,1,.05\n",
  );
  writeFileSync(
    spec,
    `name: mine
data: { preprocess: [] } # as it comes
model: { layers: [{ units: 16, activation: relu }, { units: 1, activation: sigmoid }] }
train: { loss: binaryCrossentropy, epochs: 100 }
`,
  );
  const args = ["diagnose", table, "--target", "label", "--spec", spec, ...CPU, "--quiet"];
  const rest = ["--reporter", "github", "--out", temporaryFolder(), "--export-patch", patch];
  const { code, stdout, stderr } = await clab([...args, ...rest]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toMatch(`::warning file=${spec},line=2,col=21,title=unscaled features::`);
  expect(readFileSync(patch, "utf8")).toContain(
    "\n-data: { preprocess: [] } # as it comes\n+data: { preprocess: [standardize] } # as it comes\n",
  );
});

test("a Keras file's network on a table: the diagnosis, the patch and the code are about it", async () => {
  const at = (name: string) => join(folder, name);
  const dense = (units: number, activation: string) => ({
    class_name: "Dense",
    config: { name: `dense_${units}`, units, activation },
  });
  const broken = {
    class_name: "Sequential",
    config: { name: "s", layers: [dense(16, "relu"), dense(3, "softmax")] },
    compile_config: {
      loss: "sparse_categorical_crossentropy",
      optimizer: { class_name: "SGD", config: { learning_rate: 10 } },
    },
  };
  writeFileSync(at("broken.json"), JSON.stringify(broken));
  const { code, stdout, stderr } = await clab([
    ...["diagnose", "test-fixtures/data/iris.csv", "--target", "class", ...CPU],
    ...["--model", at("broken.json"), "--epochs", "40", "--fail-on", "learning-rate-too-high"],
    ...["--out", temporaryFolder(), "--reporter", "json"],
    ...["--export-patch", at("broken.diff"), "--export-keras", at("fixed.py")],
  ]);
  expect(code, stderr).toBe(1);
  expect(stderr).toContain("broken.json does not say, so taken are batches of 32 (--batch-size).");
  const report = JSON.parse(stdout) as Report;
  expect(report.diagnosis?.causes[0].id).toBe("learning-rate-too-high");
  expect(report.variants.baseline).toMatchObject({
    network: "4-16-3 relu softmax",
    epochs: 40,
  });
  const patch = readFileSync(at("broken.diff"), "utf8");
  expect(patch).toMatch(/^--- a\/broken\.yaml\n\+\+\+ b\/broken\.yaml\n/);
  expect(patch).toMatch(/\n- {2}learningRate: 10\n(\+.*\n)?\+ {2}learningRate: 0\./);
  const python = readFileSync(at("fixed.py"), "utf8");
  expect(python).toContain('layers.Dense(16, activation="relu"),');
  expect(python).toMatch(/optimizer=keras\.optimizers\.\w+\(learning_rate=0\./);
});

describe("mistakes", () => {
  const table = "test-fixtures/data/iris.csv";
  const model = "test-fixtures/models/m.keras";
  const wine = ["diagnose", "test-fixtures/data/wine.csv", "--target", "class"];
  test.each<[string, string[], number, string]>([
    ["no data", ["diagnose"], 2, "name a table or a spec"],
    ["no target", ["diagnose", table], 3, 'for instance --target "class"'],
    [
      "a target that is not there",
      ["diagnose", table, "--target", "clas"],
      3,
      'Did you mean "class"?',
    ],
    ["no such file", ["diagnose", "no.csv", "--target", "x"], 3, "there is no such file"],
    ["one seed", ["diagnose", table, "--target", "class", "--seeds", "1"], 2, "--seeds is 1"],
    [
      "a model of other columns",
      [...wine, "--model", model],
      3,
      "m.keras takes 4 numbers per row, and test-fixtures/data/wine.csv gives 13: alcohol,",
    ],
    [
      "a model that is none",
      [...wine, "--model", "README.md"],
      3,
      "cannot read README.md: it is no JSON",
    ],
    ["a model that is not there", [...wine, "--model", "no.h5"], 3, "there is no such file"],
    ["a model and a spec", [...wine, "--model", model, "--spec", "x.yaml"], 2, "give one of them"],
    [
      "weights that are not there",
      [
        ...["diagnose", table, "--target", "class", "--initial-weights"],
        "--model",
        `${model.slice(0, -5)}json`,
      ],
      2,
      "--initial-weights: m.json holds a network without weights",
    ],
    ["epochs without a model", [...wine, "--epochs", "3"], 2, "--epochs goes with --model"],
    ["half an epoch", [...wine, "--model", model, "--epochs", "0.5"], 2, "--epochs is 0.5"],
    [
      "a loss that is none",
      [...wine, "--model", model, "--loss", "crossentropy"],
      2,
      "it must be one of binaryCrossentropy",
    ],
    [
      "a cause that is none",
      ["diagnose", table, "--fail-on", "dead-unit"],
      2,
      'Did you mean "dead-units"?',
    ],
    [
      "table options with a spec",
      ["diagnose", "examples/article-1.yaml", "--drop", "a"],
      2,
      "--drop goes with a table",
    ],
    [
      "a variant that is none",
      ["diagnose", "examples/article-1.yaml", "--variant", "x"],
      2,
      "unnormalized, normalized",
    ],
    ["a log that is none", ["diagnose", "--log", "README.md"], 3, "holds no progress of Keras"],
    ["an unknown page", ["explain", "dead-unit"], 2, 'Did you mean "dead-units"?'],
  ])("%s", async (_, args, expected, message) => {
    const out = join(folder, "never");
    const options = args[0] === "diagnose" && args.length > 1 ? ["--out", out] : [];
    const { code, stdout, stderr } = await clab([...args, ...options]);
    expect(stderr).toContain(message);
    expect({ code, stdout }).toEqual({ code: expected, stdout: "" });
    expect(existsSync(out)).toBe(false);
  });
});

describe("what Keras printed", () => {
  const epochs = Array.from({ length: 30 }, (_, i) => {
    const loss = (Math.LN2 + 0.0002 * Math.sin(i)).toFixed(4);
    return `Epoch ${i + 1}/30\n25/25 [====] - 0s 2ms/step - loss: ${loss} - accuracy: 0.5010\n`;
  });

  test("is judged by its curves, from a file or stdin, and what they cannot tell is named", async () => {
    const log = join(folder, "keras.txt");
    writeFileSync(log, epochs.join(""));
    const fromFile = await clab(["diagnose", "--log", log]);
    expect(fromFile.code, fromFile.stderr).toBe(0);
    expect(fromFile.stdout).toContain("plateau-at-constant");
    expect(fromFile.stdout).toContain("One run is an anecdote");
    expect(fromFile.stdout.replace(/\s+/g, " ")).toContain("Not measured, because a log holds");
    const args = ["diagnose", "--log", "-", "--fail-on", "error", "--reporter", "json"];
    const piped = await clab(args, { stdin: epochs.join("") });
    expect(piped.code).toBe(1);
    const { findings } = JSON.parse(piped.stdout) as Report;
    expect(findings.map(({ id }) => id)).toEqual(["plateau-at-constant"]);
  });

  test("ten classes make of the same numbers another case", async () => {
    const args = ["diagnose", "--log", "-", "--classes", "10", "--fail-on", "note"];
    const { code, stdout } = await clab(args, { stdin: epochs.join("") });
    expect(stdout).toContain("The curves alone show nothing that is wrong.");
    expect(code).toBe(0);
  });
});

test("every check is listed", async () => {
  const listed = JSON.parse((await clab(["list-checks", "--json"])).stdout) as { id: string }[];
  const table = await clab(["list-checks"]);
  for (const { id } of listed) expect(table.stdout).toContain(`  ${id} `);
});

// The pages are written elsewhere; without them nothing is to be explained.
test("clab explain tells more", async () => {
  const { code, stdout } = await clab(["explain", "dead-units"]);
  expect(code).toBe(0);
  expect(stdout).toContain("dead");
});
