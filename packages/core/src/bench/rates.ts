// From what was measured to what people compare: rates, and shares of the device's own ceilings.

import type { BenchmarkRow, Ceiling } from "../engine/benchmark.ts";

export interface Rates {
  /** Null for a product. */
  readonly modelStepsPerSecond: number | null;
  readonly gigaflops: number;
  /** Of the measured peak; null where that is not known. */
  readonly shareOfPeak: number | null;
  readonly gigabytesPerSecond: number;
  /** Of the measured bandwidth; above 1 where the data stays in a cache. */
  readonly shareOfBandwidth: number | null;
}

/** Null for a row without a time. */
export function ratesOf(
  row: BenchmarkRow,
  peak: Ceiling | null,
  bandwidth: Ceiling | null,
): Rates | null {
  if (row.status !== "measured") return null;
  const [flops, bytes] = [row.flops / row.seconds, row.bytes / row.seconds];
  const share = (rate: number, ceiling: Ceiling | null) =>
    ceiling?.status === "measured" ? rate / ceiling.perSecond : null;
  return {
    modelStepsPerSecond: row.modelSteps === 0 ? null : row.modelSteps / row.seconds,
    gigaflops: flops / 1e9,
    shareOfPeak: share(flops, peak),
    gigabytesPerSecond: bytes / 1e9,
    shareOfBandwidth: share(bytes, bandwidth),
  };
}
