// saturated-units: most pre-activations of a hidden sigmoid or tanh layer lie on its flat ends, where
// a unit is nearly constant and passes nearly no gradient. Inputs or weights are too large for it.

import { placesText } from "../../lint/blocks.ts";
import { changeLayers, standardize } from "../../lint/interventions.ts";
import { percent } from "../../shared/number-text.ts";
import { latestMedian } from "../../trace/derived/series.ts";
import { layerSeries } from "../../trace/signals.ts";
import type { TraceRun } from "../../trace/trace.ts";
import type { Check } from "../check.ts";
import { isUsual, seedsText, seenAt } from "../over-seeds.ts";

/**
 * DeepDiagnosis says 0.5 (ICSE 2022); healthy networks have up to 0.52, those that it hinders
 * 0.75 to 1 (bench/results/checks-over-cases.md).
 */
const MAX_SHARE = 0.65;
const WINDOW = 8;

export const saturatedUnits: Check = {
  id: "saturated-units",
  title: "Hidden units at the flat ends of their activation",
  reads: ["saturatedShare"],
  examine({ variant, runs, blocks }) {
    const shareOf = (run: TraceRun, layer: number) => {
      const values = layerSeries(run, "saturatedShare", layer)?.values;
      return values && latestMedian(values, WINDOW);
    };
    const hidden = blocks.slice(0, -1).map((_, layer) => layer);
    const seen = seenAt(runs, (run) => {
      const shares = hidden.map((layer) => shareOf(run, layer));
      if (shares.every((share) => share === undefined)) return undefined;
      return hidden.filter((layer) => (shares[layer] ?? 0) > MAX_SHARE);
    });
    if (!isUsual(seen)) return [];
    const ofLayers = (run: TraceRun) => seen.layers.map((layer) => shareOf(run, layer) ?? 0);
    const largest = Math.max(...seen.runs.flatMap(ofLayers));
    const [first] = seen.layers;
    const atStart = seen.runs.map(
      (run) => layerSeries(run, "saturatedShare", first)?.values[0] ?? 0,
    );
    const fromStart = Math.min(...atStart) > MAX_SHARE;
    return [
      {
        severity: "warning",
        where: placesText(seen.layers.map((layer) => blocks[layer].index)),
        says: `${percent(largest)} of the pre-activations lie on the flat ends of the activation${fromStart ? ", from the first step on" : ""}, ${seedsText(seen)}.`,
        evidence: [
          `saturated share, median of the last ${WINDOW} probes: up to ${percent(largest)} (limit ${percent(MAX_SHARE)})`,
          `layer ${first + 1} at the first step: ${percent(Math.min(...atStart))} to ${percent(Math.max(...atStart))}`,
        ],
        interventions: fromStart
          ? [standardize(variant)]
          : [
              changeLayers(
                variant,
                { id: "relu-hidden", says: "use relu in these layers" },
                (layer, i) =>
                  seen.layers.some((each) =>
                    blocks[each].activations.some(({ index }) => index === i),
                  ) &&
                  (layer.type === "dense" || layer.type === "activation")
                    ? { ...layer, activation: "relu" as const }
                    : layer,
              ),
            ],
      },
    ];
  },
};
