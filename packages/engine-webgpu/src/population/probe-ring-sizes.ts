// How much of what is measured waits on the device for a report, and in which batches of a population
// a step is measured.

import type { Probes } from "@convergence-lab/core";
import type { ProbeLayout } from "../kernels/train-population/probes/probe-layout.ts";
import { type ProbeRing, ringWords } from "../kernels/train-population/probes/probe-ring.ts";
import type { Member } from "./population.ts";

/**
 * Bytes of all networks of a population, for layer signals and again for confusion counts. A report
 * copies them, at most four times a second; 64 probed steps of 256 networks with four layers and all
 * signals take 3.4 MB.
 */
const RING_BYTES = 2 ** 23;

export interface ProbedPopulation {
  readonly networks: number;
  readonly ringEpochs: number;
  /** Of the network that takes most. */
  readonly steps: number;
}

export function probeRing(
  layout: ProbeLayout,
  { everySteps, everyEpochs }: Probes,
  { networks, ringEpochs, steps }: ProbedPopulation,
): ProbeRing {
  const words = ringWords(layout);
  const entries = (wanted: number, size: number) =>
    Math.max(1, Math.min(wanted, Math.floor(RING_BYTES / (4 * Math.max(size, 1) * networks))));
  return {
    everySteps,
    everyEpochs,
    epochs: ringEpochs,
    counts: entries(Math.ceil(ringEpochs / everyEpochs), words.counts),
    steps: entries(Math.ceil(steps / everySteps), words.step),
  };
}

/** Batches from one report to the next in which a network laps none of its rings. */
export function batchesWithinRing(
  { work }: ProbeLayout,
  { everySteps, everyEpochs, counts, steps }: ProbeRing,
  batchesPerEpoch: number,
): number {
  return Math.min(
    work.layerSignals.length > 0 ? steps * everySteps : Number.POSITIVE_INFINITY,
    work.confusions.length > 0 ? counts * everyEpochs * batchesPerEpoch : Number.POSITIVE_INFINITY,
  );
}

/** In which batches the step of any network of a population is measured. */
export class ProbeSchedule {
  readonly #everySteps: number;
  /** Where networks begin, and how their epochs are made up: each kind once. */
  readonly #kinds: readonly (readonly [start: number, trainBatches: number, batches: number])[];

  constructor(members: readonly Member[], epochs: number, everySteps: number) {
    this.#everySteps = everySteps;
    const kinds = members.map(({ checkpoint, plannedSteps, batchesPerEpoch }) => {
      const [epoch, batch] = checkpoint?.progress ?? [0, 0];
      return [epoch * batchesPerEpoch + batch, plannedSteps / epochs, batchesPerEpoch] as const;
    });
    this.#kinds = [...new Map(kinds.map((kind) => [kind.join(), kind])).values()];
  }

  /** @param batch Counted from the population's first. */
  isProbed(batch: number): boolean {
    return this.#kinds.some(([start, trainBatches, batches]) => {
      const [epoch, place] = [Math.floor((start + batch) / batches), (start + batch) % batches];
      return place < trainBatches && (epoch * trainBatches + place) % this.#everySteps === 0;
    });
  }
}
