// A table in a file, or on standard input: its bytes in pieces, and their digest. Formats, types and
// columns are core's business.

import { createHash, type Hash } from "node:crypto";
import { createReadStream, statSync } from "node:fs";
import { type ReadTable, readTable, type TableFile, type TableSource } from "@convergence-lab/core";
import { CliError, fileErrorReason } from "./errors.ts";
import { readingLine } from "./reading-line.ts";

/** What stands for standard input where a path may. */
export const STDIN = "-";

/** As messages call what comes from standard input. */
const STDIN_NAME = "standard input";

export interface TableFileOptions {
  readonly quiet?: boolean | undefined;
}

/** @param path Where the file is, whatever the source calls it; "-" is standard input. */
export async function readTableFile(
  path: string,
  source: TableSource,
  options: TableFileOptions = {},
): Promise<ReadTable> {
  const hash = createHash("sha256");
  const read = await readingTable(path, options, (file, onProgress) =>
    readTable({ ...file, chunks: hashed(file.chunks, hash) }, source, { onProgress }),
  );
  return { ...read, source: { ...read.source, digest: hash.digest("hex") } };
}

type OnProgress = ReturnType<typeof readingLine>["progress"];

/** Opens a file or standard input, and shows how far the reading of a large one is. */
export async function readingTable<T>(
  path: string,
  { quiet = false }: TableFileOptions,
  read: (file: TableFile, onProgress: OnProgress | undefined) => Promise<T>,
): Promise<T> {
  const name = path === STDIN ? STDIN_NAME : path;
  const line = quiet ? undefined : readingLine(name, sizeOf(path));
  try {
    return await read({ name, chunks: chunksOf(path, name) }, line?.progress);
  } finally {
    line?.end();
  }
}

/** Large enough that a million rows are some hundred pieces. */
const CHUNK_BYTES = 2 ** 20;

async function* chunksOf(path: string, name: string): AsyncGenerator<Uint8Array> {
  const stream =
    path === STDIN ? process.stdin : createReadStream(path, { highWaterMark: CHUNK_BYTES });
  try {
    yield* stream as AsyncIterable<Uint8Array>;
  } catch (error) {
    throw new CliError("CLI_FILE_UNREADABLE", `cannot read ${name}: ${fileErrorReason(error)}.`);
  }
}

async function* hashed(chunks: AsyncIterable<Uint8Array>, hash: Hash): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    hash.update(chunk);
    yield chunk;
  }
}

/** Undefined for what has none, and for what cannot be read: reading it says why. */
function sizeOf(path: string): number | undefined {
  if (path === STDIN) return undefined;
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats?.isFile() ? stats.size : undefined;
}
