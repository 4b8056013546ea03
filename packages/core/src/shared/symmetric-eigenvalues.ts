// Eigenvalues of a real symmetric matrix: Householder's reduction to tridiagonal form, then the
// implicit QL iteration (Wilkinson and Reinsch, Handbook for Automatic Computation II, 1971,
// contributions II/2 and II/4). About 4/3 n^3 operations, and 3 n^3 more for the eigenvectors.

/** Ascending. The matrix is left as it is. */
export function symmetricEigenvalues(matrix: readonly Float64Array[]): Float64Array {
  const { diagonal, beside } = tridiagonal(matrix.map((row) => row.slice()));
  toDiagonal(diagonal, beside);
  return diagonal.sort();
}

/** Ascending, with a vector of length 1 for each. The matrix is left as it is. */
export function symmetricEigen(matrix: readonly Float64Array[]): {
  values: Float64Array;
  vectors: Float64Array[];
} {
  const columns = matrix.map((_, i) => Float64Array.from(matrix, (__, j) => Number(i === j)));
  const { diagonal, beside } = tridiagonal(
    matrix.map((row) => row.slice()),
    columns,
  );
  toDiagonal(diagonal, beside, columns);
  const order = [...diagonal.keys()].sort((a, b) => diagonal[a] - diagonal[b]);
  return {
    values: Float64Array.from(order, (k) => diagonal[k]),
    vectors: order.map((k) => columns[k]),
  };
}

/** @param columns Those of the matrix of vectors so far, which are turned along. */
function toDiagonal(
  diagonal: Float64Array,
  beside: Float64Array,
  columns?: readonly Float64Array[],
): void {
  const n = diagonal.length;
  for (let first = 0; first < n; first++) {
    // Each turn brings one element beside the diagonal to 0; two or three are enough in practice.
    for (let turn = 0; turn < 60; turn++) {
      let last = first;
      while (last < n - 1 && !isNegligible(beside[last], diagonal[last], diagonal[last + 1]))
        last++;
      if (last === first) break;
      qlStep(diagonal, beside, { first, last, columns });
    }
  }
}

function isNegligible(element: number, a: number, b: number): boolean {
  return Math.abs(element) <= Number.EPSILON * (Math.abs(a) + Math.abs(b));
}

/**
 * beside[i] stands between diagonal[i] and diagonal[i + 1]. Works in place.
 *
 * @param columns Those of the matrix of vectors, which each reflection is put on.
 */
function tridiagonal(a: readonly Float64Array[], columns?: readonly Float64Array[]) {
  const n = a.length;
  const diagonal = new Float64Array(n);
  const beside = new Float64Array(n);
  for (let k = 0; k < n - 1; k++) {
    // A reflection maps the column below the diagonal to its first element.
    const v = Float64Array.from({ length: n - k - 1 }, (_, i) => a[k + 1 + i][k]);
    const norm = Math.sqrt(dot(v, v));
    beside[k] = v[0] > 0 ? -norm : norm;
    v[0] -= beside[k];
    const square = dot(v, v);
    if (square === 0) continue;
    // A - v w' - w v' with w = 2 (A v / |v|^2 - v (v'A v) / |v|^4).
    const w = v.map((_, i) => {
      const row = a[k + 1 + i];
      let sum = 0;
      for (let j = 0; j < v.length; j++) sum += row[k + 1 + j] * v[j];
      return (2 * sum) / square;
    });
    const half = dot(v, w) / square;
    for (let i = 0; i < v.length; i++) w[i] -= half * v[i];
    for (let i = 0; i < v.length; i++) {
      const row = a[k + 1 + i];
      for (let j = 0; j < v.length; j++) row[k + 1 + j] -= v[i] * w[j] + w[i] * v[j];
    }
    if (columns !== undefined) reflectColumns(columns.slice(k + 1), v, square);
  }
  for (let k = 0; k < n; k++) diagonal[k] = a[k][k];
  return { diagonal, beside };
}

/** The columns times 1 - 2 v v' / |v|^2. */
function reflectColumns(columns: readonly Float64Array[], v: Float64Array, square: number): void {
  const n = columns[0].length;
  const sums = new Float64Array(n);
  columns.forEach((column, i) => {
    for (let row = 0; row < n; row++) sums[row] += column[row] * v[i];
  });
  columns.forEach((column, i) => {
    const factor = (2 * v[i]) / square;
    for (let row = 0; row < n; row++) column[row] -= factor * sums[row];
  });
}

interface QlRange {
  readonly first: number;
  readonly last: number;
  readonly columns?: readonly Float64Array[] | undefined;
}

/** One implicit QL step with Wilkinson's shift on the rows `first` to `last`. */
function qlStep(
  diagonal: Float64Array,
  beside: Float64Array,
  { first, last, columns }: QlRange,
): void {
  const half = (diagonal[first + 1] - diagonal[first]) / (2 * beside[first]);
  const root = Math.hypot(half, 1);
  let shifted =
    diagonal[last] - diagonal[first] + beside[first] / (half + (half < 0 ? -root : root));
  let sine = 1;
  let cosine = 1;
  let moved = 0;
  for (let i = last - 1; i >= first; i--) {
    const f = sine * beside[i];
    const b = cosine * beside[i];
    const r = Math.hypot(f, shifted);
    beside[i + 1] = r;
    if (r === 0) {
      diagonal[i + 1] -= moved;
      beside[last] = 0;
      return;
    }
    sine = f / r;
    cosine = shifted / r;
    const g = diagonal[i + 1] - moved;
    const t = (diagonal[i] - g) * sine + 2 * cosine * b;
    moved = sine * t;
    diagonal[i + 1] = g + moved;
    shifted = cosine * t - b;
    if (columns !== undefined) rotate(columns[i], columns[i + 1], sine, cosine);
  }
  diagonal[first] -= moved;
  beside[first] = shifted;
  beside[last] = 0;
}

function rotate(left: Float64Array, right: Float64Array, sine: number, cosine: number): void {
  for (let row = 0; row < left.length; row++) {
    const old = right[row];
    right[row] = sine * left[row] + cosine * old;
    left[row] = cosine * left[row] - sine * old;
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
