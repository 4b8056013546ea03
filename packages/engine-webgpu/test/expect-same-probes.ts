// What two engines measured of the same short training, compared.

import type { TraceRun } from "@convergence-lab/core";
import { expect } from "vitest";

/**
 * Nine steps: rounding has hardly grown, so that a sum of a hundred terms is within 1e-5 of its value
 * (docs/numerics.md). Counts and shares are whole numbers over whole numbers: those are equal.
 */
export function expectSameProbes(actual: TraceRun, expected: TraceRun): void {
  const { layers, confusions, firstNonFinite } = expected.probes!;
  expect(actual.status).toBe(expected.status);
  expect(actual.probes!.layers.length).toBe(layers.length);
  layers.forEach((columns, l) => {
    expectClose(actual.probes!.layers[l], columns, `layer ${l}`);
  });
  expectClose(actual.signals, expected.signals, "epochs");
  expect(actual.probes!.confusions).toEqual(confusions);
  expect(actual.probes!.firstNonFinite).toEqual(firstNonFinite);
}

function expectClose(actual: object, expected: object, where: string): void {
  expect(Object.keys(actual).sort(), where).toEqual(Object.keys(expected).sort());
  for (const [name, values] of Object.entries(expected) as [string, Float32Array][]) {
    const column = (actual as Record<string, Float32Array>)[name];
    expect(column.length, `${where} ${name}`).toBe(values.length);
    values.forEach((value, i) => {
      const isExact = /Share|distinct|earningRate/.test(name);
      const tolerance = isExact ? 1e-7 : 2e-6 + 1e-5 * Math.abs(value);
      const said = `${name}[${i}] of ${where} is ${column[i]}, not ${value}`;
      expect(Math.abs(column[i] - value), said).toBeLessThanOrEqual(tolerance);
    });
  }
}
