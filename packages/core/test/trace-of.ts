// A trace written as a table, for tests: what was claimed, and each variant's curves by seed.

import type { SpecInput } from "../src/spec/spec.ts";
import { specSchema } from "../src/spec/spec.ts";
import type { Chance, Trace, TraceRun } from "../src/trace/trace.ts";
import type { EpochSignal } from "../src/trace/trace-event.ts";

export type Curves = Partial<Record<EpochSignal, readonly number[]>>;

/** The curves of one run; null: it diverged before its first epoch ended. */
export type RunTable = Curves | null;

export type ClaimInput = NonNullable<SpecInput["claims"]>[number];

export interface TraceTable {
  readonly name?: string;
  readonly title?: string;
  readonly claims?: ClaimInput[];
  /** Curves on the data as written, one entry per training seed 0, 1, ... */
  readonly training: Readonly<Record<string, readonly RunTable[]>>;
  /** Curves on data seeds 1, 2, ...; data seed 0 is training seed 0. */
  readonly data?: Readonly<Record<string, readonly RunTable[]>>;
  readonly chance?: Chance;
  readonly planned?: number;
}

const COIN_FLIPS: Chance = {
  loss: 0.69,
  accuracy: 0.51,
  valLoss: 0.695,
  valAccuracy: 0.49,
};

export function traceOf(table: TraceTable): Trace {
  const names = Object.keys(table.training);
  const chance = table.chance ?? COIN_FLIPS;
  const trainingSeeds = Math.max(1, ...names.map((name) => table.training[name].length));
  const dataSeeds = 1 + Math.max(0, ...Object.values(table.data ?? {}).map((runs) => runs.length));
  const spec = specSchema.parse({
    name: table.name ?? "sample",
    title: table.title,
    data: {
      source: {
        kind: "numpy",
        features: { rand: [1000, 20] },
        labels: { randint: { low: 0, high: 2, size: 1000 } },
      },
      split: { testSize: 0.2 },
    },
    model: {
      layers: [
        { units: 64, activation: "relu" },
        { units: 1, activation: "sigmoid" },
      ],
    },
    train: { loss: "binaryCrossentropy", epochs: 50 },
    seeds: { training: trainingSeeds, data: dataSeeds },
    variants: Object.fromEntries(names.map((name) => [name, {}])),
    claims: table.claims ?? [],
  } satisfies SpecInput);
  const runs = names.flatMap((variant) => [
    ...table.training[variant].map((run, seed) => runOf(variant, seed, 0, run, chance)),
    ...(table.data?.[variant] ?? []).map((run, i) =>
      runOf(variant, (i + 1) % trainingSeeds, i + 1, run, chance),
    ),
  ]);
  return {
    version: 1,
    spec,
    engine: {
      name: "cpu",
      adapter: "plain TypeScript, float32",
      reason: "no GPU adapter was found",
      versions: { node: "20.20.2" },
    },
    variants: names.map((name) => ({
      name,
      network: "20-64-1 relu sigmoid",
      parameters: 1409,
      epochs: 50,
      trainRows: 800,
      testRows: chance.valLoss === undefined ? 0 : 200,
      inputs: 20,
      classCounts: [400, 400],
    })),
    planned: table.planned ?? runs.length,
    runs,
  };
}

export function runOf(
  variant: string,
  trainingSeed: number,
  dataSeed: number,
  run: RunTable,
  chance: Chance = COIN_FLIPS,
): TraceRun {
  const curves = Object.entries(run ?? {});
  const signals = Object.fromEntries(
    curves.map(([name, values]) => [name, Float32Array.from(values)]),
  );
  const diverged = run === null || run.loss?.some((value) => !Number.isFinite(value)) === true;
  return {
    id: `${variant}-${trainingSeed}-${dataSeed}`,
    variant,
    trainingSeed,
    dataSeed,
    status: diverged ? "diverged" : "complete",
    steps: 25 * (curves[0]?.[1].length ?? 0),
    chance,
    signals,
  };
}
