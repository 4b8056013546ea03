/** Why rows could not be split. */
export type SplitErrorCode =
  | "SPLIT_ROWS"
  | "SPLIT_SIZE"
  | "SPLIT_SEED_MISSING"
  | "SPLIT_FOLDS"
  | "SPLIT_LABELS"
  | "SPLIT_CLASS_TOO_SMALL";

/** The message says what is wrong with the value, then the way out; `code` stays the same. */
export class SplitError extends Error {
  readonly code: SplitErrorCode;

  constructor(code: SplitErrorCode, message: string) {
    super(message);
    this.name = "SplitError";
    this.code = code;
  }
}
