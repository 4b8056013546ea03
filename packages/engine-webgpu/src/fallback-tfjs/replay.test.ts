import type { Engine } from "@convergence-lab/core";
import { beforeAll, describe, expect, test } from "vitest";
import {
  QUANTITIES,
  recordedCases,
  replayErrors,
} from "../../test/fallback-tfjs/recorded-replays.ts";
import { createTfjsEngine } from "./index.ts";

// Roundings of the largest number. tfjs-cpu uses 10 of them, tfjs-wasm, whose sums run in another
// order, 29 (the gradients of residual-blocks); core's reference in float32 stays within 8.
const TOLERANCE = 32 * 2 ** -24;

describe.each(["cpu", "wasm"] as const)("on tfjs-%s", (backend) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await createTfjsEngine({ backend, reason: "test" });
  });

  test.each(recordedCases.map((c) => [c.name, c] as const))("%s", async (_name, recordedCase) => {
    const errors = await replayErrors(engine, recordedCase);
    for (const quantity of QUANTITIES) {
      expect(errors[quantity], quantity).toBeLessThanOrEqual(TOLERANCE);
    }
  });
});
