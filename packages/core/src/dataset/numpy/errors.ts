/** Why random numbers or a generated data set could not be made. */
export type NumpyErrorCode =
  | "NUMPY_SEED"
  | "NUMPY_COUNT"
  | "NUMPY_BOUNDS"
  | "GENERATOR_ROWS"
  | "GENERATOR_COLUMNS"
  | "GENERATOR_CLASSES"
  | "GENERATOR_WEIGHTS"
  | "GENERATOR_CENTERS"
  | "GENERATOR_VALUE";

/** The message says what is wrong with the value, then the way out; `code` stays the same. */
export class NumpyError extends Error {
  readonly code: NumpyErrorCode;

  constructor(code: NumpyErrorCode, message: string) {
    super(message);
    this.name = "NumpyError";
    this.code = code;
  }
}
