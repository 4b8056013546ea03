// Bytes in pieces -> columns, whatever the format. Text goes through as it comes; what can only be
// read whole is collected first. Works on a file, on standard input and on a file dropped on a page.

import type { RawTable, ReadPlan } from "./columns/raw-table.ts";
import { detectFormat } from "./detect-format.ts";
import { TableError } from "./errors.ts";
import { gunzipped, isGzip } from "./gunzip.ts";
import { joinedBytes } from "./joined-bytes.ts";
import { JsonLinesReader } from "./json/json-lines.ts";
import { jsonTable } from "./json/json-table.ts";
import { checkWholeBytes } from "./size-limits.ts";
import { encodingOfMark } from "./text/decode-text.ts";
import { TextTableReader } from "./text/text-table.ts";
import { type WebReadable, web } from "./web-platform.ts";

export interface TableFile {
  /** As messages call it: the file's path. Its extension counts where the bytes do not tell. */
  readonly name: string;
  /** In pieces of any size; read once. */
  readonly chunks: AsyncIterable<Uint8Array>;
}

/** @throws TableError; what reading the chunks throws */
export async function readRawTable(file: TableFile, plan: ReadPlan): Promise<RawTable> {
  const { name } = file;
  let bytes = 0;
  const counted = counting(file.chunks, (length) => {
    bytes += length;
  });
  const packed = await peeked(counted);
  const { start, chunks } = isGzip(packed.start)
    ? await peeked(gunzipped(name, packed.chunks))
    : packed;
  if (isGzip(start)) {
    throw new TableError("TABLE_UNREADABLE", `${name} is gzipped twice; unpack it once.`);
  }
  const progress = (rows: number) => plan.onProgress?.({ bytes, rows });
  const format = detectFormat(name, start);
  if (format === "text" || format === "jsonLines") {
    const Reader = format === "text" ? TextTableReader : JsonLinesReader;
    const reader = new Reader(name, plan);
    for await (const chunk of chunks) {
      reader.push(chunk);
      progress(reader.rows);
    }
    return reader.end();
  }
  const whole = await collected(name, chunks, () => progress(0));
  if (format === "json") return jsonTable(name, decoded(name, whole), plan);
  if (format === "parquet") {
    return (await import("./binary/parquet-table.ts")).parquetTable(name, whole, plan);
  }
  if (format === "arrow") {
    return (await import("./binary/arrow-table.ts")).arrowTable(name, whole, plan);
  }
  const numpy = await import("./numpy/numpy-table.ts");
  return format === "npy" ? numpy.npyTable(name, whole, plan) : numpy.npzTable(name, whole, plan);
}

/** The pieces of a stream of the web platform, such as `file.stream()` of a file that was dropped. */
export async function* chunksOfStream(stream: WebReadable): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done || value === undefined) return;
      yield value;
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

async function* counting(
  source: AsyncIterable<Uint8Array>,
  count: (length: number) => void,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of source) {
    count(chunk.length);
    yield chunk;
  }
}

/** More than any format's first bytes. */
const PEEKED = 64;

/** The first bytes, and all of them again. */
async function peeked(source: AsyncGenerator<Uint8Array>) {
  let start: Uint8Array = new Uint8Array(0);
  while (start.length < PEEKED) {
    const { done, value } = await source.next();
    if (done) break;
    start = joinedBytes([start, value]);
  }
  async function* all(): AsyncGenerator<Uint8Array> {
    try {
      if (start.length > 0) yield start;
      yield* source;
    } finally {
      await source.return(undefined);
    }
  }
  return { start, chunks: all() };
}

async function collected(
  name: string,
  chunks: AsyncIterable<Uint8Array>,
  onChunk: () => void,
): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    length += chunk.length;
    checkWholeBytes(name, length);
    pieces.push(chunk);
    onChunk();
  }
  return joinedBytes(pieces);
}

function decoded(name: string, bytes: Uint8Array): string {
  try {
    return new web.TextDecoder(encodingOfMark(bytes) ?? "utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new TableError("TABLE_UNREADABLE", `${name} is not UTF-8, as JSON must be.`);
  }
}
