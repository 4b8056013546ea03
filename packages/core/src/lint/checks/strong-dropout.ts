// strong-dropout: so few units are left in training that what gets through is mostly noise.

import { percent, shortNumber } from "../../shared/number-text.ts";
import { hiddenBlocks, placeOf } from "../blocks.ts";
import { changeLayers } from "../interventions.ts";
import { lintCheck, type Observation } from "../lint-check.ts";

/** Units left of a layer on average; with 3 all are gone in 1 of 8 steps at a rate of one half. */
const MIN_UNITS_LEFT = 3;
/** Srivastava et al. (JMLR 2014), section 7.3: error rises steeply when less than 0.3 is kept. */
const MIN_KEPT = 0.3;
/** Of all dropouts in a row: four of one half, as in mdenil/dropout#13, keep 0.06. */
const MIN_KEPT_IN_ALL = 0.1;

export const strongDropout = lintCheck({
  id: "strong-dropout",
  title: "Dropout leaves too little",
  reads: ["shape"],
  examine(variant, { shape }) {
    const dropouts = hiddenBlocks(variant.model, shape.inputs).flatMap(({ layer, after }) =>
      after.flatMap(({ layer: each, index }) =>
        each.type === "dropout" || each.type === "alphaDropout"
          ? [{ index, kept: 1 - each.rate, units: layer.units }]
          : [],
      ),
    );
    const inAll = dropouts.reduce((product, { kept }) => product * kept, 1);
    const strong = dropouts.filter(
      ({ kept, units }) => kept < 1 && (kept < MIN_KEPT || kept * units < MIN_UNITS_LEFT),
    );
    const isTooMuch = dropouts.length > 1 && inAll < MIN_KEPT_IN_ALL;
    if (strong.length === 0 && !isTooMuch) return [];
    const named = strong.length > 0 ? strong : dropouts;
    const places = dropouts.map(({ index }) => index);
    const evidence = named.map(
      ({ index, kept, units }) =>
        `${placeOf(index)} keeps ${percent(kept)} of ${units} units, ${shortNumber(kept * units)} on average (limits ${percent(MIN_KEPT)}, ${MIN_UNITS_LEFT})`,
    );
    if (isTooMuch) {
      evidence.push(
        `${dropouts.length} in a row keep ${percent(inAll)} of all paths (limit ${percent(MIN_KEPT_IN_ALL)})`,
      );
    }
    const weaken = (rate: number): Observation["interventions"] => [
      changeLayers(variant, { id: "no-dropout", says: "train without dropout" }, (layer, i) =>
        places.includes(i) ? null : layer,
      ),
      changeLayers(
        variant,
        { id: "less-dropout", says: `drop ${percent(rate)} only` },
        (layer, i) =>
          places.includes(i) && "rate" in layer
            ? { ...layer, rate: Math.min(layer.rate, rate) }
            : layer,
      ),
    ];
    return [
      {
        severity: "warning",
        where: named.map(({ index }) => placeOf(index)).join(", "),
        says:
          strong.length > 0
            ? `Dropout leaves ${shortNumber(Math.min(...strong.map(({ kept, units }) => kept * units)))} units of a layer on average; what gets through is mostly noise.`
            : `${dropouts.length} dropouts in a row leave ${percent(inAll)} of the paths through the network.`,
        evidence,
        interventions: weaken(0.2) ?? [],
      },
    ];
  },
});
