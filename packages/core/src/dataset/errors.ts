// What can be wrong with data that a sound spec describes.

export type DatasetErrorCode =
  /** Every label is the same. */
  | "DATA_ONE_CLASS"
  /** A column is named that does not exist. */
  | "DATA_UNKNOWN_COLUMN"
  /** Every column is left out. */
  | "DATA_NO_COLUMNS"
  /** The spec names a table that was not passed along. */
  | "DATA_NO_TABLE";

export class DatasetError extends Error {
  readonly code: DatasetErrorCode;

  constructor(code: DatasetErrorCode, message: string) {
    super(message);
    this.name = "DatasetError";
    this.code = code;
  }
}
