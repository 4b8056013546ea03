// What can be wrong with a file of recorded training steps.

export interface RecordingProblem {
  /** `cases[3].steps[0].logits` */
  readonly where: string;
  /** What is wrong, with the value; then the way out. */
  readonly message: string;
}

/** Every problem of a file at once. */
export class RecordingError extends Error {
  readonly code = "RECORDING_INVALID";
  readonly problems: readonly RecordingProblem[];

  constructor(problems: readonly RecordingProblem[]) {
    super(problems.map(({ where, message }) => `${where}: ${message}`).join("\n"));
    this.name = "RecordingError";
    this.problems = problems;
  }
}
