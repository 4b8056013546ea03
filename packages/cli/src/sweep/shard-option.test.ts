import { describe, expect, test } from "vitest";
import { shardOf } from "./shard-option.ts";

const SLURM = {
  SLURM_ARRAY_TASK_ID: "12",
  SLURM_ARRAY_TASK_MIN: "10",
  SLURM_ARRAY_TASK_MAX: "16",
  SLURM_ARRAY_TASK_STEP: "2",
  SLURM_ARRAY_TASK_COUNT: "4",
};

test.each<[string, string, object, number, number]>([
  ["given, counted from 1", "3/8", {}, 2, 8],
  ["a Slurm array from 10 in steps of 2", "auto", SLURM, 1, 4],
  [
    "a Slurm array from 0",
    "auto",
    { SLURM_ARRAY_TASK_ID: "0", SLURM_ARRAY_TASK_MIN: "0", SLURM_ARRAY_TASK_COUNT: "32" },
    0,
    32,
  ],
  ["a Kubernetes Job, counted from 0", "auto/4", { JOB_COMPLETION_INDEX: "3" }, 3, 4],
  ["the same with its number", "auto", { JOB_COMPLETION_INDEX: "0", JOB_COMPLETIONS: "5" }, 0, 5],
  ["GitLab, counted from 1", "auto", { CI_NODE_INDEX: "1", CI_NODE_TOTAL: "6" }, 0, 6],
])("%s", (_, text, env, index, count) => {
  expect(shardOf(text, env as Record<string, string>)).toMatchObject({ index, count });
});

test("where the number comes from is told", () => {
  expect(shardOf("auto", SLURM)?.from).toBe("SLURM_ARRAY_TASK_ID=12, counted from 10");
  expect(shardOf(undefined, SLURM)).toBeUndefined();
});

describe("mistakes", () => {
  test.each([
    ["0/8", {}, "must be i/n with i from 1 to n"],
    ["9/8", {}, "must be i/n"],
    ["1", {}, "must be i/n"],
    ["1/2/3", {}, "must be i/n"],
    ["auto", {}, "finds none of SLURM_ARRAY_TASK_ID, JOB_COMPLETION_INDEX, CI_NODE_INDEX"],
    ["auto", { JOB_COMPLETION_INDEX: "3" }, "nothing says of how many; write --shard auto/N"],
    ["auto/2", { JOB_COMPLETION_INDEX: "3" }, "none of 2 counted from 0"],
    ["auto", { ...SLURM, SLURM_ARRAY_TASK_ID: "13" }, "in steps of 2"],
  ])("%s in %j", (text, env, message) => {
    expect(() => shardOf(text, env as Record<string, string>)).toThrow(message);
  });
});
