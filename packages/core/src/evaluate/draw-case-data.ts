// The rows of a benchmark case, drawn with NumPy's and scikit-learn's generators from the seeds that
// the case names. Rows come back in the order training part, test part.

import { $ZodError } from "zod/v4/core";
import { RandomState } from "../dataset/numpy/random-state.ts";
import { trainTestSplit } from "../dataset/split/train-test-split.ts";
import { type CaseData, UnsupportedCase } from "./benchmark-case.ts";
import { type Drawn, type DrawSource, GENERATORS, HOLD_OUT_SEED } from "./case-generators.ts";

export interface CaseRows {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly number[])[];
  readonly labels: readonly number[];
  /** The last ones are the test part; 0: the network is judged on the rows it trains on. */
  readonly testRows: number;
}

/**
 * Rows of a case, or with an offset fresh rows of the same kind, split anew.
 *
 * @throws UnsupportedCase for a generator or a kind of target that is not a class per row.
 */
export function drawCaseData(data: CaseData, source: DrawSource): CaseRows {
  if (!["int01", "onehot", "int"].includes(data.target)) {
    throw new UnsupportedCase(`targets are ${data.target}, not one class per row`);
  }
  const drawn = draw(data, source);
  const seed = HOLD_OUT_SEED + source.offset;
  const parts = splitOf(data, drawn.rows.length, seed);
  const labels = drawn.labels.slice();
  disturbLabels(data, labels, parts.train, seed);
  const train = thinnedOut(data, labels, parts.train, seed);
  const order = [...train, ...parts.test];
  return {
    columns: data.columns?.slice(0, -1) ?? drawn.rows[0].map((_, j) => `x${j}`),
    rows: order.map((row) => drawn.rows[row]),
    labels: order.map((row) => labels[row]),
    testRows: parts.test.length,
  };
}

function draw(data: CaseData, source: DrawSource): Drawn {
  const generator = GENERATORS[data.generator];
  if (generator === undefined) throw new UnsupportedCase(`generator ${data.generator}`);
  try {
    return generator(data, source);
  } catch (error) {
    if (!(error instanceof $ZodError)) throw error;
    const [{ path, message }] = error.issues;
    throw new UnsupportedCase(`settings of ${data.generator}: ${path.join(".")}: ${message}`);
  }
}

function splitOf(data: CaseData, rows: number, seed: number): { train: number[]; test: number[] } {
  const all = Array.from({ length: rows }, (_, i) => i);
  if (!data.split) return { train: all, test: [] };
  if ("testFraction" in data.split) {
    const parts = trainTestSplit(rows, { testSize: data.split.testFraction, seed });
    return { train: [...parts.train], test: [...parts.test] };
  }
  const { train, val, shuffle } = data.split;
  const order = shuffle ? [...new RandomState(seed).permutation(rows)] : all;
  return { train: order.slice(0, train), test: order.slice(-val) };
}

/** Training rows without those that the case leaves out of each class. */
function thinnedOut(
  { imbalance }: Pick<CaseData, "imbalance">,
  labels: readonly number[],
  train: readonly number[],
  seed: number,
): readonly number[] {
  if (imbalance === undefined) return train;
  const classes = [...new Set(labels)].sort((a, b) => a - b);
  const draws = new RandomState(seed).randomSample(train.length);
  return train.filter((row, i) => draws[i] < (imbalance[classes.indexOf(labels[row])] ?? 1));
}

function disturbLabels(
  { labelFlip = 0, labelNoise = 0 }: Pick<CaseData, "labelFlip" | "labelNoise">,
  labels: number[],
  train: readonly number[],
  seed: number,
): void {
  const classes = [...new Set(labels)].sort((a, b) => a - b);
  const random = new RandomState(seed);
  for (const row of train) {
    const [flip, noise] = random.randomSample(2);
    if (flip < labelFlip)
      labels[row] = classes[(classes.indexOf(labels[row]) + 1) % classes.length];
    if (noise < labelNoise) labels[row] = classes[random.randint(0, classes.length, 1)[0]];
  }
}
