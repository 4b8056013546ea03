// Results of several adapters side by side. Rows are matched by kind, shape, networks and batch; one
// that a result lacks is missing there, and stays in the table.

import type { BenchmarkOperation, Ceiling } from "../engine/benchmark.ts";
import { environmentText } from "./as-text.ts";
import type { BenchmarkResult, RatedRow } from "./benchmark-result.ts";

export interface Comparison {
  readonly adapters: readonly ComparedAdapter[];
  /** The two ceilings first. */
  readonly rows: readonly ComparedRow[];
}

export interface ComparedAdapter {
  /** A, B, C, ...: what stands above its column. */
  readonly letter: string;
  /** The adapter, with its file where two have the same name. */
  readonly name: string;
  readonly file: string;
  readonly environment: string;
}

export type ComparedUnit = "GFLOP/s" | "GB/s" | "model-steps/s";

export interface ComparedRow {
  /** "gemm-dx", "float32 peak" */
  readonly kind: string;
  /** Null for a ceiling. */
  readonly operation: BenchmarkOperation | null;
  readonly unit: ComparedUnit;
  /** By adapter. */
  readonly cells: readonly ComparedCell[];
}

export type ComparedCell =
  | {
      readonly status: "measured";
      readonly value: number;
      /** To the first adapter's value; null where that is not there. 1 for the first itself. */
      readonly ratio: number | null;
    }
  | { readonly status: "missing" | "skipped" | "wrong" };

export interface NamedResult {
  /** Of the file that it came from. */
  readonly file: string;
  readonly result: BenchmarkResult;
}

export function compareBenchmarks(named: readonly NamedResult[]): Comparison {
  const results = named.map(({ result }) => result);
  const names = results.map(({ environment }) => environment.engine.adapter);
  const operations = new Map<string, BenchmarkOperation & Pick<RatedRow, "modelSteps">>();
  for (const { rows } of results) {
    for (const row of rows) if (!operations.has(keyOf(row))) operations.set(keyOf(row), row);
  }
  const byKey = results.map(({ rows }) => new Map(rows.map((row) => [keyOf(row), row])));
  return {
    adapters: named.map(({ file, result }, i) => ({
      letter: letterOf(i),
      name:
        names.filter((name) => name === names[i]).length > 1 ? `${names[i]} (${file})` : names[i],
      file,
      environment: environmentText(result.environment),
    })),
    rows: [
      ceilingRow(
        "float32 peak",
        "GFLOP/s",
        results.map(({ peak }) => peak),
      ),
      ceilingRow(
        "memory bandwidth",
        "GB/s",
        results.map(({ bandwidth }) => bandwidth),
      ),
      ...[...operations].map(([key, { kind, shape, networks, batch, modelSteps }]): ComparedRow => {
        const unit = modelSteps > 0 ? "model-steps/s" : "GFLOP/s";
        const cells = byKey.map((rows) => cellValue(rows.get(key), unit));
        const operation = { kind, shape, networks, batch };
        return { kind, operation, unit, cells: withRatios(cells) };
      }),
    ],
  };
}

type Value = number | "missing" | "skipped" | "wrong";

function cellValue(row: RatedRow | undefined, unit: ComparedUnit): Value {
  if (row === undefined) return "missing";
  if (row.status !== "measured") return row.status;
  return unit === "GFLOP/s" ? row.rates!.gigaflops : row.rates!.modelStepsPerSecond!;
}

function ceilingRow(
  kind: string,
  unit: ComparedUnit,
  ceilings: readonly (Ceiling | null)[],
): ComparedRow {
  const values = ceilings.map((ceiling): Value => {
    if (ceiling === null) return "missing";
    return ceiling.status === "measured" ? ceiling.perSecond / 1e9 : ceiling.status;
  });
  return { kind, operation: null, unit, cells: withRatios(values) };
}

function withRatios(values: readonly Value[]): ComparedCell[] {
  const [first] = values;
  return values.map((value) => {
    if (typeof value !== "number") return { status: value };
    return { status: "measured", value, ratio: typeof first === "number" ? value / first : null };
  });
}

function keyOf({ kind, shape, networks, batch }: BenchmarkOperation): string {
  return JSON.stringify([kind, shape, networks, batch]);
}

/** A to Z, then A1, B1, ... */
function letterOf(index: number): string {
  const round = Math.floor(index / 26);
  return `${String.fromCharCode(65 + (index % 26))}${round === 0 ? "" : round}`;
}
