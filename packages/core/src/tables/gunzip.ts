// A gzipped stream, unzipped piece by piece by the platform, which checks the sum at its end.

import { TableError } from "./errors.ts";
import { MAX_UNPACKED_BYTES } from "./size-limits.ts";
import { web } from "./web-platform.ts";

export function isGzip(start: Uint8Array): boolean {
  return start[0] === 0x1f && start[1] === 0x8b;
}

/** @throws TableError; what reading the source throws */
export async function* gunzipped(
  name: string,
  source: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const { readable, writable } = new web.DecompressionStream("gzip");
  const reader = readable.getReader();
  const feeding = feed(writable.getWriter(), source);
  let unpacked = 0;
  try {
    for (;;) {
      const { done, value } = await read(name, reader, feeding);
      if (done || value === undefined) break;
      unpacked += value.length;
      if (unpacked > MAX_UNPACKED_BYTES) {
        throw new TableError(
          "TABLE_UNREADABLE",
          `${name} unpacks to more than 4 GB, and no more is read; take a sample of its rows.`,
        );
      }
      yield value;
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

type Reader = ReturnType<InstanceType<typeof web.DecompressionStream>["readable"]["getReader"]>;
type Writer = ReturnType<InstanceType<typeof web.DecompressionStream>["writable"]["getWriter"]>;

async function read(name: string, reader: Reader, feeding: Promise<SourceError | undefined>) {
  try {
    return await reader.read();
  } catch {
    const failed = await feeding;
    if (failed !== undefined) throw failed.error;
    throw new TableError(
      "TABLE_UNREADABLE",
      `cannot read ${name}: it is compressed and cut off or damaged.`,
    );
  }
}

interface SourceError {
  readonly error: unknown;
}

/** What reading the source threw; that the stream was damaged shows where it is read. */
async function feed(
  writer: Writer,
  source: AsyncIterable<Uint8Array>,
): Promise<SourceError | undefined> {
  const pieces = source[Symbol.asyncIterator]();
  for (;;) {
    let piece: IteratorResult<Uint8Array>;
    try {
      piece = await pieces.next();
    } catch (error) {
      await writer.abort(error).catch(() => {});
      return { error };
    }
    try {
      if (piece.done) {
        await writer.close();
        return undefined;
      }
      await writer.write(piece.value);
    } catch {
      await pieces.return?.();
      return undefined;
    }
  }
}
