// An engine that gives way to another where its device cannot train a plan. Only before training:
// the numbers of two engines do not mix.

import type { Engine } from "@convergence-lab/core";
import { EXIT, expectedExit } from "../errors.ts";
import { sentence } from "../terminal.ts";

/** @param openOther Opens the engine that takes over, with the reason for it. */
export function fallbackEngine(
  first: Engine,
  openOther: (reason: string) => Promise<Engine>,
): Engine {
  let engine = first;
  return {
    info: first.info,
    async prepare(plan) {
      try {
        return (await engine.prepare?.(plan)) ?? engine.info;
      } catch (error) {
        // A defect of ours is no reason to go on.
        if (engine !== first || expectedExit(error) !== EXIT.adapter) throw error;
        engine = await openOther(sentence((error as Error).message));
        await first.dispose();
        return engine.info;
      }
    },
    train: (plan, datasets, options) => engine.train(plan, datasets, options),
    replay: (recording) => engine.replay(recording),
    dispose: () => engine.dispose(),
  };
}
