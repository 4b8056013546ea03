// What can be wrong with a file that is to be compared.

export type BenchmarkErrorCode =
  /** It is something else than what `clab bench --json` writes. */
  | "BENCHMARK_NOT_A_RESULT"
  /** It was written by a clab whose results have another form. */
  | "BENCHMARK_OTHER_VERSION";

export class BenchmarkError extends Error {
  readonly code: BenchmarkErrorCode;

  constructor(code: BenchmarkErrorCode, message: string) {
    super(message);
    this.name = "BenchmarkError";
    this.code = code;
  }
}
