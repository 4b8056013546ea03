// An error on its way out: printed for a person, with the exit code for a script.

import { EXIT, expectedExit, ProblemsError } from "./errors.ts";
import { note, paint, redraw } from "./terminal.ts";
import { type OptionsOf, usageMessage } from "./usage-message.ts";

/**
 * Prints the error to stderr and gives the exit code.
 *
 * @param args What was typed.
 */
export function reportError(error: unknown, args: readonly string[], optionsOf: OptionsOf): number {
  const write = (message: string) => {
    redraw("");
    process.stderr.write(`${paint("red", "error:", process.stderr)} `);
    note(message);
  };
  if (isUsageError(error)) {
    write(usageMessage(error.message, args, optionsOf));
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
