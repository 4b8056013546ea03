// What a page loads, and when, in bytes after gzip: the files that a browser asked for, each counted for
// the first part that needs it. Bytes are those of the built files, so a budget moves with them alone.

import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { LabBrowser, labTag, smallSpec, untilTold } from "./lab-page.ts";

const dist = resolve(import.meta.dirname, "../dist");
/** What every entry and every part loads at once. */
const modules = JSON.parse(readFileSync(resolve(dist, "modules.json"), "utf8")) as Record<
  string,
  readonly string[]
>;

let lab: LabBrowser;

beforeAll(async () => {
  lab = await LabBrowser.start();
});

afterAll(() => lab.close());

/** The parts in the order in which a page comes to need them, by what loads each. */
const PARTS = {
  shell: ["src/define.ts"],
  controls: ["src/view/view.ts"],
  plots: ["src/view/pictures.ts"],
  "engine and kernels": ["src/parts/webgpu.ts"],
  "engine of the CPU": ["src/parts/cpu.ts", "src/worker/cpu-worker.ts", "src/worker/cpu-pool.ts"],
  worker: ["src/worker/lab-worker.ts", "src/worker/train-population.ts"],
  "panels to change it": ["src/view/panels.ts"],
  "readers of specs and data": ["src/worker/experiment.ts"],
  checks: ["src/worker/checks.ts"],
  "self-check of an adapter": ["../engine-webgpu/src/known-answer.ts"],
  report: ["src/worker/shown-report.ts"],
  "decision surface": ["src/worker/decision-surface.ts"],
} as const;

type Part = keyof typeof PARTS;

function kibOf(files: Iterable<string>): number {
  let bytes = 0;
  for (const file of files) {
    bytes += gzipSync(readFileSync(resolve(dist, file)), { level: 9 }).length;
  }
  return bytes / 1024;
}

/** KiB of each part of what was loaded, printed so that a document can name the command that did. */
function sizesOf(title: string, loaded: readonly string[]): Partial<Record<Part, number>> {
  const left = new Set(loaded);
  const sizes: Partial<Record<Part, number>> = {};
  for (const [part, entries] of Object.entries(PARTS) as [Part, readonly string[]][]) {
    expect(Object.keys(modules)).toEqual(expect.arrayContaining([...entries]));
    // What two parts share counts for the first that is there.
    const here = entries.filter((entry) => loaded.includes(modules[entry][0]));
    const own = here.flatMap((entry) => modules[entry]).filter((file) => left.delete(file));
    if (own.length > 0) sizes[part] = kibOf(own);
  }
  expect([...left], "files of no part").toEqual([]);
  const lines = Object.entries(sizes).map(([part, kib]) => `  ${kib.toFixed(1)} KiB ${part}`);
  const all = `  ${kibOf(loaded).toFixed(1)} KiB in all, ${loaded.length} files`;
  console.log([title, ...lines, all].join("\n"));
  return sizes;
}

const sum = (sizes: Partial<Record<Part, number>>, ...parts: readonly Part[]) =>
  parts.reduce((total, part) => total + (sizes[part] ?? 0), 0);

/** Opens a page, lets its element be seen, and trains it where an engine is named. */
async function loadedBy(spec: object | undefined, engine?: string): Promise<string[]> {
  lab.takeSent();
  const { page, errors, close } = await lab.open(labTag(spec, engine && `engine="${engine}"`));
  await page.locator("convergence-lab button").first().waitFor();
  if (engine !== undefined) {
    await page.locator("convergence-lab").evaluate((element) => {
      void (element as unknown as { train(): Promise<unknown> }).train();
    });
    await untilTold(page, "lab-finish");
  }
  expect(errors).toEqual([]);
  await close();
  return lab.takeSent();
}

/** Three features: there is no plane to draw a decision surface over. */
function threeColumns(): object {
  const rows = Array.from({ length: 40 }, (_, i) => [i % 7, (i % 4) / 4, (3 * i) % 5]);
  return smallSpec({
    data: { source: { kind: "inline", rows, labels: rows.map(([first]) => (first > 3 ? 1 : 0)) } },
  });
}

test("the shell and what an element shows before anything trains", async () => {
  const sizes = sizesOf("an element that is seen", await loadedBy(smallSpec()));
  expect(Object.keys(sizes)).toEqual(["shell", "controls"]);
  expect(sizes.shell).toBeLessThanOrEqual(12);
  expect(sum(sizes, "shell", "controls")).toBeLessThanOrEqual(20);
});

test("engine, kernels and plots are within 60 KiB where a GPU trains", async () => {
  const loaded = await loadedBy(threeColumns(), "webgpu");
  const sizes = sizesOf("an element that trains on a GPU", loaded);
  expect(sizes).toHaveProperty("engine and kernels");
  expect(sizes).not.toHaveProperty("engine of the CPU");
  expect(sum(sizes, "plots", "engine and kernels")).toBeLessThanOrEqual(60);
  expect(kibOf(loaded)).toBeLessThanOrEqual(180);
});

test("and where there is none", async () => {
  const loaded = await loadedBy(threeColumns(), "cpu");
  const sizes = sizesOf("an element that trains without a GPU", loaded);
  expect(sizes).toHaveProperty("engine of the CPU");
  expect(sizes).not.toHaveProperty("engine and kernels");
  expect(sum(sizes, "plots", "engine of the CPU")).toBeLessThanOrEqual(60);
  expect(kibOf(loaded)).toBeLessThanOrEqual(155);
});

test("files are read, diagnosed and trained on TensorFlow.js by what comes when it is asked for", () => {
  const before = new Set(Object.values(PARTS).flatMap((entries) => entries.flatMap(filesOf)));
  for (const part of ["read-files", "doctor"]) {
    expect(before).not.toContain(modules[`src/worker/${part}.ts`][0]);
  }
  const texts = [...before].map((file) => readFileSync(resolve(dist, file), "utf8")).join("");
  expect(texts).not.toContain("TFJS_BACKEND_UNAVAILABLE");
  expect(texts).not.toContain("PAR1");
});

function filesOf(entry: string): readonly string[] {
  return modules[entry];
}
