import { expect, test } from "vitest";
import { uniformAt } from "../../shared/random.ts";
import { spreadLabels } from "./spread-labels.ts";

test("labels with room stay where they are", () => {
  expect(spreadLabels([80, 20, 50], 15, 0, 100)).toEqual([80, 20, 50]);
});

test("two at one place part around it", () => {
  expect(spreadLabels([50, 50], 10, 0, 100)).toEqual([45, 55]);
});

test("at the edges they stay inside", () => {
  expect(spreadLabels([0, 1, 2], 10, 0, 100)).toEqual([0, 10, 20]);
  expect(spreadLabels([99, 98, 100], 10, 0, 100)).toEqual([90, 80, 100]);
});

test("where they do not fit they share the room", () => {
  expect(spreadLabels([5, 5, 5], 30, 0, 40)).toEqual([0, 20, 40]);
});

test("none, one", () => {
  expect(spreadLabels([], 10, 0, 100)).toEqual([]);
  expect(spreadLabels([120], 10, 0, 100)).toEqual([100]);
});

test("whatever is wanted: in order, apart, inside", () => {
  for (let seed = 0; seed < 200; seed++) {
    const wanted = Array.from({ length: 1 + (seed % 9) }, (_, i) => 100 * uniformAt(seed, 0, i));
    const placed = spreadLabels(wanted, 10, 0, 100);
    const order = wanted.map((_, i) => i).sort((a, b) => wanted[a] - wanted[b]);
    order.slice(1).forEach((index, rank) => {
      expect(placed[index] - placed[order[rank]]).toBeGreaterThan(10 - 1e-9);
    });
    expect(Math.min(...placed)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...placed)).toBeLessThanOrEqual(100);
  }
});
