import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  chunkCount,
  chunkId,
  chunkRange,
  curvesTable,
  drawTrial,
  parseSweep,
  runExperiment,
  type Sweep,
  type SweepReport,
  shortestFloat32,
  type TrialCurve,
  type TrialRecord,
  tableCsv,
} from "@convergence-lab/core";
import { createSimdEngine } from "@convergence-lab/core/simd";
import { parquetReadObjects } from "hyparquet";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { RunFolder } from "../run-folder.ts";
import { SweepFolder } from "../sweep/sweep-folder.ts";
import { report } from "./report.ts";

let out: string;
let printed: string;

beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), "clab-report-"));
  printed = "";
  vi.spyOn(process.stdout, "write").mockImplementation((content, ...rest: unknown[]) => {
    printed += String(content);
    (rest.at(-1) as (error?: Error) => void)();
    return true;
  });
});

afterEach(() => {
  vi.restoreAllMocks();
  rmSync(out, { recursive: true });
});

function sweepOf(name: string, metric = { name: "val_loss", goal: "minimize" }): Sweep {
  const rows = Array.from({ length: 12 }, (_, i) => [i, i % 3]);
  return parseSweep({
    ...{ name, metric, method: "grid" },
    // Two trials.
    chunk: 4,
    parameters: { lr: [0.1, 0.2, 0.3], "train.batchSize": [2, 4] },
    spec: {
      name,
      data: {
        source: { kind: "inline", rows, labels: rows.map(([a]) => a % 2) },
        split: { testSize: 0.25 },
      },
      model: { layers: [{ units: 1, activation: "sigmoid" }] },
      train: { loss: "binaryCrossentropy", epochs: 2 },
      seeds: { training: 2 },
    },
  });
}

function recordOf(sweep: Sweep, index: number): TrialRecord {
  const { id, params } = drawTrial(sweep, index);
  const runs = [0, 1].map((trainingSeed) => {
    const valLoss = (params.lr as number) + trainingSeed / 100;
    const metrics = { loss: 1, accuracy: 0.5, valLoss, valAccuracy: 0.5 };
    const counts = { trainingSeed, dataSeed: 0, epochs: 2, steps: 4, bestEpoch: 1 };
    return { ...counts, state: "complete" as const, final: metrics, best: metrics };
  });
  const value = (params.lr as number) + 0.005;
  const outcome = { state: "complete", value, epochs: 2 } as const;
  return { index, id, ...outcome, params, engine: "cpu", adapter: "none", runs };
}

function curveOf({ metric }: Sweep, { index, id }: TrialRecord): TrialCurve {
  return { index, id, epochs: [1, 2], medians: { loss: [2, 1], [metric.name]: [0.9, 0.25] } };
}

/** The folder of a sweep with the trials of some of its chunks. */
function folderOf(name: string, sweep: Sweep, chunks?: readonly number[]): string {
  const path = join(out, name);
  const folder = SweepFolder.open(path, sweep, { fresh: false }, () => {});
  const engine = { name: "cpu", adapter: "none", reason: "made up", versions: {} } as const;
  for (const chunk of chunks ?? Array.from({ length: chunkCount(sweep) }, (_, i) => i)) {
    const { first, end } = chunkRange(sweep, chunk);
    const records = Array.from({ length: end - first }, (_, i) => recordOf(sweep, first + i));
    const curves = records.map((record) => curveOf(sweep, record));
    folder.add(chunk, { id: chunkId(sweep, chunk), records, curves, engine, modelSteps: 8 }, 1);
  }
  folder.close();
  return path;
}

/** A run that was trained into a folder, and its curves as a table. */
async function savedRun() {
  const path = join(out, "trained");
  let folder: RunFolder | undefined;
  const { trace } = await runExperiment(sweepOf("run").spec, createSimdEngine({ reason: "test" }), {
    onStart(spec, environment) {
      folder = RunFolder.create(path, spec, environment);
    },
    onRunFinished: (run) => folder?.add(run),
  });
  folder?.flush();
  return { folder: path, table: tableCsv(curvesTable(trace), shortestFloat32) };
}

async function reported(runs: readonly string[]): Promise<SweepReport> {
  printed = "";
  expect(await report({ runs, json: true })).toBe(0);
  return JSON.parse(printed) as SweepReport;
}

test("shards are read as one sweep, and overlapping folders count a trial once", async () => {
  const sweep = sweepOf("lr");
  const whole = await reported([folderOf("whole", sweep)]);
  expect(whole.sweeps[0].trials).toMatchObject({ total: 6, finished: 6, complete: 6 });
  const parts = [folderOf("a", sweep, [0]), folderOf("b", sweep, [0, 2])];
  const together = await reported(parts);
  expect(together.sweeps).toHaveLength(1);
  expect(together.sweeps[0].trials.finished).toBe(4);
  const { folders, ...rest } = (await reported([...parts, join(out, "whole")])).sweeps[0];
  const { folders: _, ...expected } = whole.sweeps[0];
  expect(folders).toHaveLength(3);
  expect(rest).toEqual(expected);
});

test("a folder that holds sweeps stands for them, and sweeps of one name keep apart", async () => {
  folderOf("one", sweepOf("lr"));
  folderOf("two", parseSweep({ ...written(), name: "lr", seeds: 3 }));
  const { sweeps } = await reported([out]);
  expect(sweeps.map(({ name }) => name.slice(0, 3))).toEqual(["lr-", "lr-"]);
  expect(new Set(sweeps.map(({ name }) => name)).size).toBe(2);
});

function written() {
  const { spec } = sweepOf("lr");
  return { spec, method: "grid", parameters: { lr: [0.1, 0.2] } };
}

test("different metrics are not compared", async () => {
  const least = folderOf("least", sweepOf("a"));
  const most = folderOf("most", sweepOf("b", { name: "val_accuracy", goal: "maximize" }));
  await expect(report({ runs: [least, most], json: false })).rejects.toThrow(
    `${most} is to maximize valAccuracy, and ${least} is to minimize valLoss: the best of the one is no better or worse than the best of the other. Report them one by one.`,
  );
});

test("what is no sweep goes alone, and has none of a sweep's files", async () => {
  const sweep = folderOf("lr", sweepOf("lr"));
  const other = join(out, "elsewhere");
  await expect(report({ runs: [sweep, other], json: false })).rejects.toThrow(
    `${other} is no folder of a sweep`,
  );
  await expect(report({ runs: [other], json: false })).rejects.toThrow("not a run folder");
  await expect(
    report({ runs: [other], json: false, exportCsv: join(out, "x.csv") }),
  ).rejects.toThrow("are of sweeps");
});

test("every file that is asked for", async () => {
  const file = (name: string) => join(out, "files", name);
  const runs = [folderOf("lr", sweepOf("lr"))];
  await report({
    ...{ runs, json: false },
    exportHtml: file("report.html"),
    exportJson: file("report.json"),
    exportMarkdown: file("report.md"),
    exportCsv: file("trials.csv"),
    exportCurves: file("curves.csv"),
    exportMlflow: file("mlruns"),
  });
  expect(printed).toContain("What matters");
  const text = (name: string) => readFileSync(file(name), "utf8");
  expect(text("report.html")).toContain("<title>Sweep lr</title>");
  expect((JSON.parse(text("report.json")) as SweepReport).sweeps[0].name).toBe("lr");
  expect(text("report.md")).toContain("# Sweep lr");
  expect(text("trials.csv").trimEnd().split("\r\n")).toHaveLength(1 + 12);
  const curves = text("curves.csv").trimEnd().split("\r\n");
  expect(curves).toHaveLength(1 + 12);
  expect(curves[2]).toMatch(/^lr,[0-9a-f]{16},0,2,1,,0\.25,$/);
  expect(text("report.html")).toContain("How the best learned");
  const [experiment] = readdirSync(file("mlruns"));
  const trials = readdirSync(file(`mlruns/${experiment}`)).filter((name) => name !== "meta.yaml");
  expect(trials).toHaveLength(6);
  for (const trial of trials) {
    for (const part of [
      "meta.yaml",
      "params/lr",
      "metrics/valLoss",
      "metrics/valLoss.median",
      "tags/mlflow.runName",
    ]) {
      expect(existsSync(file(`mlruns/${experiment}/${trial}/${part}`))).toBe(true);
    }
  }
});

test("a run has its curves in the same table as when it was trained", async () => {
  const path = join(out, "run.csv");
  const { folder, table } = await savedRun();
  await report({ runs: [folder], json: true, exportCurves: path });
  expect(readFileSync(path, "utf8")).toBe(table);
});

test("the table as Parquet", async () => {
  const path = join(out, "trials.parquet");
  await report({ runs: [folderOf("lr", sweepOf("lr"))], json: false, exportCsv: path });
  const bytes = readFileSync(path);
  const rows = await parquetReadObjects({
    file: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer,
  });
  expect(rows).toHaveLength(12);
  expect(rows[0]).toMatchObject({ sweep: "lr", trial: 0, "param.lr": 0.1, valLoss: 0.1 });
});
