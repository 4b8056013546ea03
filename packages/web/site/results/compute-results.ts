// Computes what the pages show, in as many processes as there are cores. A result is kept under the hash of its job and of core's source, so that building again
// after a change of text trains nothing, and after a change of core trains everything.

import { fork } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import { contentHash } from "@convergence-lab/core";
import { inRepository } from "../repository.ts";
import type { Job, JobResult } from "./job.ts";

const KEPT = inRepository("node_modules/.cache/convergence-lab-site");

export type Results<Name extends string> = Readonly<Record<Name, JobResult>>;

export interface ComputeOptions {
  readonly onResult: (name: string, seconds: number) => void;
}

/** @throws Error that names the job which failed */
export async function computeResults<Name extends string>(
  jobs: Readonly<Record<Name, Job>>,
  { onResult }: ComputeOptions,
): Promise<Results<Name>> {
  const code = hashOfCore();
  const results: Partial<Record<Name, JobResult>> = {};
  const waiting: { name: Name; job: Job; file: string }[] = [];
  for (const [name, job] of Object.entries(jobs) as [Name, Job][]) {
    const file = join(KEPT, `${contentHash({ job, code })}.json`);
    const kept = readKept(file);
    if (kept === undefined) waiting.push({ name, job, file });
    else results[name] = kept;
  }
  const work = async () => {
    if (waiting.length === 0) return;
    const { run, end } = openProcess();
    try {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        const { name, job, file } = next;
        const start = performance.now();
        const result = await run(name, job);
        results[name] = result;
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, JSON.stringify(result));
        onResult(name, (performance.now() - start) / 1000);
      }
    } finally {
      end();
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return results as Results<Name>;
}

/** A process that runs one job after the other. */
function openProcess() {
  const child = fork(new URL("./job-process.ts", import.meta.url), { serialization: "advanced" });
  const run = (name: string, job: Job) =>
    new Promise<JobResult>((resolve, reject) => {
      const fail = (says: string) => reject(new Error(`${name}: ${says}`));
      child.removeAllListeners();
      child.on("message", (message: { result: JobResult } | { error: string }) => {
        if ("error" in message) fail(message.error);
        // As it will be read when it is kept.
        else resolve(JSON.parse(JSON.stringify(message.result)));
      });
      child.on("error", reject);
      child.on("exit", (code) => fail(`its process ended with code ${code}.`));
      child.send(job);
    });
  return { run, end: () => child.kill() };
}

function readKept(file: string): JobResult | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

function hashOfCore(): string {
  const folder = inRepository("packages/core/src");
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !OF_NO_MATTER.test(file))
    .sort();
  return contentHash([
    readFileSync(new URL("./job.ts", import.meta.url), "utf8"),
    ...files.map((file) => [file, readFileSync(join(folder, file), "utf8")]),
  ]);
}

/** What tests, what only draws a report, and what makes or reads specs: a job holds its own. */
const OF_NO_MATTER =
  /\.test\.ts$|^(bench|evaluate|inspect|models|sweep|verify)\/|^report\/(svg\/|as-|html-|rendering)|-html\.ts$|^index\.ts$/;
