// The table as a network sees it: float32 features after preprocessing, class indices, and the
// facts of each column. Made by load-dataset.ts; engines and checks only read it.

/** Rows that are used together: the training part or the test part. */
export interface Part {
  readonly rows: number;
  /** (rows, columns), row-major. */
  readonly x: Float32Array;
  /** (rows): class indices 0 .. classes - 1, as floats because that is how kernels read them. */
  readonly y: Float32Array;
  /** Of the rows the last ones, which repeat rows before them (`data.oversample`); absent: none. */
  readonly copies?: number;
  /** (rows): what the loss of each is multiplied by; absent: all 1. */
  readonly sampleWeight?: Float32Array;
  /** (rows): equal numbers for rows of one group, which stay together; absent: no groups. */
  readonly group?: Int32Array;
}

/** Facts of one column over the training part, before preprocessing. */
export interface ColumnFacts {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  /** Population standard deviation, as scikit-learn's StandardScaler uses it. */
  readonly sd: number;
  readonly missing: number;
}

/** A dataset without the copies of its training rows: for whoever compares rows with each other. */
export function withoutCopies(dataset: Dataset): Dataset {
  const { copies = 0, rows, x, y, sampleWeight, group } = dataset.train;
  if (copies === 0) return dataset;
  const kept = rows - copies;
  return {
    ...dataset,
    key: `${dataset.key}-once`,
    train: {
      rows: kept,
      x: x.subarray(0, (kept * x.length) / rows),
      y: y.subarray(0, kept),
      ...(sampleWeight ? { sampleWeight: sampleWeight.subarray(0, kept) } : {}),
      ...(group ? { group: group.subarray(0, kept) } : {}),
    },
  };
}

export interface Dataset {
  /** Content key: equal keys mean equal data. */
  readonly key: string;
  readonly columns: readonly ColumnFacts[];
  /** Class names, in the order of their indices. */
  readonly classes: readonly string[];
  /** Runs of equal labels in the rows as written: as few as there are classes when sorted by class. */
  readonly labelRuns: number;
  readonly train: Part;
  /** Zero rows when the spec has no split. */
  readonly test: Part;
}
