// What every reader gives: columns with their types, before anything is said of target or features.

export interface RawTable {
  /** For messages: the file's path. */
  readonly name: string;
  readonly format: TableFormat;
  readonly rows: number;
  /** All that the file has, those too that were skipped. */
  readonly names: readonly string[];
  /** Those that were read, in the order of the file. */
  readonly columns: readonly RawColumn[];
  /** Of text: what stands between two cells. */
  readonly separator?: string;
  /** Of text that is not UTF-8. */
  readonly encoding?: string;
  /** What a reader should know of how the file was taken, a sentence each. */
  readonly notes: readonly string[];
  /** "data.csv:17", or "data.npy, row 16": where a row stands, for messages. */
  placeOf(row: number): string;
}

export const TABLE_FORMATS = {
  text: "CSV or TSV",
  json: "JSON",
  jsonLines: "JSON Lines",
  npy: "NPY",
  npz: "NPZ",
  parquet: "Parquet",
  arrow: "Arrow",
} as const;

export type TableFormat = keyof typeof TABLE_FORMATS;

export type RawColumn = NumberColumn | TextColumn;

export interface NumberColumn {
  readonly kind: "number";
  readonly name: string;
  /** One per row; NaN where the cell is missing. */
  readonly values: Float64Array;
  /** Whether a comma stood before fractions. */
  readonly decimalComma: boolean;
  /** Cells that are neither numbers nor missing: most of the column is numbers, these are not. */
  readonly odd?: OddCells;
}

export interface OddCells {
  readonly count: number;
  /** Of the first. */
  readonly row: number;
  readonly text: string;
}

export interface TextColumn {
  readonly kind: "text";
  readonly name: string;
  /** One per row: the place of its text in `levels`; -1 where the cell is missing. */
  readonly codes: Int32Array;
  /** Each text once, in the order of appearance. */
  readonly levels: readonly string[];
  /** There are more texts than were kept: `levels` is the first of them, `codes` is empty. */
  readonly overflow: boolean;
}

/** How a column is to be read: its type inferred, as text whatever it holds, or not at all. */
export type Reading = "infer" | "text" | "skip";

/** What a reader must know. It asks for the readings as soon as it knows the names. */
export interface ReadPlan {
  readonly readings: (names: readonly string[], format: TableFormat) => readonly Reading[];
  /** Texts that stand for a missing value. */
  readonly missing: ReadonlySet<string>;
  readonly decimal?: "." | "," | undefined;
  readonly separator?: string | undefined;
  /** A label of the Encoding Standard; found without it. */
  readonly encoding?: string | undefined;
  readonly onProgress?: ((progress: ReadProgress) => void) | undefined;
}

export interface ReadProgress {
  /** Of the file as it lies on the disk. */
  readonly bytes: number;
  readonly rows: number;
}
