// The engines that need no device at the edges of what an engine takes.

import type { Engine } from "@convergence-lab/core";
import { createReferenceEngine } from "@convergence-lab/core/reference";
import { createSimdEngine } from "@convergence-lab/core/simd";
import { describe, expect, test } from "vitest";
import { createTfjsEngine } from "../src/fallback-tfjs/index.ts";
import { expectAloneAsAmongThousand } from "./alone-as-among.ts";
import { drawnCase, UNLIKE_LAYERS } from "./edge-replays.ts";
import { testsOfEdges } from "./edge-tests.ts";
import { comparedWithReference, replayOf } from "./replay-case.ts";

const ENGINES: Record<string, () => Engine | Promise<Engine>> = {
  simd: () => createSimdEngine({ reason: "test" }),
  "tfjs-wasm": () => createTfjsEngine({ backend: "wasm", reason: "test" }),
  "tfjs-cpu": () => createTfjsEngine({ backend: "cpu", reason: "test" }),
};

describe.each(Object.entries(ENGINES))("%s", (_, open) => {
  testsOfEdges(open, { drawn: 60 });

  // Not on SwiftShader, which takes a minute or more to compile a kernel of 33 different layers.
  test("computes 32 hidden layers none of which is like the one before", async () => {
    const { replay } = await open();
    const { passed, picture } = await comparedWithReference(replay, replayOf(UNLIKE_LAYERS));
    expect(passed, picture).toBe(true);
  });

  test("trains a network among 1,000 as alone, bit for bit", async () => {
    await expectAloneAsAmongThousand(await open());
  });
});

test("the bounds of drawn networks are no excuse: most tell an input that is off by a thousandth", async () => {
  const { replay } = createReferenceEngine({ reason: "test" });
  const cases = Array.from({ length: 60 }, (_, seed) => replayOf(drawnCase(seed)));
  let seen = 0;
  for (const right of cases) {
    const x = right.x.map((value, i) => (i === 0 ? 1.001 * value : value));
    const { passed } = await comparedWithReference(replay, { ...right, x }, right);
    if (!passed) seen++;
  }
  expect(seen).toBeGreaterThan(50);
});
