// Trains one population to its end and tells how it goes. Dispatches are kept two deep, so that the
// device has work while the host reads; signals are read once per report interval.

import type { DispatchEvent, TraceEvent, TrainOptions } from "@convergence-lab/core";
import type { CheckpointStore } from "./checkpoints.ts";
import { Pace } from "./pace.ts";
import type { Member, Population, PopulationReport } from "./population.ts";
import type { Reporter } from "./reporter.ts";

export interface Timing {
  /** Wanted time of one dispatch. */
  readonly dispatchMs: number;
  /** Time between two reports. */
  readonly reportMs: number;
  /** Whether events tell of every dispatch. */
  readonly tracesDispatches: boolean;
}

/** What is known of runs when their device is gone. */
export interface Ledger {
  readonly reporter: Reporter;
  readonly checkpoints: CheckpointStore;
}

const DISPATCHES_IN_FLIGHT = 2;

export async function* trainPopulation(
  population: Population,
  ledger: Ledger,
  timing: Timing,
  signal: TrainOptions["signal"],
): AsyncGenerator<TraceEvent, void> {
  const { members, epochs, batchesPerReport } = population;
  const batchesTotal = largest(members, (member) => batchesLeft(member, epochs));
  const pace = new Pace(timing.dispatchMs);
  const inFlight: Promise<void>[] = [];
  const reports: Promise<PopulationReport>[] = [];
  const arrived: PopulationReport[] = [];
  const dispatched: DispatchEvent[] = [];
  let alive = members.map((_, i) => i);
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
    const networks = alive.length;
    inFlight.push(
      handled(
        population.advance(batches).then(() => {
          const now = performance.now();
          const ms = now - Math.max(submitted, lastDone);
          pace.observe(batches, ms);
          lastDone = now;
          if (timing.tracesDispatches) {
            dispatched.push({
              kind: "dispatch",
              networks,
              batches,
              ms,
              ...population.launched(batches),
            });
          }
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
    yield* dispatched.splice(0);
    for (const report of arrived.splice(0)) {
      yield* entered(report, members, ledger);
      const left = alive.filter((i) => !ledger.reporter.isFinished(members[i].run));
      // What a sweep costs follows the networks that still train.
      if (left.length < alive.length && left.length > 0) population.keep(left);
      alive = left;
    }
  }
  await Promise.all([...inFlight, ...reports]);
  yield* dispatched.splice(0);
  for (const report of arrived.splice(0)) yield* entered(report, members, ledger);
}

function* entered(
  report: PopulationReport,
  members: readonly Member[],
  { reporter, checkpoints }: Ledger,
): Generator<TraceEvent, void> {
  // First, so that no consumer that fails in between makes a checkpoint outlive its signals.
  yield* reporter.events(members, report);
  for (const [i, checkpoint] of report.checkpoints) {
    const lastCounts = report.probes?.lastCounts(i);
    checkpoints.keep(members[i].run, lastCounts ? { ...checkpoint, lastCounts } : checkpoint);
  }
  for (const { run } of members) if (reporter.isFinished(run)) checkpoints.forget(run);
}

function batchesLeft({ batchesPerEpoch, checkpoint }: Member, epochs: number): number {
  const [epoch, batch] = checkpoint?.progress ?? [0, 0];
  return (epochs - epoch) * batchesPerEpoch - batch;
}

/** Makes a rejection that is awaited later no unhandled one. */
function handled<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}

function largest<T>(items: readonly T[], value: (item: T) => number): number {
  return items.map(value).reduce((a, b) => Math.max(a, b));
}
