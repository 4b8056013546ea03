// The trials of a sweep by the value of one parameter.

import { canonicalJson } from "../../shared/content-hash.ts";
import { shortNumber } from "../../shared/number-text.ts";
import type { Interval } from "../../shared/statistics.ts";
import { valueText } from "../params-text.ts";
import type { SweepParameter } from "../sweep.ts";
import type { SampledTrial } from "./trial-sample.ts";

export interface TrialsOfLevel {
  readonly label: string;
  readonly range?: Interval;
  readonly trials: readonly SampledTrial[];
}

/** Numbers of more values than this are put into ranges. */
const MOST_VALUES = 12;
/** Ten make a curve that can be read; with fewer than four trials each they show nothing but noise. */
const MOST_RANGES = 10;
const LEAST_IN_RANGE = 4;

/** Of those that have the parameter: a level for each value, or for ranges of about as many trials. */
export function levelsOf(
  { name, from }: Pick<SweepParameter, "name" | "from">,
  trials: readonly SampledTrial[],
): TrialsOfLevel[] {
  const byValue = new Map<string, SampledTrial[]>();
  for (const trial of trials) {
    if (!Object.hasOwn(trial.params, name)) continue;
    const key = canonicalJson(trial.params[name]);
    const others = byValue.get(key);
    if (others === undefined) byValue.set(key, [trial]);
    else others.push(trial);
  }
  const groups = [...byValue.values()];
  if (!groups.every(([{ params }]) => typeof params[name] === "number")) {
    const order = from.kind === "values" ? from.values.map(canonicalJson) : [];
    return [...byValue]
      .sort(([a], [b]) => order.indexOf(a) - order.indexOf(b))
      .map(([, group]) => ({ label: valueText(group[0].params[name]), trials: group }));
  }
  const numberOf = ({ params }: SampledTrial) => params[name] as number;
  groups.sort(([a], [b]) => numberOf(a) - numberOf(b));
  const parts = groups.length <= MOST_VALUES ? groups : inRanges(groups);
  return parts.map((part) => {
    const range = [numberOf(part[0]), numberOf(part.at(-1)!)] as const;
    return { label: rangeText(range), range, trials: part };
  });
}

/** Neighbouring groups together, until each part has its share of the trials. */
function inRanges(groups: readonly (readonly SampledTrial[])[]): SampledTrial[][] {
  const total = groups.reduce((sum, group) => sum + group.length, 0);
  const count = Math.max(1, Math.min(MOST_RANGES, Math.floor(total / LEAST_IN_RANGE)));
  const parts: SampledTrial[][] = Array.from({ length: count }, () => []);
  let before = 0;
  for (const group of groups) {
    const middle = before + group.length / 2;
    const part = parts[Math.min(count - 1, Math.floor((middle * count) / total))];
    for (const trial of group) part.push(trial);
    before += group.length;
  }
  return parts.filter((part) => part.length > 0);
}

function rangeText([low, high]: Interval): string {
  return low === high ? String(low) : `${shortNumber(low)} to ${shortNumber(high)}`;
}
