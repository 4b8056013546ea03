// A step between fitting and applying: what it learned from some rows, as a function of any row.

/** Columns that a step is fitted on: some of a table's, over some of its rows. */
export interface FitData {
  readonly names: readonly string[];
  readonly rows: number;
  /** Of a column, the cells that are not missing, in the order of the rows. */
  present(column: number): Float64Array;
  /** NaN where it is missing. */
  value(row: number, column: number): number;
}

export interface FittedStep {
  /** The columns that it gives; `from` is the column that it still is, absent for a new one. */
  readonly outputs: readonly { readonly name: string; readonly from?: number }[];
  /** One row: a value of each column that it was fitted on -> a value of each output. */
  apply(row: Float64Array, out: Float64Array): void;
}

export type Fit = (data: FitData) => FittedStep;

/** What a fitted step does to a value of one column. */
export type Transform = (value: number) => number;

/** A step that works on each column by itself. */
export function columnwise(fit: (present: Float64Array, name: string) => Transform): Fit {
  return ({ names, present }) => {
    const transforms = names.map((name, j) => fit(present(j), name));
    return {
      outputs: names.map((name, from) => ({ name, from })),
      apply(row, out) {
        for (let j = 0; j < transforms.length; j++) out[j] = transforms[j](row[j]);
      },
    };
  };
}

/** A step that keeps some of the columns. */
export function keeping(names: readonly string[], kept: readonly number[]): FittedStep {
  return {
    outputs: kept.map((from) => ({ name: names[from], from })),
    apply(row, out) {
      for (let j = 0; j < kept.length; j++) out[j] = row[kept[j]];
    },
  };
}

/** Why a step cannot be fitted on its columns; the message names the column and the way out. */
export class UnfitColumns extends Error {}
