// Sweep folders -> what is to be reported: folders of one sweep, such as its shards, are read as one,
// each trial once. Nothing is written, so a sweep can be looked at while it trains.

import { type Sweep, sweepHash, type TrialRecord, trialCount } from "@convergence-lab/core";
import { CliError } from "../errors.ts";
import { recordsOf, sweepOfFolder } from "./sweep-folder.ts";

export interface FoundSweep {
  readonly sweep: Sweep;
  /** Of its own among those that are reported. */
  readonly name: string;
  readonly folders: readonly string[];
}

/** @throws CliError where the sweeps compare trials by different metrics. */
export function sweepsIn(folders: readonly string[]): FoundSweep[] {
  const found = new Map<string, { sweep: Sweep; folders: string[] }>();
  for (const folder of folders) {
    const sweep = sweepOfFolder(folder);
    const hash = sweepHash(sweep);
    const known = found.get(hash);
    if (known === undefined) found.set(hash, { sweep, folders: [folder] });
    else if (!known.folders.includes(folder)) known.folders.push(folder);
  }
  const all = [...found];
  const [[, first]] = all;
  const metricOf = ({ metric: { name, goal } }: Sweep) => `${goal} ${name}`;
  for (const [, { sweep, folders }] of all) {
    if (metricOf(sweep) === metricOf(first.sweep)) continue;
    throw new CliError(
      "CLI_USAGE",
      `${folders[0]} is to ${metricOf(sweep)}, and ${first.folders[0]} is to ${metricOf(first.sweep)}: the best of the one is no better or worse than the best of the other. Report them one by one.`,
    );
  }
  return all.map(([hash, { sweep, folders }]) => {
    const isAlone = all.every(
      ([
        other,
        {
          sweep: { name },
        },
      ]) => other === hash || name !== sweep.name,
    );
    return { sweep, folders, name: isAlone ? sweep.name : `${sweep.name}-${hash.slice(0, 8)}` };
  });
}

/** Every trial once; of one that several folders hold, the first folder's. */
export function* trialsIn({ sweep, folders }: FoundSweep): Generator<TrialRecord, void> {
  const isSeen = new Uint8Array(trialCount(sweep));
  for (const folder of folders) {
    for (const record of recordsOf(folder)) {
      if (record.index >= isSeen.length || isSeen[record.index] === 1) continue;
      isSeen[record.index] = 1;
      yield record;
    }
  }
}
