// Reading and writing the files that a user names, with errors that say which file and why.

import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { CliError, fileErrorReason } from "./errors.ts";

export function readBytes(path: string): Uint8Array {
  try {
    return readFileSync(path);
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
  makeFolder(dirname(path));
  writing(path, () => writeFileSync(path, content));
}

/**
 * Makes a folder and those it lies in. Node's own recursive mkdir does not come back where a file
 * system refuses a folder by saying that there is none above it, as /proc does (Node 20).
 */
export function makeFolder(path: string): void {
  writing(path, () => makeWithParents(resolve(path)));
}

function makeWithParents(path: string): void {
  if (isFolder(path)) return;
  const parent = dirname(path);
  if (parent !== path) makeWithParents(parent);
  try {
    mkdirSync(path);
  } catch (error) {
    // Another process may have made it in the meantime.
    if (isFolder(path)) return;
    // The parent is there, so this is a file system that takes no folders.
    if ((error as NodeJS.ErrnoException).code === "ENOENT") {
      throw new Error(`no folder can be made in ${parent}`);
    }
    throw error;
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** Does something to a file, and names the file when that fails. */
export function writing(path: string, action: () => void): void {
  try {
    action();
  } catch (error) {
    throw new CliError("CLI_FILE_UNWRITABLE", `cannot write ${path}: ${fileErrorReason(error)}.`);
  }
}
