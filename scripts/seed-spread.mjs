// How much the validation loss of each variant varies over training seeds and over data seeds:
//   node scripts/seed-spread.mjs runs/NAME-HASH

import { readFileSync } from "node:fs";
import { join } from "node:path";

const lines = readFileSync(join(process.argv[2], "trials.jsonl"), "utf8").trim().split("\n");
const trials = lines.map((line) => JSON.parse(line));
for (const variant of new Set(trials.map((trial) => trial.variant))) {
  const spread = (seeds) =>
    sampleSd(
      trials
        .filter((trial) => trial.variant === variant && seeds(trial))
        .map((trial) => trial.final.valLoss),
    ).toFixed(4);
  const training = spread((trial) => trial.dataSeed === 0);
  const data = spread((trial) => trial.dataSeed !== 0);
  console.log(`${variant}: sd ${training} over training seeds, ${data} over data seeds`);
}

function sampleSd(values) {
  const mean = values.reduce((a, b) => a + b) / values.length;
  return Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / (values.length - 1));
}
