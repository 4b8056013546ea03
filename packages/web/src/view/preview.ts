// What can be said of an experiment without opening it: its name, and how many networks it trains.

import { DEFAULT_SEEDS } from "@convergence-lab/core";
import type { Source } from "../messages.ts";
import { capital } from "./metric-names.ts";

export interface Preview {
  readonly title: string;
  /** Of the button that trains it. */
  readonly label: string;
}

export function preview({ preset, spec }: Source): Preview {
  if (spec === undefined)
    return { title: capital((preset ?? "").replaceAll("-", " ")), label: "Train" };
  const { name, title, seeds, variants, data } = spec as Record<string, unknown>;
  const { training, data: dataSeeds } = (seeds ?? {}) as Record<string, unknown>;
  const count = countOf(training, DEFAULT_SEEDS.training);
  const networks = Math.max(1, Object.keys((variants as object | undefined) ?? {}).length);
  const isFolded =
    (data as { split?: { folds?: unknown } } | undefined)?.split?.folds !== undefined;
  const isSimple = !isFolded && countOf(dataSeeds, DEFAULT_SEEDS.data) === 1;
  const label = networks === 1 ? `Train ${count} seeds` : `Train ${count * networks} networks`;
  return { title: String(title ?? name ?? ""), label: isSimple ? label : "Train" };
}

/** A count n, or a list. */
function countOf(seeds: unknown, usual: number): number {
  if (Array.isArray(seeds)) return seeds.length;
  return typeof seeds === "number" ? seeds : usual;
}
