// One kernel that is timed: made, checked, run, given back. What the sets of rows have in common.

import type { BenchmarkOperation, BenchmarkRow, OperationCounts } from "@convergence-lab/core";
import type { Gpu } from "../device/request-device.ts";
import { describeProducts, type KernelPlan } from "../kernels/train-population/kernel-plan.ts";
import { type Contender, obstacleOf, takeTurns } from "./take-turns.ts";

/** An operation that somebody can make ready; making it may fail. */
export interface KernelCase extends BenchmarkOperation {
  readonly counts: OperationCounts;
  prepare(): Promise<ReadyKernel>;
}

export interface ReadyKernel extends Contender {
  readonly tier: string;
  /** Of the largest launch. */
  readonly workgroups: number;
  /** Launches of one operation, in a block of so many. */
  launches(repetitions: number): number;
  /** Compares the kernel's numbers with core's reference. */
  check(): Promise<Verdict>;
  destroy(): void;
}

export interface Verdict {
  readonly isRight: boolean;
  /** How far the numbers are off. */
  readonly says: string;
}

export interface Limits {
  readonly rounds: number;
  /** An operation that would take longer is skipped. */
  readonly operationSeconds: number;
  /** After this moment, in ms of `performance.now()`, nothing new is begun. */
  readonly deadline: number;
}

/**
 * Measures some cases, the cheaper first. They take turns, so they are all on the device at a time.
 * One that would take too long is skipped before it is made, judged by the slowest of its kind.
 */
export async function measureCases(
  gpu: Gpu,
  cases: readonly KernelCase[],
  { rounds, operationSeconds, deadline }: Limits,
  speeds: Speeds,
): Promise<BenchmarkRow[]> {
  const rows = new Map<KernelCase, BenchmarkRow>();
  const without = (which: KernelCase, status: "skipped" | "wrong", says: string) =>
    rows.set(which, { ...operationOf(which), ...which.counts, status, says });
  const ready: { which: KernelCase; kernel: ReadyKernel; verdict: Verdict }[] = [];
  try {
    for (const which of cases) {
      if (performance.now() > deadline) {
        without(which, "skipped", "the time that this benchmark may take was over.");
        continue;
      }
      const expected = speeds.seconds(which);
      if (expected > operationSeconds) {
        const says = `it would take about ${Math.round(expected)} s, and ${operationSeconds} s are allowed.`;
        without(which, "skipped", says);
        continue;
      }
      try {
        const kernel = await which.prepare();
        const entry = { which, kernel, verdict: { isRight: false, says: "" } };
        ready.push(entry);
        entry.verdict = await kernel.check();
        gpu.throwIfFailed();
        if (!entry.verdict.isRight) without(which, "wrong", entry.verdict.says);
        speeds.note(which, await seconds(kernel));
      } catch (error) {
        without(which, "skipped", obstacleOf(error));
      }
    }
    const timed = ready.filter(({ which }) => !rows.has(which));
    const timings = await takeTurns(
      timed.map(({ kernel }) => kernel),
      rounds,
    );
    gpu.throwIfFailed();
    for (const [i, { which, kernel, verdict }] of timed.entries()) {
      const { median, fastest, slowest, repetitions } = timings[i];
      rows.set(which, {
        ...operationOf(which),
        ...which.counts,
        status: "measured",
        tier: kernel.tier,
        workgroups: kernel.workgroups,
        launches: kernel.launches(repetitions),
        seconds: median,
        fastest,
        slowest,
        repetitions,
        says: verdict.says,
      });
    }
  } finally {
    for (const { kernel } of ready) kernel.destroy();
  }
  return cases.map((which) => rows.get(which)!);
}

/** Of one operation, roughly: the faster of two. */
async function seconds(kernel: Contender): Promise<number> {
  const once = async () => {
    const start = performance.now();
    await kernel.run(1);
    return (performance.now() - start) / 1000;
  };
  return Math.min(await once(), await once());
}

/** What kinds of operations have taken so far, to foresee what larger ones will. */
export class Speeds {
  /** Flops per second by kind: those of the largest operation so far. */
  readonly #latest = new Map<string, { flops: number; perSecond: number }>();

  note({ kind, counts: { flops } }: KernelCase, seconds: number): void {
    if (flops >= (this.#latest.get(kind)?.flops ?? 0)) {
      this.#latest.set(kind, { flops, perSecond: flops / seconds });
    }
  }

  /** 0 where nothing of its kind is known. */
  seconds({ kind, counts: { flops } }: KernelCase): number {
    const latest = this.#latest.get(kind);
    return latest === undefined ? 0 : flops / latest.perSecond;
  }
}

/** "L, 64 invocations, tiles of 4 x 4, values in storage" */
export function describePlan({ tier, workgroupSize, values, dense }: KernelPlan): string {
  return `${tier}, ${workgroupSize} invocations, ${describeProducts(dense)}, values in ${values}`;
}

function operationOf({ kind, shape, networks, batch }: KernelCase): BenchmarkOperation {
  return { kind, shape, networks, batch };
}
