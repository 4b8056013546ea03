// unscaled-features: what enters the network is far from unit scale, or its columns are of very
// different size. Glorot's initial weights assume inputs of variance about 1 (Glorot and Bengio,
// AISTATS 2010); otherwise the largest column decides the pre-activations and the step size.

import type { Dataset } from "../../dataset/dataset.ts";
import type { LintCheck } from "../lint-check.ts";

/** Mean absolute input from which AUTOTRAINER calls data abnormal (its omega_1; ICSE 2021). */
const MAX_MEAN_MAGNITUDE = 10;
/** Ratio of column spreads: two orders of magnitude, as one learning rate must serve both. */
const MAX_SPREAD_RATIO = 100;

export const unscaledFeatures: LintCheck = {
  id: "unscaled-features",
  examine(variant, dataset) {
    const columns = columnScales(dataset);
    const spreads = columns.filter((column) => column.sd > 0).sort((a, b) => a.sd - b.sd);
    const largest = columns.reduce((a, b) => (b.magnitude > a.magnitude ? b : a));
    const ratio = spreads.length > 1 ? spreads[spreads.length - 1].sd / spreads[0].sd : 1;
    if (largest.magnitude < MAX_MEAN_MAGNITUDE && ratio < MAX_SPREAD_RATIO) return [];
    const evidence = [
      `mean |${largest.name}| = ${short(largest.magnitude)} (limit ${MAX_MEAN_MAGNITUDE})`,
    ];
    if (ratio >= MAX_SPREAD_RATIO) {
      const [narrow, wide] = [spreads[0], spreads[spreads.length - 1]];
      evidence.push(
        `sd of ${wide.name} / sd of ${narrow.name} = ${short(ratio)} (limit ${MAX_SPREAD_RATIO})`,
      );
    }
    return [
      {
        id: "unscaled-features",
        severity: "warning",
        where: variant.name,
        says: `Features reach the network unscaled: ${evidence.join("; ")}.`,
        evidence,
        ruledOut: [],
        interventions: ["standardize"],
      },
    ];
  },
};

/** Scale of each column as the network sees it, over the training part. */
function columnScales({ columns, train }: Dataset) {
  const width = columns.length;
  return columns.map(({ name }, j) => {
    let sum = 0;
    let magnitude = 0;
    for (let row = 0; row < train.rows; row++) {
      const value = train.x[row * width + j];
      sum += value;
      magnitude += Math.abs(value);
    }
    const mean = sum / train.rows;
    let squares = 0;
    for (let row = 0; row < train.rows; row++) squares += (train.x[row * width + j] - mean) ** 2;
    return { name, magnitude: magnitude / train.rows, sd: Math.sqrt(squares / train.rows) };
  });
}

function short(value: number): string {
  return Number(value.toPrecision(3)).toString();
}
