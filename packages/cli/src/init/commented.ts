// A spec's text with what a newcomer has to know: a comment in front of every part, and what could
// be added below.

import { type SpecInput, specText } from "@convergence-lab/core";

/** @param path Of the file, for the commands in its head. */
export function commentedSpec(spec: SpecInput, path: string): string {
  const commented = Object.entries(COMMENTS).reduce(
    (text, [key, comment]) =>
      text.replace(new RegExp(`^${key}:`, "m"), (line) => `\n${lines(comment)}\n${line}`),
    specText(spec, Number.POSITIVE_INFINITY),
  );
  return `${lines(head(path))}\n\n${commented}\n${lines(MORE)}\n`;
}

function lines(comment: string): string {
  return comment
    .trim()
    .split("\n")
    .map((line) => `# ${line}`.trimEnd())
    .join("\n");
}

function head(path: string): string {
  return `Why does this network fail to converge, and what fixes it?
  clab diagnose ${path}    says so, with proof
  clab run ${path}         trains it over many seeds and compares variants`;
}

const COMMENTS: Readonly<Record<string, string>> = {
  data: `The rows: a table, its column of classes, and the share that is kept for the test. Steps such
as standardize go into preprocess; they are fitted on the training part.`,
  model: "The layers from inputs to outputs, as of keras.Sequential.",
  train: "What Keras takes in compile and fit.",
};

/** A spec's other parts, which are taken as they stand when the signs in front are. */
const MORE = `Over how many seeds every network is trained, what is compared (each variant is a patch over
data, model and train), and what is claimed about it: each claim is tested over all seeds.

seeds: { training: 20 }
variants:
  as-it-is: {}
  standardized: { data: { preprocess: [standardize] } }
  slower: { train: { learningRate: 0.0001 } }
claims:
  - text: Standardized columns give a lower loss.
    expect: [{ metric: valLoss, variant: standardized, is: lower, than: as-it-is }]`;
