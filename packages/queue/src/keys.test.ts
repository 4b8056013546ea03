import { expect, test } from "vitest";
import { chunkOfJob, jobId } from "./keys.ts";

test("a job is named by its sweep and its chunk, and tells both", () => {
  expect(chunkOfJob(jobId("0123abcd", 17))).toEqual({ hash: "0123abcd", chunk: 17 });
  expect(chunkOfJob(jobId("with-dashes", 0))).toEqual({ hash: "with-dashes", chunk: 0 });
});
