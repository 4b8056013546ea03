// Everything that can stop a command, and the exit code of each. A command that ran exits with 0
// whatever it found; only `verify`, and `diagnose` under --fail-on, answer with 1.

export const EXIT = {
  ran: 0,
  outOfTolerance: 1,
  /** What --fail-on names was found. */
  failOn: 1,
  usage: 2,
  file: 3,
  adapter: 4,
  /** Some of it failed, and the same command goes on with it. */
  incomplete: 5,
  /** A defect of ours; the number is sysexits.h's EX_SOFTWARE. */
  internal: 70,
  interrupted: 130,
} as const;

export type CliErrorCode =
  /** Options or arguments that do not fit. */
  | "CLI_USAGE"
  | "CLI_FILE_UNREADABLE"
  | "CLI_FILE_UNWRITABLE"
  /** Another process writes into the folder. */
  | "CLI_IN_USE"
  /** A folder of the same name holds something else. */
  | "CLI_OTHER_SWEEP"
  /** No WebGPU adapter, no runtime to look for one in, or one whose numbers are wrong. */
  | "CLI_NO_ADAPTER"
  /** The engine that was asked for does not compute the networks. */
  | "CLI_UNSUPPORTED"
  /** The process or page that holds the engine ended by itself. */
  | "CLI_HOST_LOST";

export class CliError extends Error {
  readonly code: CliErrorCode;

  constructor(code: CliErrorCode, message: string) {
    super(message);
    this.name = "CliError";
    this.code = code;
  }
}

/** A file that can be read and not used, with every problem in it, each on a line. */
export class ProblemsError extends Error {
  readonly code = "CLI_PROBLEMS";
  readonly lines: readonly string[];

  constructor(subject: "spec" | "recording", lines: readonly string[]) {
    super(`the ${subject} has ${lines.length === 1 ? "a problem" : `${lines.length} problems`}`);
    this.name = "ProblemsError";
    this.lines = lines;
  }
}

const EXIT_OF_CODE: Readonly<Record<string, number>> = {
  CLI_USAGE: EXIT.usage,
  CLI_IN_USE: EXIT.usage,
  CLI_OTHER_SWEEP: EXIT.usage,
  CLI_FILE_UNREADABLE: EXIT.file,
  CLI_FILE_UNWRITABLE: EXIT.file,
  TABLE_UNREADABLE: EXIT.file,
  TABLE_HEADER: EXIT.file,
  TABLE_COLUMN: EXIT.file,
  TABLE_VALUE: EXIT.file,
  MODEL_UNREADABLE: EXIT.file,
  MODEL_UNSUPPORTED: EXIT.file,
  MODEL_MISMATCH: EXIT.file,
  BENCHMARK_NOT_A_RESULT: EXIT.file,
  BENCHMARK_OTHER_VERSION: EXIT.file,
  CLI_NO_ADAPTER: EXIT.adapter,
  CLI_UNSUPPORTED: EXIT.adapter,
  CLI_HOST_LOST: EXIT.adapter,
  ENGINE_CLOSED: EXIT.adapter,
  GPU_NO_ADAPTER: EXIT.adapter,
  GPU_NO_DEVICE: EXIT.adapter,
  GPU_DEVICE_LOST: EXIT.adapter,
  GPU_PIPELINE_FAILED: EXIT.adapter,
  GPU_VALIDATION_FAILED: EXIT.adapter,
  GPU_OUT_OF_MEMORY: EXIT.adapter,
  GPU_UNSUPPORTED_NETWORK: EXIT.adapter,
  GPU_TOO_LARGE: EXIT.adapter,
  GPU_SELF_CHECK_FAILED: EXIT.adapter,
  TFJS_BACKEND_UNAVAILABLE: EXIT.adapter,
  TFJS_UNSUPPORTED: EXIT.adapter,
  ENGINE_UNSUPPORTED_NETWORK: EXIT.adapter,
  CLI_PROBLEMS: EXIT.usage,
  QUEUE_ADDRESS: EXIT.usage,
  QUEUE_UNREACHABLE: EXIT.file,
};

/** The exit code for an expected error; undefined for one that nobody foresaw. */
export function expectedExit(error: unknown): number | undefined {
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === "string" ? EXIT_OF_CODE[code] : undefined;
}

/** The sentence behind a file system error: "no such file", not "ENOENT: ..., open '...'". */
export function fileErrorReason(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  const reasons: Record<string, string> = {
    ENOENT: "there is no such file",
    EISDIR: "it is a folder",
    ENOTDIR: "a part of its path is not a folder",
    EACCES: "permission was denied",
    EPERM: "permission was denied",
    EROFS: "the file system is read-only",
    ENOSPC: "the disk is full",
    EDQUOT: "the disk quota is used up",
    EFBIG: "it may not grow any larger",
    EEXIST: "a file of that name is in the way",
  };
  return (code && reasons[code]) ?? (error as Error).message;
}
