// Reading and writing the files that a user names, with errors that say which file and why.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { CliError, fileErrorReason } from "./errors.ts";

/** Bytes of a file; "-" is the standard input. */
export function readBytes(path: string): Uint8Array {
  try {
    return readFileSync(path === "-" ? 0 : path);
  } catch (error) {
    throw new CliError("CLI_FILE_UNREADABLE", `cannot read ${path}: ${fileErrorReason(error)}.`);
  }
}

export function readText(path: string): string {
  const bytes = readBytes(path);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new CliError("CLI_FILE_UNREADABLE", `cannot read ${path}: it is not UTF-8 text.`);
  }
}

/** Writes a file and makes the folders it lies in. */
export function writeFile(path: string, content: string | Uint8Array): void {
  writing(path, () => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  });
}

/** Does something to a file, and names the file when that fails. */
export function writing(path: string, action: () => void): void {
  try {
    action();
  } catch (error) {
    throw new CliError("CLI_FILE_UNWRITABLE", `cannot write ${path}: ${fileErrorReason(error)}.`);
  }
}
