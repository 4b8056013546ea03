// What a table holds, before anything is trained: data only. Text, JSON and HTML are renderings of
// it. Nothing in it is NaN or infinite, because JSON has no such numbers.

import type { TableFormat } from "../tables/columns/raw-table.ts";

export interface Inspection {
  readonly version: 1;
  readonly name: string;
  readonly format: TableFormat;
  readonly rows: number;
  readonly columns: readonly InspectedColumn[];
  /** Where a target was named. */
  readonly target: TargetFacts | null;
  readonly correlations: Correlations;
  /** What stands out, a sentence each, the most serious first. */
  readonly standsOut: readonly string[];
  /** How the file was read, a sentence each. */
  readonly notes: readonly string[];
}

export interface InspectedColumn {
  readonly name: string;
  readonly isTarget: boolean;
  readonly missing: number;
  /** Different values; null where they are more than were counted. */
  readonly distinct: number | null;
  /**
   * How much the column tells of the target by itself, from 0 to 1: the correlation ratio of
   * numbers, Cramer's V of texts. Null without a target, and of the target.
   */
  readonly tells: number | null;
  /** Of a column of numbers. */
  readonly numbers?: NumberFacts;
  /** Of a column of text. */
  readonly texts?: TextFacts;
}

export interface NumberFacts {
  readonly min: number;
  /** Quartiles, interpolated as NumPy does. */
  readonly q1: number;
  readonly median: number;
  readonly q3: number;
  readonly max: number;
  readonly mean: number;
  /** Population standard deviation. */
  readonly sd: number;
  readonly areWhole: boolean;
  /** Rows in equal parts of the range from min to max, or of each of a few whole numbers. */
  readonly histogram: readonly number[];
  /** Cells that are no numbers, where most are; `at` is the place of the first. */
  readonly odd: { readonly count: number; readonly at: string; readonly text: string } | null;
}

export interface TextFacts {
  /** The most frequent first; of equals in sorted order. */
  readonly levels: readonly { readonly text: string; readonly rows: number }[];
  /** Levels that are not listed; null where they were not counted. */
  readonly more: number | null;
}

export interface TargetFacts {
  readonly name: string;
  readonly missing: number;
  readonly classes: readonly { readonly name: string; readonly rows: number }[];
  /** Why it cannot be the target of a classification; null where it can. */
  readonly refused: string | null;
}

export interface Correlations {
  /** Pearson's r of two columns of numbers, the strongest first. */
  readonly strongest: readonly { readonly a: string; readonly b: string; readonly r: number }[];
  /** Columns that were compared, and rows they were compared by. */
  readonly columns: number;
  readonly rows: number;
}
