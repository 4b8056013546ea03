// One of the processes that compute results; compute-results.ts is the other side.

import process from "node:process";
import { type Job, runJob } from "./job.ts";

process.on("message", async (job: Job) => {
  try {
    process.send!({ result: await runJob(job) });
  } catch (error) {
    process.send!({
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
  }
});
