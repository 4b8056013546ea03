// What waits of probes on the device, and when it is read, without a device.

import { PROBES } from "@convergence-lab/core";
import { describe, expect, test } from "vitest";
import { denseNetwork, PLAIN_FEATURES } from "../../test/networks.ts";
import { memoryLayout } from "../kernels/train-population/memory-layout.ts";
import { RingPlaces } from "../kernels/train-population/probes/probe-ring.ts";
import type { Member } from "./population.ts";
import { batchesWithinRing, ProbeSchedule, probeRing } from "./probe-ring-sizes.ts";

const network = denseNetwork({ units: [8, 4, 3] });
const layout = memoryLayout({ network, batchSize: 8, features: PLAIN_FEATURES, probes: PROBES })
  .probes!;
const asked = { signals: PROBES, everySteps: 5, everyEpochs: 4 };

test("a small population's ring holds a whole run, a large one's what a report may carry", () => {
  const small = probeRing(layout, asked, { networks: 10, ringEpochs: 20, steps: 322 });
  expect(small).toEqual({ everySteps: 5, everyEpochs: 4, epochs: 20, counts: 5, steps: 65 });
  const large = probeRing(layout, asked, { networks: 16_000, ringEpochs: 20, steps: 1e6 });
  expect(large.steps).toBeLessThan(10);
  const { words, size } = new RingPlaces(layout, large);
  expect(4 * words.step * large.steps * 16_000).toBeLessThanOrEqual(2 ** 23);
  expect(size).toBe(4 + 20 * 8 + (1 + large.counts) * 18 + large.steps * 3 * 13);
  // More than that, and something would be lost before it is read.
  expect(batchesWithinRing(layout, large, 7)).toBe(Math.min(large.steps * 5, large.counts * 28));
});

test("one entry per network there is at least, whatever it takes", () => {
  const one = probeRing(layout, asked, { networks: 1e9, ringEpochs: 20, steps: 322 });
  expect([one.counts, one.steps]).toEqual([1, 1]);
});

describe("the places of a ring", () => {
  const ring = { everySteps: 5, everyEpochs: 4, epochs: 6, counts: 2, steps: 3 };
  const places = new RingPlaces(layout, ring);

  test("follow each other and come back", () => {
    expect(places.epoch(0)).toBe(4);
    expect(places.epoch(7) - places.epoch(6)).toBe(8);
    expect(places.epoch(6)).toBe(places.epoch(0));
    expect(places.step(4)).toBe(places.step(1));
    expect(places.step(2) + 3 * 13).toBe(places.size);
  });

  test("keep every fourth epoch's counts, and one of the others", () => {
    const kept = [3, 7, 11, 15].map((epoch) => places.counts(epoch));
    expect(kept).toEqual([kept[0], kept[1], kept[0], kept[1]]);
    const others = new Set([0, 1, 2, 4, 5, 6].map((epoch) => places.counts(epoch)));
    expect([...others]).toEqual([places.lastCounts.first]);
    expect(kept[0] - places.lastCounts.first).toBe(places.lastCounts.words);
  });
});

test("a batch is probed when any network is at a step that is asked for", () => {
  const member = (progress?: [number, number]): Member =>
    ({
      ...(progress && { checkpoint: { progress: Uint32Array.from(progress) } }),
      plannedSteps: 12,
      batchesPerEpoch: 6,
    }) as unknown as Member;
  // Three epochs of four training batches and two of the test part.
  const probedIn = (members: Member[]) => {
    const schedule = new ProbeSchedule(members, 3, 5);
    return Array.from({ length: 18 }, (_, b) => b).filter((b) => schedule.isProbed(b));
  };
  // Steps 0, 5 and 10 are in epochs 0, 1 and 2.
  expect(probedIn([member(), member()])).toEqual([0, 7, 14]);
  // One that goes on from batch 1 of epoch 1 is at step 5 at once, and at 10 six batches later.
  expect(probedIn([member(), member([1, 1])]).slice(0, 3)).toEqual([0, 7, 14]);
  expect(probedIn([member([1, 2])]).slice(0, 1)).toEqual([6]);
});
