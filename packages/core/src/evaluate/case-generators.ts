// The generators that benchmark cases name, each from its settings: NumPy's and scikit-learn's draws
// from the seeds of the case. What a case leaves without a seed is drawn with seed 42. Fresh rows of
// the same kind come from other seeds.

import * as z from "zod/mini";
import { makeBlobs } from "../dataset/numpy/generators/make-blobs.ts";
import { makeCircles } from "../dataset/numpy/generators/make-circles.ts";
import { makeClassification } from "../dataset/numpy/generators/make-classification.ts";
import { makeMoons } from "../dataset/numpy/generators/make-moons.ts";
import { makeMultilabelClassification } from "../dataset/numpy/generators/make-multilabel-classification.ts";
import { RandomState } from "../dataset/numpy/random-state.ts";
import { type BenchmarkFile, type CaseData, UnsupportedCase } from "./benchmark-case.ts";

export interface Drawn {
  readonly rows: number[][];
  readonly labels: number[];
}

const count = z.int().check(z.positive());
const range = z.tuple([z.number(), z.number()]);

/** Where the numbers of a case come from. */
export interface DrawSource {
  /** Moments of the tables that `gaussian_classes` names. */
  readonly generators: BenchmarkFile["generators"];
  /** Added to every seed; 0: the rows as the case has them. */
  readonly offset: number;
}

/** The seed of hold-outs and of whatever a case leaves without one; the file's own check used it. */
export const HOLD_OUT_SEED = 42;

export type Generator = (data: CaseData, source: DrawSource) => Drawn;

const unseeded = ({ offset }: DrawSource) => new RandomState(HOLD_OUT_SEED + offset);

export const GENERATORS: Record<string, Generator> = {
  make_circles: ({ params }, { offset }) => {
    const p = z
      .object({ n_samples: count, noise: z.number(), factor: z.number(), random_state: z.int() })
      .parse(params);
    const { n_samples: rows, noise, factor, random_state: seed } = p;
    return drawnOf(makeCircles({ rows, noise, factor, seed: seed + offset }));
  },
  make_moons: ({ params }, { offset }) => {
    const p = z
      .object({ n_samples: count, noise: z.number(), random_state: z.int() })
      .parse(params);
    const { n_samples: rows, noise, random_state: seed } = p;
    return drawnOf(makeMoons({ rows, noise, seed: seed + offset }));
  },
  make_blobs: ({ params }, { offset }) => {
    const p = z
      .object({
        n_samples: count,
        centers: count,
        n_features: count,
        cluster_std: z.number(),
        random_state: z.int(),
        multiply: z._default(z.number(), 1),
        sortByClass: z._default(z.boolean(), false),
      })
      .parse(params);
    const { n_samples: rows, n_features: columns, cluster_std: clusterStd, random_state } = p;
    const centers = offset === 0 ? p.centers : blobCenters(p.centers, columns, random_state);
    const seed = random_state + offset;
    const drawn = drawnOf(makeBlobs({ rows, centers, columns, clusterStd, seed }));
    const scaled = { ...drawn, rows: drawn.rows.map((row) => row.map((x) => p.multiply * x)) };
    return p.sortByClass ? inOrder(scaled, byClass(scaled.labels)) : scaled;
  },
  make_classification: ({ params }, source) => drawClassification(params, source),
  scaled_classification: ({ params }, source) => {
    const { rows, labels } = drawClassification(params, source);
    const random = unseeded(source);
    const scales = rows[0].map(() => Math.exp(random.uniform(...SCALES, 1)[0]));
    const least = rows[0].map((_, j) => Math.min(...rows.map((row) => row[j])));
    return {
      rows: rows.map((row) => row.map((x, j) => scales[j] * (x - least[j]))),
      labels,
    };
  },
  correlated_classification: ({ params }, source) => {
    const p = z
      .looseObject({ copies: z._default(count, 5), copy_noise_sd: z._default(z.number(), 0.01) })
      .parse(params);
    const { copies, copy_noise_sd: sd, ...rest } = p;
    const only = { n_features: 2, n_informative: 2, n_redundant: 0 };
    const { rows, labels } = drawClassification({ ...rest, ...only }, source);
    const random = unseeded(source);
    const copied = (x: number) => Array.from(random.normal(x, sd, copies), (v) => 5 * v + 20);
    return { rows: rows.map((row) => row.flatMap(copied)), labels };
  },
  make_multilabel_classification: (data, { offset }) => {
    const p = z
      .object({
        n_samples: count,
        n_features: z._default(count, 20),
        n_classes: z._default(count, 5),
        n_labels: z._default(count, 2),
        length: z._default(count, 50),
        allow_unlabeled: z._default(z.boolean(), true),
        random_state: z._default(z.int(), 0),
      })
      .parse(data.params);
    if (p.n_classes > 1) {
      throw new UnsupportedCase("several labels per row, and a network here has one class per row");
    }
    const { x, y, rows, columns } = makeMultilabelClassification({
      rows: p.n_samples,
      columns: p.n_features,
      classes: p.n_classes,
      labels: p.n_labels,
      length: p.length,
      allowUnlabeled: p.allow_unlabeled,
      seed: p.random_state + offset,
    });
    return drawnOf({ x, y, rows, columns });
  },
  playground_spiral: ({ params }, source) => {
    const p = z.object({ n: count, noise: z._default(z.number(), 0) }).parse(params);
    const random = unseeded(source);
    return perClass(2, Math.floor(p.n / 2), (label, i) => {
      const share = i / Math.floor(p.n / 2);
      const [r, angle] = [5 * share, 1.75 * share * 2 * Math.PI + (label === 0 ? Math.PI : 0)];
      const [dx, dy] = random.uniform(-1, 1, 2);
      return {
        row: [r * Math.sin(angle) + p.noise * dx, r * Math.cos(angle) + p.noise * dy],
        label,
      };
    });
  },
  constant_vectors: ({ params }) => {
    const p = z
      .object({ n_per_class: count, dim: count, values: z.array(z.number()) })
      .parse(params);
    return perClass(p.values.length, p.n_per_class, (c) => ({
      row: Array.from({ length: p.dim }, () => p.values[c]),
      label: p.values[c],
    }));
  },
  uniform_boxes: ({ params }, source) => {
    const p = z.object({ boxes: z.array(z.array(range)), n_per_class: count }).parse(params);
    const random = unseeded(source);
    return perClass(p.boxes.length, p.n_per_class, (label) => ({
      row: p.boxes[label].map(([low, high]) => random.uniform(low, high, 1)[0]),
      label,
    }));
  },
  threshold1d: ({ params }, source) => {
    const p = z.object({ n: count, class1: range, class0: range }).parse(params);
    const random = unseeded(source);
    const drawn = perClass(2, p.n / 2, (label) => {
      const [low, high] = label === 1 ? p.class1 : p.class0;
      return { row: [random.randint(low, high + 1, 1)[0]], label };
    });
    return inOrder(drawn, random.permutation(drawn.rows.length));
  },
  playground_xor: ({ params }, source) => {
    const p = z
      .object({ n: count, padding: z.number(), range: z.number(), noise: z.number() })
      .parse(params);
    const random = unseeded(source);
    const rows = Array.from({ length: p.n }, () =>
      Array.from(random.uniform(-p.range, p.range, 2), (x) => x + (x > 0 ? 1 : -1) * p.padding),
    );
    return { rows, labels: rows.map(([x, y]) => (x * y >= 0 ? 1 : 0)) };
  },
  ips12: ({ params }, source) => {
    const p = z.object({ n: count, dim: count, noise_sd: z.number() }).parse(params);
    const random = unseeded(source);
    const labels = Array.from(random.randomSample(p.n), (u) => (u < 2 / 3 ? 0 : 1));
    const rows = labels.map((label) => {
      const shift = label === 0 ? random.randint(-1, 2, 1)[0] : 0;
      return Array.from(random.normal(0, p.noise_sd, p.dim), (x) => x + shift);
    });
    return { rows, labels };
  },
  gaussian_classes: ({ params }, source) => {
    const { generators } = source;
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
    const random = unseeded(source);
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
    const numbers = rows.map((row) => row.map((cell) => cell ?? Number.NaN));
    return {
      rows: numbers.map((row) => row.slice(0, -1)),
      labels: numbers.map((row) => row.at(-1)!),
    };
  },
};

function drawClassification(params: CaseData["params"], source: DrawSource): Drawn {
  const p = z
    .object({
      n_samples: count,
      n_features: z._default(count, 20),
      n_informative: z._default(count, 2),
      n_redundant: z._default(z.int().check(z.minimum(0)), 2),
      n_classes: z._default(count, 2),
      class_sep: z._default(z.number(), 1),
      weights: z.optional(z.array(z.number())),
      flip_y: z._default(z.number(), 0.01),
      random_state: z._default(z.int(), 0),
      nan_fraction: z._default(z.number(), 0),
      sentinel_fraction: z._default(z.number(), 0),
      sentinel: z._default(z.number(), -999),
      conflicts: z._default(z.number(), 0),
      expScale: z.optional(z.number()),
      idColumn: z._default(z.boolean(), false),
      multiply: z._default(z.number(), 1),
      shift: z._default(z.number(), 0),
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
      seed: p.random_state + source.offset,
      ...(p.weights ? { weights: p.weights } : {}),
    }),
  );
  const { expScale } = p;
  const bent = (x: number) => (expScale === undefined ? x : Math.exp(expScale * x));
  const rows = drawn.rows.map((row) => row.map((x) => p.multiply * (bent(x) + p.shift)));
  const random = unseeded(source);
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
  const made = withConflicts({ rows, labels: drawn.labels }, p.conflicts, p.n_classes);
  return p.idColumn ? withIdColumn(made) : made;
}

/** A share of the rows once more, with another label. */
function withConflicts({ rows, labels }: Drawn, share: number, classes: number): Drawn {
  const repeated = Math.round(share * rows.length);
  return {
    rows: [...rows, ...rows.slice(0, repeated)],
    labels: [...labels, ...labels.slice(0, repeated).map((label) => (label + 1) % classes)],
  };
}

/** The points that make_blobs draws first. */
function blobCenters(centers: number, columns: number, seed: number): number[][] {
  const random = new RandomState(seed);
  return Array.from({ length: centers }, () => [...random.uniform(-10, 10, columns)]);
}

/** Logarithms of the ends of what `scaled_classification` multiplies a column by. */
const SCALES = [Math.log(1e-3), Math.log(4e3)] as const;

/** The first 300 rows sorted by class, and the row's number, 0 to 10, as a last column. */
function withIdColumn(drawn: Drawn): Drawn {
  const sorted = byClass(drawn.labels.slice(0, 300));
  const rest = Array.from({ length: Math.max(0, drawn.rows.length - 300) }, (_, i) => 300 + i);
  const { rows, labels } = inOrder(drawn, [...sorted, ...rest]);
  return { rows: rows.map((row, i) => [...row, (10 * i) / rows.length]), labels };
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
  draw: (label: number, i: number) => { row: number[]; label: number },
): Drawn {
  const all = Array.from({ length: classes * rowsPerClass }, (_, i) =>
    draw(Math.floor(i / rowsPerClass), i % rowsPerClass),
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
