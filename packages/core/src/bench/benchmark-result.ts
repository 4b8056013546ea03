// What `clab bench --json` writes, and reads again to compare: a measurement with its environment.
// It holds the machine's hardware and versions, and nothing about its user.

import * as z from "zod/mini";
import type { BenchmarkRow, BenchmarkSettings, Measurement } from "../engine/benchmark.ts";
import { printPath } from "../spec/errors.ts";
import { schemaProblems } from "../spec/schema-problems.ts";
import { BenchmarkError } from "./errors.ts";
import { type Rates, ratesOf } from "./rates.ts";

/** Of the file's form; a change after which older files would be misread makes it one more. */
export const BENCHMARK_VERSION = 1;

/** What no machine reaches, so that rates stay finite whatever a file says. */
const work = z.number().check(z.minimum(1), z.maximum(1e18));
const duration = z.number().check(z.minimum(1e-12), z.maximum(1e9));
const count = z.int().check(z.minimum(0));
const text = z.string();

const unmeasured = z.object({ status: z.enum(["skipped", "wrong"]), says: text });

const ceiling = z.nullable(
  z.discriminatedUnion("status", [
    z.object({ status: z.literal("measured"), perSecond: work, kernel: text }),
    unmeasured,
  ]),
);

const operation = {
  kind: z.enum(["gemm-forward", "gemm-dx", "gemm-dw", "fused-step", "persistent-step", "cpu-step"]),
  shape: z.string().check(z.regex(/^\d{1,5}(-\d{1,5}){1,40}$/, "it must be sizes, as 32-64-1")),
  networks: count,
  batch: count,
  flops: work,
  bytes: work,
  modelSteps: count,
};

const row = z.discriminatedUnion("status", [
  z.object({
    ...operation,
    status: z.literal("measured"),
    tier: text,
    workgroups: z.nullable(count),
    launches: z.nullable(z.number().check(z.positive())),
    seconds: duration,
    fastest: duration,
    slowest: duration,
    repetitions: count,
    says: text,
  }),
  z.extend(unmeasured, operation),
]);

const device = z.record(
  text,
  z.union([text, z.number(), z.boolean(), z.null(), z.array(text), z.record(text, z.number())]),
);

const resultSchema = z.object({
  version: z.literal(BENCHMARK_VERSION),
  environment: z.object({
    engine: z.object({
      name: z.enum(["webgpu", "tfjs", "cpu"]),
      adapter: text,
      reason: text,
      versions: z.record(text, text),
    }),
    /** Names, driver, features and limits, as far as the adapter tells; null without one. */
    device: z.nullable(device),
    /** "linux x64" */
    platform: text,
    cpu: z.nullable(z.object({ model: text, cores: count })),
  }),
  settings: z.object({
    quick: z.boolean(),
    only: z.nullable(text),
    rounds: count,
    seed: z.number(),
  }),
  /** Floating-point operations per second, and bytes per second. */
  peak: ceiling,
  bandwidth: ceiling,
  rows: z.array(row),
});

type Saved = z.infer<typeof resultSchema>;
export type BenchmarkEnvironment = Readonly<Saved["environment"]>;

export type RatedRow = BenchmarkRow & {
  /** Null without a time. */
  readonly rates: Rates | null;
};

export interface BenchmarkResult extends Readonly<Omit<Saved, "rows">> {
  readonly rows: readonly RatedRow[];
}

/** @param machine What only the caller knows. */
export function benchmarkResult(
  { engine, device, rounds, seed, peak, bandwidth, rows }: Measurement,
  { quick, only }: BenchmarkSettings,
  machine: Pick<BenchmarkEnvironment, "platform" | "cpu">,
): BenchmarkResult {
  const saved = {
    version: BENCHMARK_VERSION,
    environment: { engine, device, ...machine },
    settings: { quick, only, rounds, seed },
    peak,
    bandwidth,
    rows,
  };
  return withRates(resultSchema.parse(saved));
}

/**
 * A result from a file's text. Rates are computed anew from what was measured.
 *
 * @throws BenchmarkError BENCHMARK_NOT_A_RESULT, BENCHMARK_OTHER_VERSION
 */
export function parseBenchmark(name: string, content: string): BenchmarkResult {
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch (error) {
    throw notAResult(name, `it is no JSON: ${(error as Error).message}`);
  }
  const version = (value as { version?: unknown } | null)?.version;
  const parsed = resultSchema.safeParse(value);
  if (parsed.success) return withRates(parsed.data);
  const looksLikeOne = typeof version === "number" && Array.isArray((value as Saved).rows);
  if (looksLikeOne && version !== BENCHMARK_VERSION) {
    throw new BenchmarkError(
      "BENCHMARK_OTHER_VERSION",
      `${name} is a benchmark result of version ${version}, and this clab reads version ${BENCHMARK_VERSION}; measure again with this clab.`,
    );
  }
  const [{ path, message }] = schemaProblems(resultSchema, parsed.error, value);
  throw notAResult(name, `${printPath(path) || "the whole"} ${message.replace(/\.$/, "")}`);
}

function notAResult(name: string, why: string): BenchmarkError {
  return new BenchmarkError(
    "BENCHMARK_NOT_A_RESULT",
    `${name} is no benchmark result (${why}); name files that \`clab bench --json FILE\` wrote.`,
  );
}

function withRates(saved: Saved): BenchmarkResult {
  const { rows, peak, bandwidth } = saved;
  return {
    ...saved,
    rows: rows.map((each) => ({ ...each, rates: ratesOf(each, peak, bandwidth) })),
  };
}

/** Whether every number that was computed was the reference's. */
export function isAllRight({ peak, bandwidth, rows }: BenchmarkResult): boolean {
  return [peak, bandwidth, ...rows].every((each) => each?.status !== "wrong");
}
