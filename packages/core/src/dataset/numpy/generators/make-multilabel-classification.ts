// scikit-learn's `make_multilabel_classification`: rows are word counts of documents that have any
// number of topics. Draws follow sklearn/datasets/_samples_generator.py.

import { type RandomState, randomStateOf, type Seed } from "../random-state.ts";

export interface MakeMultilabelClassificationOptions {
  /** Number of rows. Default 100. */
  rows?: number | undefined;
  /** Number of words. Default 20. */
  columns?: number | undefined;
  /** Number of topics. Default 5. */
  classes?: number | undefined;
  /** Mean of the number of topics of a row, before numbers that are too large are drawn anew. Default 2. */
  labels?: number | undefined;
  /** Mean of the number of words of a row. Default 50. */
  length?: number | undefined;
  /** Whether a row may have no topic. Default true. */
  allowUnlabeled?: boolean | undefined;
  /** scikit-learn's `random_state`. */
  seed: Seed;
}

export interface MultilabelData {
  /** Word counts, (rows, columns), row-major. */
  x: Float64Array;
  /** Whether each row has each topic, (rows, classes), row-major. */
  y: Int32Array;
  rows: number;
  columns: number;
  classes: number;
}

export function makeMultilabelClassification(
  options: MakeMultilabelClassificationOptions,
): MultilabelData {
  const { rows = 100, columns = 20, classes = 5, labels = 2, length = 50 } = options;
  const { allowUnlabeled = true } = options;
  const random = randomStateOf(options.seed);
  const topics = cumulative(shares(random.uniform(0, 1, classes)));
  const uniforms = random.uniform(0, 1, columns * classes);
  const words = Array.from({ length: classes }, (_, k) =>
    shares(Float64Array.from({ length: columns }, (_, j) => uniforms[j * classes + k])),
  );

  const x = new Float64Array(rows * columns);
  const y = new Int32Array(rows * classes);
  for (let row = 0; row < rows; row++) {
    const chosen = drawTopics(random, topics, { labels, allowUnlabeled });
    for (const topic of chosen) y[row * classes + topic] = 1;
    const count = drawLength(random, length);
    for (const word of drawWords(
      random,
      count,
      columns,
      chosen.map((topic) => words[topic]),
    )) {
      x[row * columns + word]++;
    }
  }
  return { x, y, rows, columns, classes };
}

function drawTopics(
  random: RandomState,
  topics: Float64Array,
  { labels, allowUnlabeled }: { labels: number; allowUnlabeled: boolean },
): number[] {
  let size = topics.length + 1;
  while ((!allowUnlabeled && size === 0) || size > topics.length) size = random.poisson(labels);
  const chosen = new Set<number>();
  while (chosen.size !== size) {
    for (const u of random.uniform(0, 1, size - chosen.size)) chosen.add(placeOf(topics, u));
  }
  return [...chosen].sort((a, b) => a - b);
}

function drawLength(random: RandomState, mean: number): number {
  let length = 0;
  while (length === 0) length = random.poisson(mean);
  return length;
}

/** Words of the mixture of some topics; any words where there are none. */
function drawWords(
  random: RandomState,
  count: number,
  columns: number,
  topics: readonly Float64Array[],
): Float64Array {
  if (topics.length === 0) return random.randint(0, columns, count);
  const mixture = topics[0].map((_, j) => topics.reduce((sum, topic) => sum + topic[j], 0));
  const ends = cumulative(mixture);
  const all = ends.at(-1)!;
  return random.uniform(0, 1, count).map((u) =>
    placeOf(
      ends.map((end) => end / all),
      u,
    ),
  );
}

function shares(values: Float64Array): Float64Array {
  const sum = values.reduce((total, value) => total + value, 0);
  return values.map((value) => value / sum);
}

function cumulative(values: Float64Array): Float64Array {
  let sum = 0;
  return values.map((value) => {
    sum += value;
    return sum;
  });
}

/** The first place whose end is not below `value`: `np.searchsorted`. */
function placeOf(ends: Float64Array, value: number): number {
  const place = ends.findIndex((end) => end >= value);
  return place === -1 ? ends.length : place;
}
