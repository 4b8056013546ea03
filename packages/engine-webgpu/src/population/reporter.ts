// From reports to events, each epoch and each end of a run once, whatever population or device the
// run has been on: what was told already is not told again when a run goes on from a checkpoint.

import type { TraceEvent } from "@convergence-lab/core";
import { Status } from "../kernels/train-population/declarations.wgsl.ts";
import type { Member, PopulationReport } from "./population.ts";

interface Told {
  readonly plannedSteps: number;
  epochs: number;
  steps: number;
  isFinished: boolean;
}

export class Reporter {
  readonly #told: ReadonlyMap<number, Told>;
  readonly #stepsTotal: number;

  /** @param plannedSteps Of every run that will be trained, by its index in the plan. */
  constructor(plannedSteps: ReadonlyMap<number, number>) {
    this.#told = new Map(
      [...plannedSteps].map(([run, planned]) => [
        run,
        { plannedSteps: planned, epochs: 0, steps: 0, isFinished: false },
      ]),
    );
    this.#stepsTotal = [...plannedSteps.values()].reduce((a, b) => a + b, 0);
  }

  /** Whether the end of this run has been told. */
  isFinished(run: number): boolean {
    return this.#told.get(run)!.isFinished;
  }

  /** How many runs there are. */
  get runs(): number {
    return this.#told.size;
  }

  /** How many of them have ended. */
  get finished(): number {
    return [...this.#told.values()].filter(({ isFinished }) => isFinished).length;
  }

  /** Epochs told of all runs: grows as long as training gets anywhere. */
  get epochs(): number {
    return [...this.#told.values()].reduce((sum, { epochs }) => sum + epochs, 0);
  }

  *events(members: readonly Member[], report: PopulationReport): Generator<TraceEvent, void> {
    for (const [i, { run, hasTestPart }] of members.entries()) {
      const told = this.#told.get(run)!;
      if (told.isFinished) continue;
      const { epochs, steps, status } = report.networkAt(i);
      if (epochs > told.epochs) {
        const firstEpoch = told.epochs;
        const rows = Array.from({ length: epochs - firstEpoch }, (_, e) =>
          report.signalsAt(i, firstEpoch + e),
        );
        const column = (c: number) => Float32Array.from(rows, (row) => row[c]);
        const test = hasTestPart ? { valLoss: column(2), valAccuracy: column(3) } : {};
        const signals = { loss: column(0), accuracy: column(1), ...test };
        told.epochs = epochs;
        yield { kind: "epochs", run, firstEpoch, signals };
      }
      told.steps = Math.max(told.steps, steps);
      if (status !== Status.running) {
        told.isFinished = true;
        const ending = status === Status.diverged ? "diverged" : "complete";
        yield { kind: "finished", run, status: ending, steps };
      }
    }
    yield { kind: "progress", stepsDone: this.#stepsDone, stepsTotal: this.#stepsTotal };
  }

  get #stepsDone(): number {
    let sum = 0;
    for (const { isFinished, plannedSteps, steps } of this.#told.values()) {
      sum += isFinished ? plannedSteps : steps;
    }
    return sum;
  }
}
