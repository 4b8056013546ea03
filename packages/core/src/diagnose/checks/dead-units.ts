// dead-units: hidden units that are off for every sample, batch after batch: on the flat side of relu,
// or of an activation with one flat side. What is flat on both sides may still answer yes and no;
// of that `saturated-units` speaks.
//
// A relu unit that never fires receives no gradient and does not come back by itself. A few are
// normal; a layer in which most are dead has lost its capacity, and one in which all are dead cuts
// the network: what is behind it sees the same numbers always, and what is in front never learns.
// On the loss curve this looks like vanishing gradients; the activations tell the two apart.

import { isBounded } from "../../compile/flat-range.ts";
import { placesText } from "../../lint/blocks.ts";
import { leakyRelu } from "../../lint/interventions.ts";
import { listed } from "../../lint/text.ts";
import { percent } from "../../shared/number-text.ts";
import type { Variant } from "../../spec/spec.ts";
import { layerSeries } from "../../trace/signals.ts";
import type { TraceRun } from "../../trace/trace.ts";
import type { Check, Subject } from "../check.ts";
import { severityOf } from "../learned.ts";
import { isUsual, seedsText, seenAt } from "../over-seeds.ts";

/** TheDeepChecker and SageMaker Debugger both call a layer dead at half of its units. */
const MAX_DEAD_SHARE = 0.5;
/** A unit dead in one batch may fire in the next; one that is dead for good is in all of so many. */
const MIN_PROBES = 8;
/** With batches of one every unit that is off is "dead"; so many samples make sure. */
const MIN_SAMPLES = 64;

export const deadUnits: Check = {
  id: "dead-units",
  title: "Hidden units that are off for every sample",
  reads: ["deadShare"],
  examine(subject) {
    const { variant, runs, blocks } = subject;
    const shares = (run: TraceRun) => deadShares(run, subject);
    const layersWith = (holds: (share: number) => boolean) =>
      seenAt(runs, (run) => {
        const known = shares(run);
        return known.length === 0
          ? undefined
          : known.flatMap(({ layer, share }) => (holds(share) ? [layer] : []));
      });
    const cut = layersWith((share) => share === 1);
    const mostly = layersWith((share) => share > MAX_DEAD_SHARE);
    const seen = isUsual(cut) ? cut : mostly;
    if (!isUsual(seen)) return [];
    const names = `${seen.layers.length === 1 ? "layer" : "layers"} ${listed(seen.layers.map((layer) => String(layer + 1)))}`;
    const largest = Math.max(...seen.runs.flatMap((run) => shares(run).map(({ share }) => share)));
    return [
      {
        severity: seen === cut ? "error" : severityOf(seen),
        where: placesText(seen.layers.map((layer) => blocks[layer].index)),
        says:
          seen === cut
            ? `No unit of ${names} is on for any sample, so that nothing passes, ${seedsText(seen)}.`
            : `Up to ${percent(largest)} of the units of ${names} are off for every sample, ${seedsText(seen)}.`,
        evidence: [
          `dead share, the least of the last ${probesFor(variant)} probes: up to ${percent(largest)} (limit ${percent(MAX_DEAD_SHARE)})`,
        ],
        interventions: [leakyRelu(variant)],
      },
    ];
  },
};

/** Whether some hidden layer passes nothing at all. */
export function isCut(run: TraceRun, subject: Subject): boolean {
  return deadShares(run, subject).some(({ share }) => share === 1);
}

/** The least dead share of the last probes: no more units than that are dead in all of them. */
export function deadShares(run: TraceRun, { variant, blocks }: Subject) {
  return blocks.slice(0, -1).flatMap(({ activations }, layer) => {
    const latest = layerSeries(run, "deadShare", layer)
      ?.values.slice(-probesFor(variant))
      .filter(Number.isFinite);
    if (!latest?.length || activations.some(({ name }) => isBounded(name))) return [];
    return [{ layer, share: Math.min(...latest) }];
  });
}

function probesFor({ train }: Variant): number {
  return Math.max(MIN_PROBES, Math.ceil(MIN_SAMPLES / train.batchSize));
}
