// A spec that names a table, in the commands that train and that show data; and files that are none.

import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { zipSync } from "fflate";
import { expect, test } from "vitest";
import { clab, root, temporaryFolder } from "./clab.ts";

const folder = temporaryFolder();
const iris = readFileSync(join(root, "test-fixtures/data/iris.csv"));

function specOf(path: string): string {
  const file = join(folder, `${path.replaceAll(/[^a-z]/gi, "-")}.yaml`);
  writeFileSync(
    file,
    `name: flowers
data:
  source: { kind: table, path: ${JSON.stringify(path)}, target: class }
  split: { testSize: 0.2, stratify: true }
  preprocess: [standardize]
model: { layers: [{ units: 8, activation: relu }, { units: 3, activation: softmax }] }
train: { loss: sparseCategoricalCrossentropy, learningRate: 0.05, epochs: 20 }
seeds: { training: 2 }
`,
  );
  return file;
}

test("a table is trained on, gzipped too, and its report is made again without it", async () => {
  writeFileSync(join(folder, "iris.csv.gz"), gzipSync(iris));
  const out = temporaryFolder();
  const args = ["run", specOf("iris.csv.gz"), "--engine", "cpu", "--out", out];
  const { code, stdout, stderr } = await clab(args);
  expect(code, stderr).toBe(0);
  const [name] = readdirSync(out);
  const report = JSON.parse(readFileSync(join(out, name, "report.json"), "utf8"));
  expect(report.variants.baseline.final.valAccuracy.mean).toBeGreaterThan(0.8);
  expect(report.variants.baseline.classes).toEqual(["setosa", "versicolor", "virginica"]);
  rmSync(join(folder, "iris.csv.gz"));
  const again = await clab(["report", join(out, name)]);
  expect(again.code, again.stderr).toBe(0);
  expect(again.stdout).toBe(stdout);
});

test("clab data writes what the network sees of a table", async () => {
  writeFileSync(join(folder, "iris.csv"), iris);
  const { code, stdout } = await clab(["data", specOf("iris.csv"), "--part", "test"]);
  expect(code).toBe(0);
  const lines = stdout.trimEnd().split("\n");
  expect(lines[0]).toBe("sepal_length,sepal_width,petal_length,petal_width,label");
  expect(lines).toHaveLength(31);
});

test.each<[string, Uint8Array | string, string]>([
  ["absent.csv", "", "there is no such file"],
  ["empty.csv", "", "is empty"],
  ["cut-off.csv.gz", gzipSync(iris).subarray(0, 200), "it is compressed and cut off or damaged"],
  ["book.csv", "PK\u0003\u0004rest", "an archive, perhaps a workbook: save its table as CSV"],
  ["array.csv", Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0), "was cut off"],
  ["one-class.csv", "a,class\n1,x\n2,x\n", 'is "x" in all 2 rows'],
  ["bytes.csv", Uint8Array.of(1, 0, 2, 0, 255, 0), "is not text"],
  ["cut-off.csv", iris.subarray(0, 1000), "see whether the file was cut off"],
  ["twice.csv", "a,b,a,class\n1,2,3,x\n", 'columns 1 and 3 are both called "a"'],
  ["ragged.csv", "a,class\n1,x\n1,2,x\n3,y\n", "ragged.csv:3: 3 cells"],
  ["infinite.csv", "a,class\n1,x\ninf,y\n3,x\n4,y\n", 'infinite.csv:3 it holds "inf"'],
  ["bomb.npz", npzBomb(), "holds 3,072 MB where 512 MB are read at most"],
  ["target.csv", "a,klass\n1,x\n2,y\n", 'Did you mean "klass"?'],
])("%s is refused with exit code 3", async (name, content, message) => {
  if (!name.startsWith("absent")) writeFileSync(join(folder, name), content);
  const out = temporaryFolder();
  const { code, stdout, stderr } = await clab(["run", specOf(name), "--out", out]);
  expect(stderr).toContain(message);
  expect(stderr).toContain(name);
  expect({ code, stdout, written: readdirSync(out) }).toEqual({ code: 3, stdout: "", written: [] });
});

/** An archive whose one array is said to unpack to 3 GB. */
function npzBomb(): Uint8Array {
  const archive = zipSync({ "x.npy": [new Uint8Array(1000), { level: 9 }] });
  const view = new DataView(archive.buffer);
  const directory = archive.findIndex((_, i) => view.getUint32(i, true) === 0x02014b50);
  view.setUint32(directory + 24, 3 * 2 ** 30, true);
  return archive;
}

test("JSON is a table where it has rows, and a spec where it has a network", async () => {
  const [header, ...lines] = iris.toString().trim().split(/\r?\n/);
  const names = header.split(",");
  const records = lines.map((line) => {
    const cells = line.split(",").map((cell, j) => [names[j], j < 4 ? Number(cell) : cell]);
    return Object.fromEntries(cells);
  });
  const path = join(folder, "iris.json");
  writeFileSync(path, JSON.stringify(records));
  const { stderr, code } = await clab(["diagnose", path]);
  expect(stderr).toContain('for instance --target "class"');
  expect(code).toBe(3);
  const spec = join(folder, "spec.json");
  writeFileSync(spec, JSON.stringify({ name: "x", model: {}, train: {} }));
  expect((await clab(["diagnose", spec])).stderr).toContain("data is missing");
});

test("standard input, Parquet and NumPy are tables too; what was found is said", async () => {
  const options = ["--engine", "cpu", "--seeds", "2", "--out", temporaryFolder(), "--reporter"];
  const table = [...options, "json", "--target", "class"];
  const piped = await clab(["diagnose", "-", ...table], { stdin: iris.toString() });
  expect(piped.code, piped.stderr).toBe(0);
  expect(piped.stderr).toContain("standard input: 150 rows, 4 columns to learn from");
  expect(piped.stderr).toContain("Read as numbers: 4 columns.");
  const parquet = join(root, "test-fixtures/formats/d_zstd.parquet");
  const missing = await clab(["diagnose", parquet, ...options, "json", "--target", "labels"]);
  expect(missing.stderr).toContain('Did you mean "label"?');
  expect({ code: missing.code, stdout: missing.stdout }).toEqual({ code: 3, stdout: "" });
});

test("a table of another encoding and separator is described on the command line", async () => {
  const path = join(folder, "latin.txt");
  const cells = iris
    .toString()
    .trim()
    .split("\n")
    .map((line) => line.split(","));
  const rows = cells.map((row) => row.map((cell) => cell.replace(".", ",")).join(";"));
  const text = rows.join("\r\n").replaceAll("setosa", "gr\u00fcn");
  writeFileSync(path, Buffer.from(text, "latin1"));
  const args = ["diagnose", path, "--target", "class", "--engine", "cpu", "--seeds", "2"];
  const { code, stderr } = await clab([...args, "--out", temporaryFolder()]);
  expect(code, stderr).toBe(0);
  expect(stderr).toContain("gr\u00fcn 50");
  expect(stderr).toContain("was read as windows-1252");
  expect(stderr).toContain("Read with a comma before fractions: sepal_length");
});
