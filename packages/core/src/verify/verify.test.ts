import recordings from "@convergence-lab/test-fixtures/reference/training-steps.json" with {
  type: "json",
};
import weightedRecordings from "@convergence-lab/test-fixtures/reference/training-steps-weighted.json" with {
  type: "json",
};
import wideRecordings from "@convergence-lab/test-fixtures/reference/training-steps-wide.json" with {
  type: "json",
};
import { describe, expect, test } from "vitest";
import type { Network } from "../compile/plan.ts";
import type { Engine, Replay, ReplayStep } from "../engine/engine.ts";
import { createReferenceEngine } from "../engine/reference/index.ts";
import { createSimdEngine } from "../engine/simd/index.ts";
import { Arithmetic, type Precision } from "./bounds/arithmetic.ts";
import { boundedOptimizer } from "./bounds/bounded-optimizer.ts";
import { boundedReplay } from "./bounds/bounded-replay.ts";
import { compareReplay } from "./compare-replay.ts";
import { RecordingError } from "./errors.ts";
import { parseTrainingSteps } from "./training-steps.ts";

const cases = [recordings, wideRecordings, weightedRecordings].flatMap(parseTrainingSteps);

const engines: Record<string, [Precision, Engine]> = {
  "the reference engine in float64": [
    "float64",
    createReferenceEngine({ precision: "float64", reason: "test" }),
  ],
  "the reference engine in float32": ["float32", createReferenceEngine({ reason: "test" })],
  "the SIMD engine": ["float32", createSimdEngine({ reason: "test" })],
};

describe.each(Object.entries(engines))("%s", (_, [precision, engine]) => {
  test.each(cases.map((recorded) => [recorded.name, recorded] as const))(
    "meets %s",
    async (_name, recorded) => {
      const steps = await engine.replay(recorded.replay);
      const { passed, picture } = compareReplay(recorded, steps, precision);
      expect(passed, picture).toBe(true);
    },
  );
});

test("bounds are those of the recorded values, and finite", () => {
  for (const { name, replay, expected } of cases) {
    boundedReplay(replay, "float32", expected).forEach((step, s) => {
      const { logits, gradients, parametersAfter } = step;
      const pairs = [
        [[step.dataLoss.value], [expected[s].dataLoss], [step.dataLoss.error]],
        [logits.values, expected[s].logits, logits.errors],
        [gradients.values, expected[s].gradients, gradients.errors],
        [parametersAfter.values, expected[s].parametersAfter, parametersAfter.errors],
      ];
      for (const [values, recorded, errors] of pairs) {
        const largest = Math.max(...Array.from(recorded, Math.abs));
        for (let i = 0; i < values.length; i++) {
          expect(Math.abs(values[i] - recorded[i]), name).toBeLessThanOrEqual(1e-12 * largest);
          expect(errors[i], name).toBeLessThan(Number.POSITIVE_INFINITY);
        }
      }
    });
  }
});

/** Back ends that are wrong in ways that back ends are: another replay, or other results. */
const FAULTS: Record<
  string,
  { replay?: (replay: Replay) => Replay; steps?: (steps: ReplayStep[], replay: Replay) => void }
> = {
  "a learning rate off by one part in a thousand": {
    replay: (replay) => ({
      ...replay,
      hyper: { ...replay.hyper, learningRate: replay.hyper.learningRate * 1.001 },
    }),
  },
  "a first weight off by one part in ten thousand": {
    replay: (replay) => ({ ...replay, parameters: scaled(replay.parameters, 0, 1.0001) }),
  },
  "another activation": {
    replay: (replay) => {
      const [first, ...rest] = replay.network.layers;
      const layers = [{ ...first, activation: "softsign" } as const, ...rest];
      return { ...replay, network: { ...replay.network, layers } };
    },
  },
  "a sum that drops its last input": {
    // The last weight of the first layer's first unit never counts.
    replay: (replay) => {
      const { inputs, units } = replay.network.layers[0];
      return { ...replay, parameters: scaled(replay.parameters, (inputs - 1) * units, 0) };
    },
  },
  "a bias gradient that misses an element": {
    steps: ([{ gradients }], { network }) => {
      gradients[tensorOf(network, "bias").offset] = 0;
    },
  },
  "a bias gradient that misses one sample of its sum": {
    steps: ([{ gradients }], { network, batch }) => {
      gradients[tensorOf(network, "bias").offset] *= (batch - 1) / batch;
    },
  },
  "epsilon inside the root": {
    steps: ([{ gradients, parametersAfter }], { parameters, hyper }) => {
      const { beta1, beta2, learningRate, epsilon } = hyper;
      parametersAfter.forEach((_, i) => {
        const variance = (1 - beta2) * gradients[i] ** 2;
        const rate = (learningRate * Math.sqrt(1 - beta2)) / (1 - beta1);
        const mean = (1 - beta1) * gradients[i];
        parametersAfter[i] = parameters[i] - (rate * mean) / Math.sqrt(variance + epsilon);
      });
    },
  },
  "a bias correction that is one step late": {
    steps: ([{ parametersAfter: before }, { parametersAfter }], { hyper: { beta1, beta2 } }) => {
      const correction = (t: number) => Math.sqrt(1 - beta2 ** t) / (1 - beta1 ** t);
      parametersAfter.forEach((after, i) => {
        const update = (after - before[i]) * (correction(3) / correction(2));
        parametersAfter[i] = before[i] + update;
      });
    },
  },
  "a NaN": { steps: ([{ gradients }]) => gradients.fill(Number.NaN, 3, 4) },
  "a step that never ran": { steps: (steps) => steps.pop() },
};

function scaled(numbers: ArrayLike<number>, index: number, factor: number): Float64Array {
  return Float64Array.from(numbers, (value, i) => (i === index ? factor * value : value));
}

function tensorOf({ layout }: Network, kind: string) {
  return layout.tensors.find((tensor) => tensor.kind === kind)!;
}

describe.each(["article-shape", "act-tanh", "opt-3-adam", "shape-primes"])(
  "what is wrong in %s is out of tolerance, in float32 too:",
  (name) => {
    const engine = createReferenceEngine({ precision: "float32", reason: "test" });
    const recorded = cases.find((each) => each.name === name)!;

    test.each(Object.entries(FAULTS))("%s", async (_, { replay, steps: change }) => {
      const steps = await engine.replay(replay?.(recorded.replay) ?? recorded.replay);
      change?.(steps, recorded.replay);
      const { passed, picture } = compareReplay(recorded, steps, "float32");
      expect(passed).toBe(false);
      expect(picture).toMatch(/xx/);
    });
  },
);

test("a miss is shown with its place, its neighbours and what was allowed", async () => {
  const recorded = cases.find(({ name }) => name === "shape-one")!;
  const steps = await createReferenceEngine({ reason: "test" }).replay(recorded.replay);
  steps[0].gradients[2] *= 1.01;
  expect(compareReplay(recorded, steps, "float32").picture).toMatchInlineSnapshot(`
    "shape-one: gradients of step 1, 1 of 4 out of tolerance

    kernel of layer 0 [0, 0]
      actual        -0.422017187    -0.457763046    -0.163199887    -0.318883181
                                                              xx
      expected      -0.422017214    -0.457763064    -0.161584048    -0.318883192
      tolerance          5.43e-7         4.80e-7         2.11e-7         2.58e-7

    largest difference 1.62e-3 at kernel of layer 1 [0, 0], 7.66e+3 times its tolerance 2.11e-7"
  `);
});

test("a gradient within its own error of zero allows a step of its optimizer's size, no more", () => {
  const recorded = cases.find(({ name }) => name === "opt-3-adam")!;
  const m = new Arithmetic("float32");
  const { network, hyper } = recorded.replay;
  const update = boundedOptimizer(m, network.optimizer, hyper, 1);
  const { value, error } = update(0, { value: 1e-3, error: 1e-2 }, hyper.learningRate, 1);
  expect(error).toBeLessThan(1.0001 * (hyper.learningRate + Math.abs(value)));
  expect(error).toBeGreaterThan(hyper.learningRate);
});

test("a power that underflows has a bound, and no NaN for one", () => {
  const m = new Arithmetic("float64");
  const { value, error } = m.power({ value: 0, error: m.tiny }, 2);
  expect(value).toBe(0);
  expect(error).toBeGreaterThan(0);
  expect(error).toBeLessThan(8 * m.ulp);
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
      { ...sound, batch: 0 },
    ],
  });
  expect(problems).toEqual(
    expect.arrayContaining([
      "cases[0].X: has 2 numbers; batch 7 x inputs 5 asks for 35.",
      expect.stringMatching(/^cases\[1\]\.layers\[0\]\.activation/),
      "cases[2].y[3]: is 3; a label must be a class index from 0 to 2.",
      "cases[2].y[6]: is 0.5; a label must be a class index from 0 to 2.",
      "cases[3].batch: is missing; it must be a number.",
      "cases[4].batch: is 0; it must be greater than 0.",
    ]),
  );
});

test.each([[null], [[]], [{}], [{ cases: [] }]])("%j is no recording", (source) => {
  expect(problemsOf(source)).toEqual([
    "(file): holds no list `cases`; training steps are {cases: [{name, layers, steps, ...}]}.",
  ]);
});
