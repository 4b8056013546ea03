// The buffer in which probes wait until a report reads them. Each network has, one behind the other:
//
//   found     where a number arose that is not finite
//   epochs    a ring of entries, as the curves have
//   counts    confusion matrices: that of the last epoch where it is not kept, then a ring of those
//             that are
//   layers    a ring of probed steps, each with an entry per layer
//
// Offsets on the host and in the kernel are made here, from the same numbers.

import type { ProbeLayout } from "./probe-layout.ts";
import { EPOCH_WORDS } from "./probe-work.ts";

/** How much of what is measured the ring holds, and how often that is. */
export interface ProbeRing {
  readonly everySteps: number;
  readonly everyEpochs: number;
  /** Entries. */
  readonly epochs: number;
  readonly counts: number;
  readonly steps: number;
}

/** Words of each part of one network. */
interface RingWords {
  readonly found: number;
  /** Of one entry. */
  readonly epoch: number;
  readonly counts: number;
  readonly step: number;
}

const FOUND_WORDS = 4;

export function ringWords({ work, classes, layers }: ProbeLayout): RingWords {
  return {
    found: work.findsNonFinite ? FOUND_WORDS : 0,
    epoch: work.keepsEpochs ? EPOCH_WORDS : 0,
    counts: work.confusions.length * classes * classes,
    step: layers.length * work.layerSignals.length,
  };
}

/** Places in a network's part, in words. */
export class RingPlaces {
  readonly words: RingWords;
  readonly size: number;
  readonly #ring: ProbeRing;
  readonly #counts: number;
  readonly #steps: number;

  constructor(layout: ProbeLayout, ring: ProbeRing) {
    this.words = ringWords(layout);
    this.#ring = ring;
    const { found, epoch, counts, step } = this.words;
    this.#counts = found + ring.epochs * epoch;
    this.#steps = this.#counts + (1 + ring.counts) * counts;
    this.size = this.#steps + ring.steps * step;
  }

  get found(): number {
    return 0;
  }

  /** Counts of the last epoch where it is none of those that are kept. */
  get lastCounts(): { readonly first: number; readonly words: number } {
    return { first: this.#counts, words: this.words.counts };
  }

  epoch(epoch: number): number {
    return this.words.found + (epoch % this.#ring.epochs) * this.words.epoch;
  }

  /** Of an epoch that is kept, or of the last one. */
  counts(epoch: number): number {
    const { everyEpochs, counts } = this.#ring;
    const entry = this.isKept(epoch) ? 1 + (((epoch + 1) / everyEpochs - 1) % counts) : 0;
    return this.#counts + entry * this.words.counts;
  }

  isKept(epoch: number): boolean {
    return (epoch + 1) % this.#ring.everyEpochs === 0;
  }

  /** @param probe Number of the probed step, from 0. */
  step(probe: number): number {
    return this.#steps + (probe % this.#ring.steps) * this.words.step;
  }
}

/** `RingPlaces` as WGSL functions, and how numbers are written. */
export function ringWgsl(layout: ProbeLayout): string {
  const { found, epoch, counts, step } = ringWords(layout);
  return /* wgsl */ `
/** First word of a network's probes. */
fn probesOfNetwork() -> u32 {
  let settings = &networks[networkIndex];
  return networkIndex * (${found}u + dispatch.ringEpochs * ${epoch}u
    + (1u + (*settings).ringCounts) * ${counts}u + (*settings).ringSteps * ${step}u);
}

fn placeOfEpoch() -> u32 {
  return probesOfNetwork() + ${found}u + at.epoch % dispatch.ringEpochs * ${epoch}u;
}

fn placeOfCounts() -> u32 {
  let every = networks[networkIndex].everyEpochs;
  let isKept = (at.epoch + 1u) % every == 0u;
  let entry = select(0u, 1u + ((at.epoch + 1u) / every - 1u) % networks[networkIndex].ringCounts, isKept);
  return probesOfNetwork() + ${found}u + dispatch.ringEpochs * ${epoch}u + entry * ${counts}u;
}

fn placeOfStep() -> u32 {
  let settings = &networks[networkIndex];
  return probesOfNetwork() + ${found}u + dispatch.ringEpochs * ${epoch}u + (1u + (*settings).ringCounts) * ${counts}u
    + at.step / (*settings).everySteps % (*settings).ringSteps * ${step}u;
}

/** A number as it is kept; NaN where it comes from one that is not finite. */
fn kept(x: f32, isBad: bool) -> u32 { return select(bitcast<u32>(x), 0x7fc00000u, isBad); }
`;
}
