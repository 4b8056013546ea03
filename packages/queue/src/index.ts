// The public API: what a sweep puts into a queue, who works on it, and how it comes back.

export { QueueError, type QueueErrorCode } from "./errors.ts";
export type { ListedSweep, ListedWorker, QueueStatus, SweepCounts } from "./status.ts";
export { type ChunkText, type QueuedSweep, SweepQueue } from "./sweep-queue.ts";
export { type WorkEnd, type WorkOptions, workOn } from "./work-on.ts";
