// A spec that asks for more: what checks and flags want measured is joined with what it says itself,
// so that a saved spec tells what was asked for.

import { PROBES, type ProbeRequest } from "./probe-names.ts";
import type { Spec } from "./spec.ts";

/** The union of all signals, at the shortest intervals named. */
export function withProbes(spec: Spec, requests: readonly ProbeRequest[]): Spec {
  const all = spec.probes === undefined ? requests : [spec.probes, ...requests];
  const asked = new Set(all.flatMap(({ signals }) => signals));
  if (asked.size === 0) return spec;
  const shortest = (interval: "everySteps" | "everyEpochs") => {
    const named = all.flatMap((request) => request[interval] ?? []);
    return named.length === 0 ? {} : { [interval]: Math.min(...named) };
  };
  const signals = PROBES.filter((name) => asked.has(name));
  return { ...spec, probes: { signals, ...shortest("everySteps"), ...shortest("everyEpochs") } };
}
