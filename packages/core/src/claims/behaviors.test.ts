import { describe, expect, test } from "vitest";
import { type Curves, runOf } from "../../test/trace-of.ts";
import { normalAt } from "../shared/random.ts";
import { BEHAVIORS } from "../spec/spec.ts";
import { behaves, behavesAny } from "./behaviors.ts";

/** The behaviours of one run, in words; "?" behind one that was not measured. */
function behaviorsOf(curves: Curves | null): string {
  const run = runOf("network", 0, 0, curves);
  return BEHAVIORS.flatMap((behavior) => {
    const answer = behaves(run, behavior);
    return answer === undefined ? [`${behavior}?`] : answer ? [behavior] : [];
  }).join(" ");
}

const steps = (count: number, at: (i: number) => number) =>
  Array.from({ length: count }, (_, i) => at(i));
const flatAccuracy = steps(20, () => 0.5);

// The chance level of these runs is a loss of 0.69.
test.each([
  [
    "a curve that falls and levels",
    steps(20, (i) => 0.1 + 0.6 * 0.3 ** i + 1e-4 * (i % 2)),
    "converges",
  ],
  ["one that falls steadily", steps(20, (i) => 0.69 - 0.02 * i), "stillFalling converges"],
  ["one at chance level", steps(20, () => 0.69), "stuck"],
  ["2% below chance level", steps(20, () => 0.6763), "stuck"],
  ["just beyond", steps(20, () => 0.6761), ""],
  ["10% below chance level", steps(20, () => 0.6211), ""],
  ["just beyond that", steps(20, () => 0.6209), "converges"],
  ["one that ends above its first epoch", steps(20, (i) => 0.7 + 0.001 * i), "diverges stuck"],
  ["one that is high all the time", steps(20, () => 3), "stuck"],
])("%s: %j", (_, loss, expected) => {
  expect(behaviorsOf({ loss, accuracy: flatAccuracy })).toBe(expected);
});

test("a loss that is not finite diverges and does nothing else", () => {
  expect(behaviorsOf({ loss: [0.7, Number.NaN], accuracy: [0.5, 0.5] })).toBe("diverges");
});

test("a run that diverged in its first epoch has no accuracy to judge", () => {
  expect(behaviorsOf(null)).toBe("diverges oscillates?");
});

test("a missing signal is not measured", () => {
  expect(behaviorsOf({ accuracy: [0.5] })).toBe("diverges? stillFalling? stuck? converges?");
  expect(behaviorsOf({ loss: [0.5, 0.4] })).toBe("oscillates? stillFalling? converges");
});

describe("oscillates", () => {
  const loss = steps(20, () => 0.65);
  const sawtooth = (teeth: number, depth: number) =>
    steps(20, (i) => (i < 2 * teeth && i % 2 === 1 ? 0.6 : 0.6 - depth));

  test("needs 4 drops in 20 epochs", () => {
    expect(behaviorsOf({ loss, accuracy: sawtooth(5, 0.05) })).toBe("oscillates");
    expect(behaviorsOf({ loss, accuracy: sawtooth(3, 0.05) })).toBe("");
  });

  test("a drop is 0.03 or more, as float32 has it", () => {
    expect(behaviorsOf({ loss, accuracy: sawtooth(8, 0.03) })).toBe("oscillates");
    expect(behaviorsOf({ loss, accuracy: sawtooth(8, 0.0299) })).toBe("");
  });

  test("a plateau is one extremum", () => {
    const doubled = sawtooth(8, 0.05).flatMap((value) => [value, value]);
    expect(behaviorsOf({ loss, accuracy: doubled })).toBe("");
    expect(behaviorsOf({ loss, accuracy: doubled.slice(0, 30) })).toBe("oscillates");
  });
});

describe("stillFalling", () => {
  test("is not measured below six epochs", () => {
    const falling = (count: number) => ({ loss: steps(count, (i) => 0.65 - 0.001 * i) });
    expect(behaves(runOf("network", 0, 0, falling(5)), "stillFalling")).toBeUndefined();
    expect(behaves(runOf("network", 0, 0, falling(6)), "stillFalling")).toBe(true);
  });

  test("compares the last tenth, not the whole curve", () => {
    const early = steps(100, (i) => (i < 60 ? 1 - 0.01 * i : 0.4 + 0.001 * (i % 2)));
    expect(behaves(runOf("network", 0, 0, { loss: early }), "stillFalling")).toBe(false);
  });

  // The shares stand at MIN_TENTH in behaviors.ts; 4,000 curves give them to half a percent.
  test.each([
    [30, 0.064],
    [50, 0.025],
    [100, 0.003],
  ])("noise around a flat loss of %i epochs passes in a share of %d", (epochs, share) => {
    const curves = 4000;
    let falling = 0;
    for (let seed = 0; seed < curves; seed++) {
      const loss = steps(epochs, (i) => 0.65 + 0.01 * normalAt(seed, 0, i));
      if (behaves(runOf("network", 0, 0, { loss }), "stillFalling")) falling++;
    }
    expect(Math.abs(falling / curves - share)).toBeLessThan(0.01);
  });
});

test("any of several: yes wins, not measured beats no", () => {
  const noAccuracy = runOf("network", 0, 0, { loss: steps(20, (i) => 0.1 + 0.01 * i) });
  expect(behavesAny(noAccuracy, ["oscillates", "diverges"])).toBe(true);
  expect(behavesAny(noAccuracy, ["oscillates", "stuck"])).toBeUndefined();
  expect(behavesAny(noAccuracy, ["stuck", "stillFalling"])).toBe(false);
});
