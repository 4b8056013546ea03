import recordings from "@convergence-lab/test-fixtures/reference/training-steps.json" with {
  type: "json",
};
import wideRecordings from "@convergence-lab/test-fixtures/reference/training-steps-wide.json" with {
  type: "json",
};
import { describe, expect, test } from "vitest";
import type { Replay } from "../engine/engine.ts";
import { createReferenceEngine } from "../engine/reference/index.ts";
import { compareReplay } from "./compare-replay.ts";
import { RecordingError } from "./errors.ts";
import { parseTrainingSteps } from "./training-steps.ts";

const cases = [...parseTrainingSteps(recordings), ...parseTrainingSteps(wideRecordings)];

/** Keras's clip at 1 - 1e-7 is 0.99999988 in float32: another loss, not a rounding of the same. */
const FLOAT64_ONLY = ["binaryCrossentropy-relu-clipped"];

describe.each(["float64", "float32"] as const)("the reference engine in %s", (precision) => {
  const engine = createReferenceEngine({ precision, reason: "test" });
  const meant = cases.filter(({ name }) => precision === "float64" || !FLOAT64_ONLY.includes(name));

  test.each(meant.map((recorded) => [recorded.name, recorded] as const))(
    "meets %s",
    async (_, recorded) => {
      const { worst, passed } = compareReplay(
        recorded,
        await engine.replay(recorded.replay),
        precision,
      );
      expect(passed, JSON.stringify(worst)).toBe(true);
    },
  );
});

/** Back ends that are wrong in ways that back ends are. */
const FAULTS: Record<string, (replay: Replay) => Replay> = {
  "a learning rate off by one part in a thousand": (replay) => ({
    ...replay,
    hyper: { ...replay.hyper, learningRate: replay.hyper.learningRate * 1.001 },
  }),
  "a first weight off by one part in ten thousand": (replay) => {
    const parameters = replay.parameters.slice();
    parameters[0] *= 1.0001;
    return { ...replay, parameters };
  },
  "another activation": (replay) => {
    const [first, ...rest] = replay.network.layers;
    const layers = [{ ...first, activation: "softsign" } as const, ...rest];
    return { ...replay, network: { ...replay.network, layers } };
  },
};

describe("what is wrong is out of tolerance, in float32 too", () => {
  const engine = createReferenceEngine({ precision: "float32", reason: "test" });
  const article = cases.find(({ name }) => name === "article-shape")!;

  test.each(Object.entries(FAULTS))("%s", async (_, fault) => {
    const steps = await engine.replay(fault(article.replay));
    expect(compareReplay(article, steps, "float32").passed).toBe(false);
  });

  test("a NaN", async () => {
    const steps = await engine.replay(article.replay);
    steps[0].gradients[3] = Number.NaN;
    const { passed, worst } = compareReplay(article, steps, "float32");
    expect(passed).toBe(false);
    expect(worst[3]).toMatchObject({ quantity: "gradients", step: 0, index: 3 });
  });

  test("a step that never ran", async () => {
    const steps = await engine.replay(article.replay);
    expect(compareReplay(article, steps.slice(0, -1), "float32").passed).toBe(false);
  });
});

/** The problems of a file, one line each. */
function problemsOf(source: unknown): string[] {
  try {
    parseTrainingSteps(source);
    return [];
  } catch (error) {
    if (!(error instanceof RecordingError)) throw error;
    return error.problems.map(({ where, message }) => `${where}: ${message}`);
  }
}

test("every problem of a file is named with its place", () => {
  const [sound] = recordings.cases;
  const problems = problemsOf({
    cases: [
      { ...sound, X: [1, 2] },
      { ...sound, layers: [{ units: 3, activation: "softmux" }] },
      { ...sound, y: [0, 1, 2, 3, 0, 1, 0.5] },
      { name: "empty" },
    ],
  });
  expect(problems).toEqual(
    expect.arrayContaining([
      "cases[0].X: has 2 numbers; batch 7 x inputs 5 asks for 35.",
      expect.stringMatching(/^cases\[1\]\.layers\[0\]\.activation/),
      "cases[2].y[3]: is 3; a label must be a class index from 0 to 2.",
      "cases[2].y[6]: is 0.5; a label must be a class index from 0 to 2.",
      expect.stringMatching(/^cases\[3\]\.batch/),
    ]),
  );
});

test.each([[null], [[]], [{}], [{ cases: [] }]])("%j is no recording", (source) => {
  expect(problemsOf(source)).toEqual([
    "(file): holds no list `cases`; training steps are {cases: [{name, layers, steps, ...}]}.",
  ]);
});
