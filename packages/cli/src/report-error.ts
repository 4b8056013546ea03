// An error on its way out: printed for a person, with the exit code for a script.

import { didYouMean } from "@convergence-lab/core";
import { EXIT, expectedExit, ProblemsError } from "./errors.ts";
import { note, paint } from "./terminal.ts";

/** Prints the error to stderr and gives the exit code. */
export function reportError(error: unknown, optionNames: readonly string[]): number {
  const write = (message: string) => {
    process.stderr.write(`${paint("red", "error:", process.stderr)} `);
    note(message);
  };
  if (isUsageError(error)) {
    write(usageMessage(error.message, optionNames));
    return EXIT.usage;
  }
  const exit = expectedExit(error);
  if (exit !== undefined) {
    write((error as Error).message);
    if (error instanceof ProblemsError) for (const line of error.lines) note(`  ${line}`);
    return exit;
  }
  write(error instanceof Error ? (error.stack ?? error.message) : String(error));
  note("This is a defect of clab itself; please report it with the lines above.");
  return EXIT.internal;
}

/** What yargs throws for arguments that do not fit. */
function isUsageError(error: unknown): error is Error {
  return error instanceof Error && error.name === "YError";
}

/** yargs suggests commands, but not options; and it does not say where to look further. */
function usageMessage(message: string, optionNames: readonly string[]): string {
  const command = /^Did you mean (.+)\?$/.exec(message)?.[1];
  if (command !== undefined) {
    // The one command below another; yargs names only its own part.
    const whole = command === "compare" ? "bench compare" : command;
    return `there is no such command. Did you mean "clab ${whole}"?`;
  }
  const unknown = /^Unknown arguments?: (.+)$/.exec(message)?.[1];
  if (unknown === undefined) return message;
  const [name] = unknown.split(", ");
  const hint = didYouMean(name, optionNames) || " `clab <command> --help` lists what there is.";
  return `there is no command, option or argument "${name}".${hint}`;
}
