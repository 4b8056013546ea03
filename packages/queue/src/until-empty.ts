// The end of a queue: nothing waits, nothing is delayed, and nobody works. Seen twice, because jobs
// move while they are counted.

import { Queue } from "bullmq";
import type { Connections } from "./connect.ts";
import { CHUNKS, PREFIX } from "./keys.ts";

const POLL_MS = 500;

export interface Watch {
  stop(): Promise<void>;
}

export function untilEmpty(connection: Connections["options"], onEmpty: () => void): Watch {
  const queue = new Queue(CHUNKS, { connection, prefix: PREFIX, skipMetasUpdate: true });
  queue.on("error", () => {});
  let timesEmpty = 0;
  const polling = setInterval(async () => {
    const counts = await queue.getJobCounts("waiting", "delayed", "active").catch(() => undefined);
    if (counts === undefined) return;
    const isEmpty = Object.values(counts).every((count) => count === 0);
    timesEmpty = isEmpty ? timesEmpty + 1 : 0;
    if (timesEmpty === 2) onEmpty();
  }, POLL_MS);
  return {
    async stop() {
      clearInterval(polling);
      await queue.close();
    },
  };
}
