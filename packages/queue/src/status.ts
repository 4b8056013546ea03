// What a queue holds and who works on it, as plain values.

/** Chunks of one sweep by what has become of them. */
export interface SweepCounts {
  readonly done: number;
  readonly active: number;
  /** Those that wait for another attempt included. */
  readonly waiting: number;
  readonly failed: number;
}

export interface ListedSweep extends SweepCounts {
  readonly hash: string;
  readonly name: string;
  readonly chunks: number;
  /** Why chunks failed, each reason once. */
  readonly reasons: readonly string[];
}

export interface ListedWorker {
  readonly id: string;
  readonly host: string;
  readonly pid: number;
  readonly engine: string;
  readonly adapter: string;
  /** Chunks. */
  readonly done: number;
  readonly failed: number;
  /** Why it left the queue; null while it works. */
  readonly left: string | null;
}

export interface QueueStatus {
  /** Without user and password. */
  readonly address: string;
  readonly sweeps: readonly ListedSweep[];
  readonly workers: readonly ListedWorker[];
}
