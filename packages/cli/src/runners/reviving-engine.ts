// An engine in a process or page that may die. A fresh one trains the runs that were not finished,
// from their start, to the same numbers. So a run is told of when it has ended, all at once.
//
// A device that is lost while its process lives is the business of the engine itself, which has
// checkpoints; only what it gives up on comes here.

import { type Engine, plannedSteps, selectRuns, type TraceEvent } from "@convergence-lab/core";
import { CliError } from "../errors.ts";

/** @param reopen Opens the engine anew, on another host of the same kind. */
export function revivingEngine(first: Engine, reopen: () => Promise<Engine>): Engine {
  let engine = first;

  const revive = async (loss: Error) => {
    await engine.dispose();
    try {
      engine = await reopen();
    } catch (error) {
      throw lost(`${loss.message} No other took over: ${(error as Error).message}`);
    }
    const { adapter } = engine.info;
    if (adapter === first.info.adapter) return;
    throw lost(`${loss.message} Another came up on ${adapter}, whose numbers are others.`);
  };

  let reviving: Promise<void> | undefined;

  /** Uses the engine, and once more if it dies over it; several uses at a time share the next one. */
  const use = async <T>(action: (engine: Engine) => Promise<T>): Promise<T> => {
    const used = engine;
    try {
      return await action(used);
    } catch (error) {
      if (!isLost(error)) throw error;
      if (used === engine) {
        reviving ??= revive(error).finally(() => {
          reviving = undefined;
        });
        await reviving;
      }
      return action(engine);
    }
  };

  return {
    info: first.info,
    prepare: (plan) => use(async (e) => (await e.prepare?.(plan)) ?? e.info),
    replay: (recording) => use((e) => e.replay(recording)),
    // Half a measurement on one device and half on another would be none.
    benchmark: (settings) => engine.benchmark!(settings),
    dispose: () => engine.dispose(),
    async *train(plan, datasets, options) {
      const runs = plan.buckets.flatMap((bucket) => bucket.runs);
      const stepsTotal = runs.reduce((sum, run) => sum + plannedSteps(plan, datasets, run), 0);
      const finished = new Set<number>();
      let stepsDone = 0;
      for (let finishedBefore = -1; ; ) {
        const untold = new Map<number, TraceEvent[]>();
        const left = selectRuns(
          plan,
          runs.filter((run) => !finished.has(run)),
        );
        try {
          for await (const event of engine.train(left, datasets, options)) {
            if (event.kind === "progress") {
              // Where runs start again, it stands still until they are where they were.
              const stepsBefore = stepsTotal - event.stepsTotal;
              stepsDone = Math.max(stepsDone, stepsBefore + event.stepsDone);
              yield { kind: "progress", stepsDone, stepsTotal };
              continue;
            }
            if (event.kind === "dispatch") {
              yield event;
              continue;
            }
            const events = untold.get(event.run) ?? [];
            untold.set(event.run, events);
            events.push(event);
            if (event.kind !== "finished") continue;
            finished.add(event.run);
            yield* events;
            untold.delete(event.run);
          }
          return;
        } catch (error) {
          // What dies again before one more run is finished would do so for ever.
          if (!isLost(error) || finished.size === finishedBefore) throw error;
          finishedBefore = finished.size;
          await revive(error);
        }
      }
    },
  };
}

/** The host is gone, or it gave up on its device, which a fresh process or browser may still have. */
export function isLost(error: unknown): error is Error {
  const { code } = error as { code?: unknown };
  return code === "CLI_HOST_LOST" || code === "GPU_DEVICE_LOST";
}

function lost(message: string): CliError {
  return new CliError("CLI_HOST_LOST", message);
}
