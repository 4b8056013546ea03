// What a page loads, and when, in bytes after gzip: of built files, so that it moves with them alone.

import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";

const dist = resolve(import.meta.dirname, "../dist");
const modules = JSON.parse(readFileSync(resolve(dist, "modules.json"), "utf8")) as Record<
  string,
  readonly string[]
>;

/** Files that the entries load at once, each once. */
function filesOf(...entries: readonly string[]): Set<string> {
  return new Set(
    entries.flatMap((entry) => {
      expect(Object.keys(modules)).toContain(entry);
      return modules[entry];
    }),
  );
}

function kibOf(files: Iterable<string>): number {
  let bytes = 0;
  for (const file of files) {
    bytes += gzipSync(readFileSync(resolve(dist, file)), { level: 9 }).length;
  }
  return bytes / 1024;
}

const SHELL = ["src/define.ts"];
const SEEN = [...SHELL, "src/view/view.ts"];
const TURNED_TO = [...SEEN, "src/worker/lab-worker.ts", "src/worker/experiment.ts"];
const TRAINED = [...TURNED_TO, "src/parts/cpu.ts", "src/worker/train-population.ts"];

// What is measured is printed, so that a document can name the command that printed it.
test.each([
  ["the shell", SHELL, 12],
  ["an element that is seen", SEEN, 60],
  ["one that a reader turns to, with its worker", TURNED_TO, 130],
  ["one that trains without a GPU", TRAINED, 190],
  ["one that trains on a GPU", [...TRAINED, "src/parts/webgpu.ts"], 250],
])("%s is within its budget", (what, entries, most) => {
  const kib = kibOf(filesOf(...entries));
  console.log(`${what}: ${kib.toFixed(1)} KiB of ${most}`);
  expect(kib).toBeLessThanOrEqual(most);
});

test("plots and the engine of a machine without a GPU, without the reader of specs, are within 60 KiB", () => {
  const reader = filesOf("src/worker/experiment.ts");
  const files = [...filesOf(...SEEN, "src/parts/cpu.ts")].filter((file) => !reader.has(file));
  expect(kibOf(files)).toBeLessThanOrEqual(60);
});

test("readers, TensorFlow.js and the doctor come when they are asked for", () => {
  const before = filesOf(...TRAINED);
  for (const part of ["read-files", "doctor"]) {
    expect(before).not.toContain(modules[`src/worker/${part}.ts`][0]);
  }
  const texts = [...before].map((file) => readFileSync(resolve(dist, file), "utf8")).join("");
  expect(texts).not.toContain("TFJS_BACKEND_UNAVAILABLE");
  expect(texts).not.toContain("PAR1");
});
