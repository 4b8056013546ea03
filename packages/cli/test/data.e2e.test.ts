import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { shortestFloat32 } from "@convergence-lab/core";
import { unzipSync } from "fflate";
import { expect, test } from "vitest";
import { clab, root, startClab, temporaryFolder } from "./clab.ts";

const reference = JSON.parse(
  readFileSync(join(root, "test-fixtures/reference/numpy.json"), "utf8"),
) as Record<string, { sha256_little_endian: Record<string, string> }>;

function sha256(values: ArrayBufferView): string {
  const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  return createHash("sha256").update(bytes).digest("hex");
}

test.each([
  ["article-2", "balanced", "article_example_2"],
  ["article-3", "optimal", "article_example_3"],
])("the csv of %s holds NumPy's numbers, digest for digest", async (spec, variant, key) => {
  const expected = reference[key].sha256_little_endian;
  for (const part of ["train", "test"]) {
    const args = ["data", `examples/${spec}.yaml`, "--variant", variant, "--part", part];
    const { code, stdout } = await clab([...args, "--format", "csv"]);
    expect(code).toBe(0);
    const [header, ...lines] = stdout.trimEnd().split("\n");
    const rows = lines.map((line) => line.split(",").map(Number));
    expect(header.split(",").at(-1)).toBe("label");
    expect(sha256(Float32Array.from(rows.flatMap((row) => row.slice(0, -1))))).toBe(
      expected[`X_${part}_f32`],
    );
    expect(sha256(Int32Array.from(rows.map((row) => row.at(-1)!)))).toBe(expected[`y_${part}_i32`]);
  }
});

test("the npz holds the same arrays, stored, in NumPy's format", async () => {
  const out = join(temporaryFolder(), "balanced.npz");
  const args = ["data", "examples/article-2.yaml", "--variant", "balanced", "--format", "npz"];
  expect((await clab([...args, "--out", out])).code).toBe(0);
  const entries = unzipSync(readFileSync(out));
  const x = readNpy(entries["x.npy"]);
  const y = readNpy(entries["y.npy"]);
  expect(x.header).toBe("{'descr': '<f4', 'fortran_order': False, 'shape': (800, 20), }");
  expect(y.header).toBe("{'descr': '<i4', 'fortran_order': False, 'shape': (800,), }");
  const expected = reference.article_example_2.sha256_little_endian;
  expect(sha256(x.data)).toBe(expected.X_train_f32);
  expect(sha256(y.data)).toBe(expected.y_train_i32);
});

function readNpy(bytes: Uint8Array) {
  const length = bytes[8] + 256 * bytes[9];
  expect((10 + length) % 64).toBe(0);
  const header = new TextDecoder().decode(bytes.subarray(10, 10 + length));
  return { header: header.trimEnd(), data: bytes.subarray(10 + length) };
}

test("json is what the network sees: standardized, with class names and indices", async () => {
  const args = ["data", "examples/article-1.yaml", "--variant", "normalized", "--format", "json"];
  const { stdout } = await clab(args);
  const { columns, classes, x, y } = JSON.parse(stdout);
  expect({ columns, classes, y }).toEqual({
    columns: ["large", "small"],
    classes: ["0", "1"],
    y: [0, 0, 1, 1, 1],
  });
  const large = x.map((row: number[]) => row[0]);
  // (1000 .. 5000 - 3000) / sqrt(2,000,000), rounded to float32.
  expect(large).toEqual([-2, -1, 0, 1, 2].map((step) => shortest(step / Math.SQRT2)));
});

function shortest(value: number): number {
  return Number(shortestFloat32(Math.fround(value)));
}

test("a data seed moves the data", async () => {
  const args = ["data", "examples/article-2.yaml", "--variant", "balanced"];
  const written = await clab(args);
  const moved = await clab([...args, "--data-seed", "1"]);
  expect(moved.stdout.length).toBeGreaterThan(100_000);
  expect(moved.stdout).not.toBe(written.stdout);
});

test("a reader that stops early is no error", async () => {
  const child = startClab(["data", "examples/article-2.yaml", "--variant", "balanced"]);
  child.stdout.once("data", () => child.stdout.destroy());
  const stderr = text(child.stderr);
  const code = await new Promise((done) => child.on("close", done));
  expect({ code, stderr: await stderr }).toEqual({ code: 0, stderr: "" });
});
