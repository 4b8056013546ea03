// --shard: which part of a sweep this process trains. Whoever starts many processes counts them in
// its own way: Playwright, vitest and GitLab from 1, Kubernetes from 0, Slurm as its user says.

import type { Shard } from "@convergence-lab/core";
import { CliError } from "../errors.ts";

export interface GivenShard extends Shard {
  /** Where its number comes from, for people. */
  readonly from: string;
}

/**
 * @param text "3/8", counted from 1; "auto", or "auto/8" where the environment does not say how many.
 * @throws CliError for one that is none, or that the environment does not tell.
 */
export function shardOf(
  text: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): GivenShard | undefined {
  if (text === undefined) return undefined;
  const [written, total, ...rest] = text.split("/");
  if (rest.length > 0) throw noShard(text);
  if (written === "auto") return fromEnvironment(env, total);
  const [position, count] = [whole(written), whole(total)];
  if (position === undefined || count === undefined || position < 1 || position > count) {
    throw noShard(text);
  }
  return { index: position - 1, count, from: `--shard ${text}, counted from 1` };
}

function fromEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  total: string | undefined,
): GivenShard {
  for (const { name, first, count, step = () => 1 } of SCHEDULERS) {
    const value = whole(env[name]);
    if (value === undefined) continue;
    const shards = whole(total) ?? count(env);
    if (shards === undefined) {
      throw new CliError(
        "CLI_USAGE",
        `--shard auto: ${name} is ${value}, and nothing says of how many; write --shard auto/N.`,
      );
    }
    const index = (value - first(env)) / step(env);
    if (!Number.isInteger(index) || index < 0 || index >= shards) {
      throw new CliError(
        "CLI_USAGE",
        `--shard auto: ${name} is ${value}, which is none of ${shards} counted from ${first(env)}${step(env) === 1 ? "" : ` in steps of ${step(env)}`}.`,
      );
    }
    return { index, count: shards, from: `${name}=${value}, counted from ${first(env)}` };
  }
  throw new CliError(
    "CLI_USAGE",
    `--shard auto finds none of ${SCHEDULERS.map(({ name }) => name).join(", ")} in the environment; write --shard 1/N.`,
  );
}

type Environment = Readonly<Record<string, string | undefined>>;

interface Scheduler {
  readonly name: string;
  /** What its first shard is called. */
  readonly first: (env: Environment) => number;
  readonly count: (env: Environment) => number | undefined;
  readonly step?: (env: Environment) => number;
}

const SCHEDULERS: readonly Scheduler[] = [
  {
    // sbatch --array=0-31, 1-32 or 0-62:2 (slurm.schedmd.com/job_array.html).
    name: "SLURM_ARRAY_TASK_ID",
    first: (env) => whole(env.SLURM_ARRAY_TASK_MIN) ?? 0,
    count: (env) => whole(env.SLURM_ARRAY_TASK_COUNT),
    step: (env) => whole(env.SLURM_ARRAY_TASK_STEP) || 1,
  },
  {
    // A Job of completionMode Indexed does not tell its pods how many there are.
    name: "JOB_COMPLETION_INDEX",
    first: () => 0,
    count: (env) => whole(env.JOB_COMPLETIONS),
  },
  {
    // GitLab's `parallel:`, and CircleCI's of another name for the index.
    name: "CI_NODE_INDEX",
    first: () => 1,
    count: (env) => whole(env.CI_NODE_TOTAL),
  },
];

function whole(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}

function noShard(text: string): CliError {
  return new CliError(
    "CLI_USAGE",
    `--shard is ${text}; it must be i/n with i from 1 to n, or auto, or auto/n.`,
  );
}
