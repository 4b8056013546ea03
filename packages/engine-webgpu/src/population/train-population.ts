// Trains one population to its end and tells how it goes. Dispatches are kept two deep, so that the
// device has work while the host reads; signals are read once per report interval.

import type { TraceEvent, TrainOptions } from "@convergence-lab/core";
import { Pace } from "./pace.ts";
import type { Population, PopulationReport } from "./population.ts";
import type { Reporter } from "./reporter.ts";

export interface Timing {
  /** Wanted time of one dispatch. */
  readonly dispatchMs: number;
  /** Time between two reports. */
  readonly reportMs: number;
}

const DISPATCHES_IN_FLIGHT = 2;

export async function* trainPopulation(
  population: Population,
  reporter: Reporter,
  timing: Timing,
  signal: TrainOptions["signal"],
): AsyncGenerator<TraceEvent, void> {
  const { members, epochs, ringEpochs } = population;
  const batchesPerEpoch = members.map((member) => member.batchesPerEpoch);
  const batchesTotal = epochs * max(batchesPerEpoch);
  // From one report to the next no network may lap the ring.
  const batchesPerReport = ringEpochs * min(batchesPerEpoch);
  let alive = members.map((_, i) => i);
  const pace = new Pace(timing.dispatchMs);
  const inFlight: Promise<void>[] = [];
  const reports: Promise<PopulationReport>[] = [];
  const arrived: PopulationReport[] = [];
  let lastDone = performance.now();
  let lastReport = lastDone;
  let batchesDone = 0;
  let batchesUnreported = 0;

  while (batchesDone < batchesTotal && alive.length > 0) {
    if (signal?.aborted) return;
    const batches = Math.min(
      pace.batches,
      batchesTotal - batchesDone,
      batchesPerReport - batchesUnreported,
    );
    const submitted = performance.now();
    inFlight.push(
      handled(
        population.advance(batches).then(() => {
          const now = performance.now();
          pace.observe(batches, now - Math.max(submitted, lastDone));
          lastDone = now;
        }),
      ),
    );
    batchesDone += batches;
    batchesUnreported += batches;
    const isDue =
      batchesUnreported === batchesPerReport ||
      batchesDone === batchesTotal ||
      performance.now() - lastReport >= timing.reportMs;
    if (isDue) {
      if (!population.canReport) await reports[0];
      const report = population.report();
      reports.push(handled(report));
      report.then(
        (content) => {
          arrived.push(content);
          reports.shift();
        },
        // Thrown where the report is awaited.
        () => {},
      );
      lastReport = performance.now();
      batchesUnreported = 0;
    }
    if (inFlight.length >= DISPATCHES_IN_FLIGHT) await inFlight.shift();
    for (const report of arrived.splice(0)) {
      yield* reporter.events(members, report);
      const left = alive.filter((i) => !reporter.isFinished(members[i].run));
      // What a sweep costs follows the networks that still train.
      if (left.length < alive.length && left.length > 0) population.keep(left);
      alive = left;
    }
  }
  await Promise.all(reports);
  for (const report of arrived.splice(0)) yield* reporter.events(members, report);
}

/** Makes a rejection that is awaited later no unhandled one. */
function handled<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}

function max(values: readonly number[]): number {
  return values.reduce((a, b) => Math.max(a, b));
}

function min(values: readonly number[]): number {
  return values.reduce((a, b) => Math.min(a, b));
}
