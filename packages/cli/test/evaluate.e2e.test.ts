import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { clab, temporaryFolder } from "./clab.ts";

/** Two rows that a network tells apart when it is trained for longer. */
const TWO_ROWS = {
  id: "two-rows",
  task: "binary",
  data: {
    generator: "table",
    columns: ["x", "y", "class"],
    rows: [
      [0, 1, 0],
      [1, 0, 1],
    ],
    target: "int01",
    split: null,
  },
  layers: [],
  output: { units: 1, activation: "sigmoid" },
  loss: "binary_crossentropy",
  optimizer: { name: "sgd", lr: 0.001 },
  batch: 2,
  epochs: 5,
  faults: [
    { code: "LR_LOW", severity: "root" },
    { code: "EPOCHS", severity: "root" },
  ],
  checked: {
    verdict: "fix-proven",
    on: "train",
    withFix: { accuracy: [1, 0], trainAccuracy: [1, 0] },
  },
};

test("a line per case, the totals, and both as JSON and Markdown", async () => {
  const folder = temporaryFolder();
  const [file, json, markdown] = ["cases.json", "out.json", "out.md"].map((n) => join(folder, n));
  const amount = { ...TWO_ROWS, id: "amount", data: { ...TWO_ROWS.data, target: "float" } };
  writeFileSync(file, JSON.stringify({ cases: [TWO_ROWS, amount, { id: "no case" }] }));
  const exports = ["--export-json", json, "--export-markdown", markdown];
  const { code, stdout } = await clab(["evaluate", file, "--engine", "cpu", ...exports]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^\S+ +two-rows {2}faulty: LR_LOW EPOCHS/m);
  expect(stdout).toMatch(/^refused +amount {2}targets are float/m);
  expect(stdout).toMatch(/^refused +no case {2}task: /m);
  const { cases, totals } = JSON.parse(readFileSync(json, "utf8"));
  expect(cases.map((each: { status: string }) => each.status)).toEqual([
    "scored",
    "refused",
    "refused",
  ]);
  expect(Object.keys(totals)).toEqual([
    "n",
    "recallRank1",
    "recallTop3",
    "precision",
    "falseAlarmsOnControls",
    "controls",
    "provenFix",
    "falseClaims",
    "seconds",
  ]);
  expect(totals).toMatchObject({ n: 1, controls: 0 });
  expect(readFileSync(markdown, "utf8")).toContain("| two-rows | LR_LOW EPOCHS (faulty) |");
});

test("what is no file of cases is said, and a suite without its tables names the folder", async () => {
  const file = join(temporaryFolder(), "spec.json");
  writeFileSync(file, JSON.stringify({ name: "x" }));
  const noCases = await clab(["evaluate", file]);
  expect(noCases).toMatchObject({ code: 3, stdout: "" });
  expect(noCases.stderr).toContain("this is no file of benchmark cases: cases: ");
  const noTables = await clab(["evaluate", "injected", "--tables", temporaryFolder()]);
  expect(noTables).toMatchObject({ code: 3, stdout: "" });
  expect(noTables.stderr).toContain("iris.csv: there is no such file");
});
