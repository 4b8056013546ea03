// Principal components: scikit-learn's PCA(svd_solver="full"), by the eigenvectors of the
// covariance, which are the right singular vectors of the centred rows.

import { symmetricEigen } from "../../shared/symmetric-eigenvalues.ts";
import { type Fit, UnfitColumns } from "./fitted-step.ts";

export interface PcaSettings {
  /** A number of components, or the share of the variance that they must exceed. Absent: all. */
  readonly components?: number | undefined;
  readonly whiten: boolean;
}

/** The work grows with its cube. */
const MOST_COLUMNS = 1024;

/**
 * The directions of most variance first, each with the sign that makes its largest weight positive
 * (`svd_flip` by the components, scikit-learn 1.5 and later). Variances divide by rows - 1.
 */
export function pca({ components, whiten }: PcaSettings): Fit {
  return (data) => {
    const { names, rows } = data;
    const width = names.length;
    checkColumns(data);
    const means = Float64Array.from(names, (_, j) => {
      let sum = 0;
      for (let row = 0; row < rows; row++) sum += data.value(row, j);
      return sum / rows;
    });
    const { values, vectors } = symmetricEigen(covariance(data, means));
    const variances = Array.from(values, (value) => Math.max(0, value)).reverse();
    const directions = vectors.map(signed).reverse();
    const kept = componentCount(components, variances, Math.min(rows, width));
    const scales = variances.map((variance) => (whiten ? Math.sqrt(variance) : 1));
    return {
      outputs: Array.from({ length: kept }, (_, k) => ({ name: `pca${k}` })),
      apply(row, out) {
        for (let k = 0; k < kept; k++) {
          const direction = directions[k];
          let sum = 0;
          for (let j = 0; j < width; j++) sum += (row[j] - means[j]) * direction[j];
          out[k] = sum / scales[k];
        }
      },
    };
  };
}

function checkColumns({ names, rows, present }: Parameters<Fit>[0]): void {
  const missing = names.findIndex((_, j) => present(j).length < rows);
  if (missing !== -1) {
    throw new UnfitColumns(
      `pca needs every cell, and column "${names[missing]}" has missing values; put an impute step before it`,
    );
  }
  if (names.length > MOST_COLUMNS) {
    throw new UnfitColumns(
      `pca takes ${MOST_COLUMNS} columns at most, and there are ${names.length}; name some of them`,
    );
  }
  if (rows < 2) throw new UnfitColumns("pca needs two rows at least");
}

function covariance(data: Parameters<Fit>[0], means: Float64Array): Float64Array[] {
  const width = means.length;
  const sums = Array.from({ length: width }, () => new Float64Array(width));
  const centred = new Float64Array(width);
  for (let row = 0; row < data.rows; row++) {
    for (let j = 0; j < width; j++) centred[j] = data.value(row, j) - means[j];
    for (let i = 0; i < width; i++) {
      const sum = sums[i];
      for (let j = 0; j <= i; j++) sum[j] += centred[i] * centred[j];
    }
  }
  for (let i = 0; i < width; i++) {
    for (let j = 0; j <= i; j++) {
      sums[i][j] /= data.rows - 1;
      sums[j][i] = sums[i][j];
    }
  }
  return sums;
}

function signed(direction: Float64Array): Float64Array {
  let largest = 0;
  for (const weight of direction) if (Math.abs(weight) > Math.abs(largest)) largest = weight;
  return largest < 0 ? direction.map((weight) => -weight) : direction;
}

/** With a share: the fewest components whose variances add up to more than it. */
function componentCount(
  components: number | undefined,
  variances: readonly number[],
  most: number,
): number {
  if (components === undefined) return most;
  if (components >= 1) {
    if (components <= most) return components;
    throw new UnfitColumns(
      `pca is to give ${components} components, and rows and columns allow ${most}`,
    );
  }
  const total = variances.reduce((sum, variance) => sum + variance, 0);
  let sum = 0;
  const enough = variances.findIndex((variance) => {
    sum += variance;
    return sum / total > components;
  });
  return enough === -1 ? most : Math.min(most, enough + 1);
}
