// What a report read of a population's probes, in the words of core.

import {
  type Confusion,
  EPOCH_PROBES,
  type EpochProbe,
  isBounded,
  type LayerColumns,
  type LayerSignal,
  type NonFinite,
  type Probe,
} from "@convergence-lab/core";
import { FOUND } from "../kernels/train-population/probes/non-finite-phases.wgsl.ts";
import type { ProbedLayer, ProbeLayout } from "../kernels/train-population/probes/probe-layout.ts";
import { type ProbeRing, RingPlaces } from "../kernels/train-population/probes/probe-ring.ts";
import { EPOCH_PLACES } from "../kernels/train-population/probes/probe-work.ts";

export class ReportedProbes {
  readonly #layout: ProbeLayout;
  readonly #asked: readonly Probe[];
  readonly #ring: ProbeRing;
  readonly #places: RingPlaces;
  readonly #words: Uint32Array;
  readonly #floats: Float32Array;

  /** @param words Of all networks, as they lie on the device. */
  constructor(layout: ProbeLayout, asked: readonly Probe[], ring: ProbeRing, words: Uint32Array) {
    this.#layout = layout;
    this.#asked = asked;
    this.#ring = ring;
    this.#places = new RingPlaces(layout, ring);
    this.#words = words;
    this.#floats = new Float32Array(words.buffer, words.byteOffset, words.length);
  }

  /** Columns of consecutive epochs of network `i`. */
  epochColumns(i: number, first: number, end: number): Partial<Record<EpochProbe, Float32Array>> {
    const base = i * this.#places.size;
    const column = (signal: EpochProbe) =>
      Float32Array.from(
        { length: end - first },
        (_, e) => this.#floats[base + this.#places.epoch(first + e) + EPOCH_PLACES[signal]],
      );
    const asked = EPOCH_PROBES.filter((signal) => this.#asked.includes(signal));
    return Object.fromEntries(asked.map((signal) => [signal, column(signal)]));
  }

  /** How many steps are measured among the first `steps`. */
  probedOf(steps: number): number {
    const { layerSignals } = this.#layout.work;
    return layerSignals.length === 0 ? 0 : Math.ceil(steps / this.#ring.everySteps);
  }

  /** Columns of consecutive probed steps. */
  layers(i: number, first: number, end: number): LayerColumns[] {
    const { layers, work } = this.#layout;
    const base = i * this.#places.size;
    return layers.map((layer, l) => {
      const entry = l * work.layerSignals.length;
      const told = work.layerSignals.flatMap((signal, c): [LayerSignal, Float32Array][] => {
        if (!hasMeaning(signal, layer, l === layers.length - 1)) return [];
        const at = (p: number) => this.#floats[base + this.#places.step(first + p) + entry + c];
        return [[signal, Float32Array.from({ length: end - first }, (_, p) => at(p))]];
      });
      return Object.fromEntries(told);
    });
  }

  /** Counts of the kept ones among consecutive epochs. */
  confusions(i: number, first: number, end: number, hasTestPart: boolean): Confusion[] {
    const epochs = Array.from({ length: end - first }, (_, e) => first + e);
    return epochs
      .filter((epoch) => this.#places.isKept(epoch))
      .flatMap((epoch) => this.#confusionsOf(i, epoch, hasTestPart));
  }

  /** Those of a run's last epoch, where they are not kept anyway. */
  lastConfusions(i: number, epoch: number, hasTestPart: boolean): Confusion[] {
    if (epoch < 0 || this.#places.isKept(epoch)) return [];
    return this.#confusionsOf(i, epoch, hasTestPart);
  }

  /** Undefined when nobody asks. */
  firstNonFinite(i: number, steps: number): NonFinite | null | undefined {
    if (!this.#layout.work.findsNonFinite) return undefined;
    const place = i * this.#places.size + this.#places.found;
    const [found, layer] = this.#words.subarray(place, place + 2);
    const tensor = FOUND[found];
    switch (tensor) {
      case "nothing":
        return null;
      case "inputs":
      case "loss":
        return { step: steps, tensor };
      case "activations":
        return { step: steps, tensor, layer };
      default:
        // Of the update before; of none where the parameters were so from the start.
        return { step: Math.max(0, steps - 1), tensor, layer };
    }
  }

  /** What a network that goes on from a checkpoint would miss if it ended in the next epoch. */
  lastCounts(i: number): Uint32Array {
    const { first, words } = this.#places.lastCounts;
    const place = i * this.#places.size + first;
    return this.#words.slice(place, place + words);
  }

  #confusionsOf(i: number, epoch: number, hasTestPart: boolean): Confusion[] {
    const { work, classes } = this.#layout;
    const size = classes * classes;
    const first = i * this.#places.size + this.#places.counts(epoch);
    return work.confusions.flatMap((signal, c) => {
      if (signal === "valConfusion" && !hasTestPart) return [];
      const counts = this.#words.slice(first + c * size, first + (c + 1) * size);
      return [{ signal, epoch, classes, counts }];
    });
  }
}

/** Whether docs/probes.md defines the signal for a layer; the kernel writes a number anyway. */
function hasMeaning(signal: LayerSignal, { activation }: ProbedLayer, isLast: boolean): boolean {
  if (signal === "saturatedShare") return isBounded(activation);
  if (signal === "deadShare") return activation !== "softmax";
  return signal !== "distinctOutputs" || isLast;
}
