// Data in, text out: a trace written as a table, and what one check says of it. The only place that
// knows how a check is called.

import { DIAGNOSE_CHECKS } from "../src/diagnose/all-checks.ts";
import { diagnose } from "../src/diagnose/diagnose.ts";
import { mergePatch } from "../src/spec/merge-patch.ts";
import { parseSpec } from "../src/spec/parse-spec.ts";
import type { SpecInput } from "../src/spec/spec.ts";
import type { Chance, Trace, TraceRun } from "../src/trace/trace.ts";
import type { Confusion, LayerColumns, NonFinite } from "../src/trace/trace-event.ts";
import { type Curves, runOf } from "./trace-of.ts";

export interface RunCase {
  readonly curves?: Curves;
  /** Per dense layer, the head last. */
  readonly layers?: readonly Readonly<Record<string, readonly number[]>>[];
  readonly confusions?: readonly {
    readonly signal: Confusion["signal"];
    readonly epoch: number;
    readonly counts: readonly (readonly number[])[];
  }[];
  readonly firstNonFinite?: NonFinite | null;
  readonly status?: TraceRun["status"];
  readonly steps?: number;
}

export interface DiagnoseCase {
  /** One per training seed. */
  readonly runs: readonly RunCase[];
  readonly layers?: SpecInput["model"]["layers"];
  readonly data?: object;
  readonly train?: object;
  readonly chance?: Chance;
  readonly everySteps?: number;
  readonly classCounts?: readonly number[];
  readonly trainRows?: number;
}

const BALANCED: Chance = { loss: Math.LN2, accuracy: 0.5, valLoss: Math.LN2, valAccuracy: 0.5 };

export function traceOfCase(change: DiagnoseCase): Trace {
  const base = {
    name: "sample",
    data: {
      source: {
        kind: "numpy",
        features: { rand: [400, 4] },
        labels: { randint: { low: 0, high: 2, size: 400 } },
      },
      split: { testSize: 0.25 },
    },
    model: {
      layers: change.layers ?? [
        { units: 16, activation: "relu" },
        { units: 16, activation: "relu" },
        { units: 1, activation: "sigmoid" },
      ],
    },
    train: { loss: "binaryCrossentropy", epochs: 50 },
    seeds: { training: change.runs.length },
  };
  const spec = parseSpec(mergePatch(base, { data: change.data, train: change.train }), {
    allowUntrainable: true,
  });
  const chance = change.chance ?? BALANCED;
  const classCounts = change.classCounts ?? [150, 150];
  return {
    version: 1,
    spec,
    engine: { name: "cpu", adapter: "a test", reason: "a test", versions: {} },
    variants: [
      {
        name: "baseline",
        network: "4-16-16-1 relu relu sigmoid",
        parameters: 369,
        epochs: spec.train.epochs,
        trainRows: change.trainRows ?? classCounts.reduce((a, b) => a + b, 0),
        testRows: chance.valLoss === undefined ? 0 : 100,
        inputs: 4,
        classCounts,
      },
    ],
    planned: change.runs.length,
    runs: change.runs.map((run, seed) => tracedRun(run, seed, chance, change.everySteps ?? 10)),
  };
}

/** What one check says of the case, one line per finding, as a person reads it. */
export function diagnoseLines(id: string, change: DiagnoseCase): string[] {
  const checks = DIAGNOSE_CHECKS.filter((check) => check.id === id);
  if (checks.length === 0) throw new Error(`There is no check ${id}.`);
  const { findings, notMeasured, unclear } = diagnose(traceOfCase(change), checks);
  return [
    ...findings.map(({ severity, where, says }) => `${severity} at ${where}: ${says}`),
    ...notMeasured.map(({ probes }) => `not measured: ${probes.join(", ")}`),
    ...unclear.map(({ says }) => `unclear: ${says}`),
  ];
}

function tracedRun(run: RunCase, seed: number, chance: Chance, everySteps: number): TraceRun {
  const traced = runOf("baseline", seed, 0, run.curves ?? { loss: [0.5] }, chance);
  const { layers = [], confusions = [], firstNonFinite } = run;
  return {
    ...traced,
    status: run.status ?? traced.status,
    steps: run.steps ?? traced.steps,
    probes: {
      asked: [],
      everySteps,
      layers: layers.map(
        (columns) =>
          Object.fromEntries(
            Object.entries(columns).map(([name, values]) => [name, Float32Array.from(values)]),
          ) as LayerColumns,
      ),
      confusions: confusions.map(({ counts, ...confusion }) => ({
        ...confusion,
        classes: counts.length,
        counts: Uint32Array.from(counts.flat()),
      })),
      ...(firstNonFinite === undefined ? {} : { firstNonFinite }),
    },
  };
}
