// The rows of a benchmark case, drawn with NumPy's and scikit-learn's generators from the seeds that
// the case names. Rows come back in the order training part, test part.

import { z } from "zod";
import { makeBlobs } from "../dataset/numpy/generators/make-blobs.ts";
import { makeCircles } from "../dataset/numpy/generators/make-circles.ts";
import { makeClassification } from "../dataset/numpy/generators/make-classification.ts";
import { makeMoons } from "../dataset/numpy/generators/make-moons.ts";
import { RandomState } from "../dataset/numpy/random-state.ts";
import { trainTestSplit } from "../dataset/split/train-test-split.ts";
import { type BenchmarkFile, type CaseData, UnsupportedCase } from "./benchmark-case.ts";

export interface CaseRows {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly number[])[];
  readonly labels: readonly number[];
  /** The last ones are the test part; 0: the network is judged on the rows it trains on. */
  readonly testRows: number;
}

/** The seed of hold-outs and of whatever a case leaves without one; the file's own check used it. */
const HOLD_OUT_SEED = 42;

/** @throws UnsupportedCase for a generator or a kind of target that is not a class per row. */
export function drawCaseData(data: CaseData, generators: BenchmarkFile["generators"]): CaseRows {
  if (!["int01", "onehot", "int"].includes(data.target)) {
    throw new UnsupportedCase(`targets are ${data.target}, not one class per row`);
  }
  const draw = GENERATORS[data.generator];
  if (draw === undefined) throw new UnsupportedCase(`generator ${data.generator}`);
  const drawn = draw(data, generators);
  const { train, test } = splitOf(data, drawn.rows.length);
  const labels = drawn.labels.slice();
  disturbLabels(data, labels, train);
  const order = [...train, ...test];
  return {
    columns: data.columns?.slice(0, -1) ?? drawn.rows[0].map((_, j) => `x${j}`),
    rows: order.map((row) => drawn.rows[row]),
    labels: order.map((row) => labels[row]),
    testRows: test.length,
  };
}

interface Drawn {
  readonly rows: number[][];
  readonly labels: number[];
}

const count = z.int().positive();
const range = z.tuple([z.number(), z.number()]);

type Generator = (data: CaseData, generators: BenchmarkFile["generators"]) => Drawn;

const GENERATORS: Record<string, Generator> = {
  make_circles: ({ params }) => {
    const p = z
      .object({ n_samples: count, noise: z.number(), factor: z.number(), random_state: z.int() })
      .parse(params);
    const { n_samples: rows, noise, factor, random_state: seed } = p;
    return drawnOf(makeCircles({ rows, noise, factor, seed }));
  },
  make_moons: ({ params }) => {
    const p = z
      .object({ n_samples: count, noise: z.number(), random_state: z.int() })
      .parse(params);
    return drawnOf(makeMoons({ rows: p.n_samples, noise: p.noise, seed: p.random_state }));
  },
  make_blobs: ({ params }) => {
    const p = z
      .object({
        n_samples: count,
        centers: count,
        n_features: count,
        cluster_std: z.number(),
        random_state: z.int(),
        multiply: z.number().default(1),
        sortByClass: z.boolean().default(false),
      })
      .parse(params);
    const { n_samples: rows, centers, n_features: columns, cluster_std: clusterStd } = p;
    const drawn = drawnOf(makeBlobs({ rows, centers, columns, clusterStd, seed: p.random_state }));
    const scaled = { ...drawn, rows: drawn.rows.map((row) => row.map((x) => p.multiply * x)) };
    return p.sortByClass ? inOrder(scaled, byClass(scaled.labels)) : scaled;
  },
  make_classification: ({ params }) => drawClassification(params),
  constant_vectors: ({ params }) => {
    const p = z
      .object({ n_per_class: count, dim: count, values: z.array(z.number()) })
      .parse(params);
    return perClass(p.values.length, p.n_per_class, (c) => ({
      row: Array.from({ length: p.dim }, () => p.values[c]),
      label: p.values[c],
    }));
  },
  uniform_boxes: ({ params }) => {
    const p = z.object({ boxes: z.array(z.array(range)), n_per_class: count }).parse(params);
    const random = new RandomState(HOLD_OUT_SEED);
    return perClass(p.boxes.length, p.n_per_class, (label) => ({
      row: p.boxes[label].map(([low, high]) => random.uniform(low, high, 1)[0]),
      label,
    }));
  },
  threshold1d: ({ params }) => {
    const p = z.object({ n: count, class1: range, class0: range }).parse(params);
    const random = new RandomState(HOLD_OUT_SEED);
    const drawn = perClass(2, p.n / 2, (label) => {
      const [low, high] = label === 1 ? p.class1 : p.class0;
      return { row: [random.randint(low, high + 1, 1)[0]], label };
    });
    return inOrder(drawn, random.permutation(drawn.rows.length));
  },
  playground_xor: ({ params }) => {
    const p = z
      .object({ n: count, padding: z.number(), range: z.number(), noise: z.number() })
      .parse(params);
    const random = new RandomState(HOLD_OUT_SEED);
    const rows = Array.from({ length: p.n }, () =>
      Array.from(random.uniform(-p.range, p.range, 2), (x) => x + (x > 0 ? 1 : -1) * p.padding),
    );
    return { rows, labels: rows.map(([x, y]) => (x * y >= 0 ? 1 : 0)) };
  },
  ips12: ({ params }) => {
    const p = z.object({ n: count, dim: count, noise_sd: z.number() }).parse(params);
    const random = new RandomState(HOLD_OUT_SEED);
    const labels = Array.from(random.randomSample(p.n), (u) => (u < 2 / 3 ? 0 : 1));
    const rows = labels.map((label) => {
      const shift = label === 0 ? random.randint(-1, 2, 1)[0] : 0;
      return Array.from(random.normal(0, p.noise_sd, p.dim), (x) => x + shift);
    });
    return { rows, labels };
  },
  gaussian_classes: ({ params }, generators) => {
    const name = Object.keys(generators).find((key) => String(params).includes(key));
    const table = z
      .object({
        classes: z.array(
          z.object({ n: count, mean: z.array(z.number()), cov: z.array(z.array(z.number())) }),
        ),
        decimals: z.int(),
        min: z.number(),
      })
      .safeParse(generators[name ?? ""]);
    if (!table.success) throw new UnsupportedCase(`gaussian_classes of ${String(params)}`);
    const { classes, decimals, min } = table.data;
    const random = new RandomState(HOLD_OUT_SEED);
    const unit = 10 ** decimals;
    const rows: number[][] = [];
    const labels: number[] = [];
    classes.forEach(({ n, mean, cov }, label) => {
      const root = cholesky(cov);
      for (let i = 0; i < n; i++) {
        const z = random.randn(mean.length);
        const x = mean.map((m, j) => m + root[j].reduce((sum, r, k) => sum + r * z[k], 0));
        rows.push(x.map((value) => Math.max(min, Math.round(value * unit) / unit)));
        labels.push(label);
      }
    });
    return { rows, labels };
  },
  table: ({ rows }) => {
    if (rows === undefined) throw new UnsupportedCase("a table without rows");
    return { rows: rows.map((row) => row.slice(0, -1)), labels: rows.map((row) => row.at(-1)!) };
  },
};

function drawClassification(params: CaseData["params"]): Drawn {
  const p = z
    .object({
      n_samples: count,
      n_features: count.default(20),
      n_informative: count.default(2),
      n_redundant: z.int().min(0).default(2),
      n_classes: count.default(2),
      class_sep: z.number().default(1),
      weights: z.array(z.number()).optional(),
      flip_y: z.number().default(0.01),
      random_state: z.int().default(0),
      nan_fraction: z.number().default(0),
      sentinel_fraction: z.number().default(0),
      sentinel: z.number().default(-999),
      expScale: z.number().optional(),
      idColumn: z.boolean().default(false),
    })
    .parse(params ?? {});
  const drawn = drawnOf(
    makeClassification({
      rows: p.n_samples,
      columns: p.n_features,
      informative: p.n_informative,
      redundant: p.n_redundant,
      classes: p.n_classes,
      classSep: p.class_sep,
      flipY: p.flip_y,
      seed: p.random_state,
      ...(p.weights ? { weights: p.weights } : {}),
    }),
  );
  const { expScale } = p;
  const rows = drawn.rows.map((row) =>
    expScale === undefined ? row : row.map((x) => Math.exp(expScale * x)),
  );
  const random = new RandomState(HOLD_OUT_SEED);
  for (const [share, value] of [
    [p.nan_fraction, Number.NaN],
    [p.sentinel_fraction, p.sentinel],
  ]) {
    if (share === 0) continue;
    for (const row of rows) {
      random.randomSample(row.length).forEach((u, j) => {
        if (u < share) row[j] = value;
      });
    }
  }
  const made = { rows, labels: drawn.labels };
  return p.idColumn ? withIdColumn(made) : made;
}

/** The first 300 rows sorted by class, and the row's number, 0 to 10, as a last column. */
function withIdColumn(drawn: Drawn): Drawn {
  const sorted = byClass(drawn.labels.slice(0, 300));
  const rest = Array.from({ length: drawn.rows.length - 300 }, (_, i) => 300 + i);
  const { rows, labels } = inOrder(drawn, [...sorted, ...rest]);
  return { rows: rows.map((row, i) => [...row, (10 * i) / rows.length]), labels };
}

function splitOf(data: CaseData, rows: number): { train: number[]; test: number[] } {
  const all = Array.from({ length: rows }, (_, i) => i);
  if (!data.split) return { train: all, test: [] };
  if ("testFraction" in data.split) {
    const parts = trainTestSplit(rows, { testSize: data.split.testFraction, seed: HOLD_OUT_SEED });
    return { train: [...parts.train], test: [...parts.test] };
  }
  const { train, val, shuffle } = data.split;
  const order = shuffle ? [...new RandomState(HOLD_OUT_SEED).permutation(rows)] : all;
  return { train: order.slice(0, train), test: order.slice(-val) };
}

function disturbLabels(
  { labelFlip = 0, labelNoise = 0 }: Pick<CaseData, "labelFlip" | "labelNoise">,
  labels: number[],
  train: number[],
) {
  const classes = [...new Set(labels)].sort((a, b) => a - b);
  const random = new RandomState(HOLD_OUT_SEED);
  for (const row of train) {
    const [flip, noise] = random.randomSample(2);
    if (flip < labelFlip)
      labels[row] = classes[(classes.indexOf(labels[row]) + 1) % classes.length];
    if (noise < labelNoise) labels[row] = classes[random.randint(0, classes.length, 1)[0]];
  }
}

function drawnOf(data: { x: Float64Array; y: Int32Array; rows: number; columns: number }): Drawn {
  const { x, y, rows, columns } = data;
  return {
    rows: Array.from({ length: rows }, (_, i) => [...x.subarray(i * columns, (i + 1) * columns)]),
    labels: [...y],
  };
}

function perClass(
  classes: number,
  rowsPerClass: number,
  draw: (label: number) => { row: number[]; label: number },
): Drawn {
  const all = Array.from({ length: classes * rowsPerClass }, (_, i) =>
    draw(Math.floor(i / rowsPerClass)),
  );
  return { rows: all.map(({ row }) => row), labels: all.map(({ label }) => label) };
}

function byClass(labels: readonly number[]): number[] {
  return labels.map((_, i) => i).sort((a, b) => labels[a] - labels[b] || a - b);
}

function inOrder({ rows, labels }: Drawn, order: ArrayLike<number>): Drawn {
  const taken = Array.from(order);
  return { rows: taken.map((i) => rows[i]), labels: taken.map((i) => labels[i]) };
}

/** Lower triangular L with L L^T = a, for a positive definite a. */
function cholesky(a: readonly (readonly number[])[]): number[][] {
  const l = a.map((row) => row.map(() => 0));
  for (let i = 0; i < a.length; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a[i][j];
      for (let k = 0; k < j; k++) sum -= l[i][k] * l[j][k];
      l[i][j] = i === j ? Math.sqrt(sum) : sum / l[j][j];
    }
  }
  return l;
}
