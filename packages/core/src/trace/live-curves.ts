// How training stands while it goes on: of each variant the median of a metric over its networks, at
// a few epochs. For whoever watches; a report is made of the trace when all is there.

import type { Plan } from "../compile/plan.ts";
import { evenlySpaced } from "../shared/evenly-spaced.ts";
import { median } from "../shared/statistics.ts";
import type { Metric } from "../spec/metrics.ts";
import type { TraceRecorder } from "./record-trace.ts";

export interface LiveCurve {
  readonly variant: string;
  /** That the furthest of its networks has reached. */
  readonly epochs: number;
  /**
   * At epochs from the first to the last, evenly spaced, over the networks that have come so far;
   * null where none of them is finite.
   */
  readonly values: readonly (number | null)[];
}

export class LiveCurves {
  readonly #recorder: TraceRecorder;
  /** The runs of each variant, in the order of the plan. */
  readonly #runs = new Map<string, number[]>();

  constructor(recorder: TraceRecorder, { runs }: Pick<Plan, "runs">) {
    this.#recorder = recorder;
    for (const { index, variant } of runs) {
      this.#runs.set(variant, [...(this.#runs.get(variant) ?? []), index]);
    }
  }

  /** Of the variants of which a network has finished an epoch. */
  all(metric: Metric, points: number): LiveCurve[] {
    return [...this.#runs.keys()].flatMap((variant) => this.#curve(variant, metric, points) ?? []);
  }

  /** The variant whose networks stand best, each at the last of its epochs. */
  leading(
    { name, goal }: { readonly name: Metric; readonly goal: "minimize" | "maximize" },
    points: number,
  ): LiveCurve | undefined {
    const sign = goal === "minimize" ? 1 : -1;
    let best: { readonly variant: string; readonly size: number } | undefined;
    for (const variant of this.#runs.keys()) {
      const lasts = this.#columns(variant, name).map((column) => column[column.length - 1]);
      // One network that has failed is enough to rank last.
      const size = lasts.every(Number.isFinite) ? sign * median(lasts) : Number.POSITIVE_INFINITY;
      if (lasts.length > 0 && (best === undefined || size < best.size)) best = { variant, size };
    }
    return best && this.#curve(best.variant, name, points);
  }

  #curve(variant: string, metric: Metric, points: number): LiveCurve | undefined {
    const columns = this.#columns(variant, metric);
    if (columns.length === 0) return undefined;
    const epochs = Math.max(...columns.map(({ length }) => length));
    const values = evenlySpaced(epochs, points).map((epoch) => {
      const known = columns.map((column) => column[epoch]).filter(Number.isFinite);
      return known.length === 0 ? null : median(known);
    });
    return { variant, epochs, values };
  }

  /** Of the networks that have finished an epoch. */
  #columns(variant: string, metric: Metric): Float32Array[] {
    return this.#runs.get(variant)!.flatMap((run) => {
      const column = this.#recorder.soFar(run, metric);
      return column === undefined || column.length === 0 ? [] : [column];
    });
  }
}
