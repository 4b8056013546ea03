// Trains one population to its end and tells how it goes. Dispatches are kept two deep, so that the
// device has work while the host reads; signals are read once per report interval.

import type { TraceEvent, TrainOptions } from "@convergence-lab/core";
import { Status } from "../kernels/train-population/train-population.wgsl.ts";
import { Pace } from "./pace.ts";
import type { Member, Population, PopulationReport } from "./population.ts";

export interface Timing {
  /** Wanted time of one dispatch. */
  readonly dispatchMs: number;
  /** Time between two reports. */
  readonly reportMs: number;
}

const DISPATCHES_IN_FLIGHT = 2;

/** Yields events; "progress" events count the steps of this population alone. */
export async function* trainPopulation(
  population: Population,
  timing: Timing,
  signal: TrainOptions["signal"],
): AsyncGenerator<TraceEvent, void> {
  const { members, epochs, ringEpochs } = population;
  const batchesPerEpoch = members.map((member) => member.batchesPerEpoch);
  const batchesTotal = epochs * max(batchesPerEpoch);
  // From one report to the next no network may lap the ring.
  const batchesPerReport = ringEpochs * min(batchesPerEpoch);
  const reporter = new Reporter(members);
  const pace = new Pace(timing.dispatchMs);
  const inFlight: Promise<void>[] = [];
  const reports: Promise<PopulationReport>[] = [];
  const arrived: PopulationReport[] = [];
  let lastDone = performance.now();
  let lastReport = lastDone;
  let batchesDone = 0;
  let batchesUnreported = 0;

  while (batchesDone < batchesTotal && !reporter.isFinished) {
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
    for (const report of arrived.splice(0)) yield* reporter.events(report);
  }
  await Promise.all(reports);
  for (const report of arrived.splice(0)) yield* reporter.events(report);
}

/** Makes a rejection that is awaited later no unhandled one. */
function handled<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}

/** Turns reports into events, each epoch and each end once. */
class Reporter {
  readonly #members: readonly Member[];
  readonly #epochs: Uint32Array;
  readonly #isFinished: boolean[];
  readonly #stepsTotal: number;

  constructor(members: readonly Member[]) {
    this.#members = members;
    this.#epochs = new Uint32Array(members.length);
    this.#isFinished = members.map(() => false);
    this.#stepsTotal = members.reduce((sum, { plannedSteps }) => sum + plannedSteps, 0);
  }

  get isFinished(): boolean {
    return this.#isFinished.every(Boolean);
  }

  *events(report: PopulationReport): Generator<TraceEvent, void> {
    let stepsDone = 0;
    for (const [i, { run, plannedSteps, hasTestPart }] of this.#members.entries()) {
      const { epochs, steps, status } = report.networkAt(i);
      if (epochs > this.#epochs[i]) {
        const firstEpoch = this.#epochs[i];
        const rows = Array.from({ length: epochs - firstEpoch }, (_, e) =>
          report.signalsAt(i, firstEpoch + e),
        );
        const column = (c: number) => Float32Array.from(rows, (row) => row[c]);
        const test = hasTestPart ? { valLoss: column(2), valAccuracy: column(3) } : {};
        const signals = { loss: column(0), accuracy: column(1), ...test };
        yield { kind: "epochs", run, firstEpoch, signals };
        this.#epochs[i] = epochs;
      }
      if (status !== Status.running && !this.#isFinished[i]) {
        this.#isFinished[i] = true;
        const ending = status === Status.diverged ? "diverged" : "complete";
        yield { kind: "finished", run, status: ending, steps };
      }
      stepsDone += this.#isFinished[i] ? plannedSteps : steps;
    }
    yield { kind: "progress", stepsDone, stepsTotal: this.#stepsTotal };
  }
}

function max(values: readonly number[]): number {
  return values.reduce((a, b) => Math.max(a, b));
}

function min(values: readonly number[]): number {
  return values.reduce((a, b) => Math.min(a, b));
}
