// The names of everything that lies in Redis. BullMQ's own keys begin with PREFIX:CHUNKS.

export const PREFIX = "clab";
export const CHUNKS = "chunks";

/** The hashes of all sweeps that are queued. */
export const SWEEPS_KEY = `${PREFIX}:sweeps`;
export const WORKERS_PATTERN = `${PREFIX}:worker:*`;

/** A hash of what is known of a sweep: name, chunks, payload. */
export const sweepKey = (hash: string) => `${PREFIX}:sweep:${hash}`;

/** A hash of chunk to its gzipped lines. */
export const resultsKey = (hash: string) => `${PREFIX}:results:${hash}`;

export const workerKey = (id: string) => `${PREFIX}:worker:${id}`;

/** The same chunk of the same sweep is the same job, whoever adds it. BullMQ allows no ":" in it. */
export const jobId = (hash: string, chunk: number) => `${hash}-${chunk}`;

export function chunkOfJob(id: string): { readonly hash: string; readonly chunk: number } {
  const cut = id.lastIndexOf("-");
  return { hash: id.slice(0, cut), chunk: Number(id.slice(cut + 1)) };
}
