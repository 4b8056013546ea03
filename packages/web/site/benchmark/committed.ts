// The results that the repository keeps, in whatever form their benchmark wrote them.

import { readdirSync } from "node:fs";
import { parseBenchmark } from "@convergence-lab/core";
import { inRepository, readText } from "../repository.ts";
import { type AdapterRates, best, ratesOfResult, stepRate } from "./rates.ts";

const FOLDER = "bench/results";

/** The fastest first. */
export function committedRates(): AdapterRates[] {
  return readdirSync(inRepository(FOLDER))
    .filter((name) => name.endsWith(".json"))
    .flatMap((name) => read(`${FOLDER}/${name}`) ?? [])
    .sort((a, b) => fastest(b) - fastest(a));
}

function fastest({ rates }: AdapterRates): number {
  return Math.max(...rates.map(({ unit, value }) => (unit === "model-steps/s" ? value : 0)));
}

/** Undefined for a file that holds no rates of training steps of an adapter. */
function read(path: string): AdapterRates | undefined {
  const content = JSON.parse(readText(path));
  if (isBenchResult(content)) return ratesOfResult(parseBenchmark(path, readText(path)), path);
  if (isKernelPlans(content)) return ratesOfPlans(content, path);
  if (isAgainstTfjs(content)) return ratesAgainstTfjs(content, path);
  return undefined;
}

/** What `clab bench --json` writes. */
function isBenchResult(content: { version?: unknown; rows?: unknown }): boolean {
  return content.version !== undefined && Array.isArray(content.rows);
}

/** What `bench/run.mjs kernel-plans` and `gemm-plans` write: every version of every kernel. */
interface KernelPlans {
  readonly machine: { readonly gpu: string };
  readonly peak: { readonly status: string; readonly perSecond: number };
  readonly kernelPlans: readonly {
    readonly shape: string;
    readonly networks: number;
    readonly modelStepsPerSecond: number;
  }[];
}

function isKernelPlans(content: Partial<KernelPlans>): content is KernelPlans {
  return content.kernelPlans !== undefined && content.machine !== undefined;
}

function ratesOfPlans({ machine, peak, kernelPlans }: KernelPlans, origin: string): AdapterRates {
  const ceiling =
    peak.status === "measured"
      ? [{ operation: "float32 peak", unit: "GFLOP/s" as const, value: peak.perSecond / 1e9 }]
      : [];
  const steps = kernelPlans.map(({ shape, networks, modelStepsPerSecond }) =>
    stepRate(shape, networks, modelStepsPerSecond),
  );
  return { adapter: machine.gpu, origin, rates: best([...ceiling, ...steps]) };
}

/** What `pnpm bench --json` writes: milliseconds of a step of one network. */
interface AgainstTfjs {
  readonly environment: { readonly adapter: string; readonly cpu: string };
  readonly rows: readonly {
    readonly shape: string;
    readonly networks: number;
    readonly ours: number;
    readonly tfjs: number;
  }[];
}

function isAgainstTfjs(content: Partial<AgainstTfjs>): content is AgainstTfjs {
  return content.environment?.adapter !== undefined && Array.isArray(content.rows);
}

function ratesAgainstTfjs({ environment, rows }: AgainstTfjs, origin: string): AdapterRates {
  const rates = rows.map(({ shape, networks, ours }) => stepRate(shape, networks, 1000 / ours));
  return { adapter: `${environment.adapter} on ${environment.cpu}`, origin, rates: best(rates) };
}
