// The check of an engine by what it trains, which needs no device.

import type { Engine, TraceEvent } from "@convergence-lab/core";
import { createReferenceEngine } from "@convergence-lab/core/reference";
import { expect, test } from "vitest";
import { createTfjsEngine } from "./fallback-tfjs/index.ts";
import { requireTrustworthyEngine } from "./self-check.ts";

const right = createReferenceEngine({ reason: "test" });

/** An engine that computes right and tells something else. */
function telling(change: (event: TraceEvent) => TraceEvent | null): Engine {
  return {
    ...right,
    async *train(...args) {
      for await (const event of right.train(...args)) {
        const told = change(event);
        if (told !== null) yield told;
      }
    },
  };
}

test("TensorFlow.js is believed", async () => {
  const tfjs = await createTfjsEngine({ backend: "wasm", reason: "test" });
  await expect(requireTrustworthyEngine(tfjs)).resolves.toBeUndefined();
});

test("losses that are a thousandth off are not, and the adapter is named", async () => {
  const wrong = telling((event) =>
    event.kind === "epochs"
      ? { ...event, signals: { ...event.signals, loss: event.signals.loss!.map((l) => 1.001 * l) } }
      : event,
  );
  await expect(requireTrustworthyEngine(wrong)).rejects.toMatchObject({
    code: "GPU_SELF_CHECK_FAILED",
    message: expect.stringMatching(/^plain TypeScript, float32 computes wrong numbers: .* 1\.0e-3/),
  });
});

test("losses that are missing are not", async () => {
  const silent = telling((event) => (event.kind === "epochs" && event.run === 1 ? null : event));
  await expect(requireTrustworthyEngine(silent)).rejects.toMatchObject({
    message: expect.stringContaining("missing or not finite"),
  });
});
