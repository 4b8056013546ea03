// What can be wrong with a table. Messages name the file, the line or the column, and the way out.

export type TableErrorCode =
  /** Not text, no rows, a quote that does not close, rows of different lengths. */
  | "TABLE_UNREADABLE"
  /** Names that repeat, or none. */
  | "TABLE_HEADER"
  /** A column is named that does not exist, or the target is no target. */
  | "TABLE_COLUMN"
  /** Cells that no network can be given. */
  | "TABLE_VALUE";

export class TableError extends Error {
  readonly code: TableErrorCode;

  constructor(code: TableErrorCode, message: string) {
    super(message);
    this.name = "TableError";
    this.code = code;
  }
}
