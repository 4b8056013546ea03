// From reports to events, each epoch and each end of a run once, whatever population or device the
// run has been on: what was told already is not told again when a run goes on from a checkpoint.

import type { TraceEvent } from "@convergence-lab/core";
import { Status } from "../kernels/train-population/declarations.wgsl.ts";
import type { Member, PopulationReport } from "./population.ts";

interface Told {
  readonly plannedSteps: number;
  epochs: number;
  steps: number;
  /** Measured steps. */
  probes: number;
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
        { plannedSteps: planned, epochs: 0, steps: 0, probes: 0, isFinished: false },
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
      const { probes } = report;
      const firstEpoch = told.epochs;
      if (epochs > told.epochs) {
        const rows = Array.from({ length: epochs - firstEpoch }, (_, e) =>
          report.signalsAt(i, firstEpoch + e),
        );
        const column = (c: number) => Float32Array.from(rows, (row) => row[c]);
        const test = hasTestPart ? { valLoss: column(2), valAccuracy: column(3) } : {};
        const measured = probes?.epochColumns(i, firstEpoch, epochs);
        const signals = { loss: column(0), accuracy: column(1), ...test, ...measured };
        told.epochs = epochs;
        yield { kind: "epochs", run, firstEpoch, signals };
      }
      const probed = probes?.probedOf(steps) ?? 0;
      if (probes && probed > told.probes) {
        const firstProbe = told.probes;
        told.probes = probed;
        yield { kind: "probes", run, firstProbe, layers: probes.layers(i, firstProbe, probed) };
      }
      for (const confusion of probes?.confusions(i, firstEpoch, epochs, hasTestPart) ?? []) {
        yield { kind: "confusion", run, confusion };
      }
      told.steps = Math.max(told.steps, steps);
      if (status !== Status.running) {
        told.isFinished = true;
        for (const confusion of probes?.lastConfusions(i, epochs - 1, hasTestPart) ?? []) {
          yield { kind: "confusion", run, confusion };
        }
        const ending = status === Status.diverged ? "diverged" : "complete";
        const firstNonFinite = probes?.firstNonFinite(i, steps);
        const finished = { kind: "finished", run, status: ending, steps } as const;
        yield firstNonFinite === undefined ? finished : { ...finished, firstNonFinite };
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
