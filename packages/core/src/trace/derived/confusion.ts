// What confusion counts say of each class.

import { mean } from "../../shared/statistics.ts";
import type { Confusion } from "../trace-event.ts";

/** Share of the rows that were taken for each class; a majority predictor has one 1. */
export function predictedShares({ classes, counts }: Confusion): number[] {
  const taken = new Array<number>(classes).fill(0);
  for (const [i, count] of counts.entries()) taken[i % classes] += count;
  const rows = sum(counts);
  return taken.map((count) => count / rows);
}

/** Share of each class's rows that were taken for it; undefined for a class without rows. */
export function recalls({ classes, counts }: Confusion): (number | undefined)[] {
  return ofClasses(classes, (k) => {
    const rows = sum(counts.subarray(k * classes, (k + 1) * classes));
    return rows === 0 ? undefined : counts[k * classes + k] / rows;
  });
}

/** The mean recall over the classes that have rows: 1 / K for any constant answer. */
export function balancedAccuracy(confusion: Confusion): number {
  return mean(recalls(confusion).filter((recall) => recall !== undefined));
}

function ofClasses<T>(classes: number, make: (k: number) => T): T[] {
  return Array.from({ length: classes }, (_, k) => make(k));
}

function sum(counts: Uint32Array): number {
  return counts.reduce((a, b) => a + b, 0);
}
