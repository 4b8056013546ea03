import { expect, test } from "vitest";
import { createSimdEngine } from "../engine/simd/index.ts";
import type { Incumbent } from "../prove/incumbent.ts";
import { benchmarkCaseSchema } from "./benchmark-case.ts";
import type { CaseScore } from "./case-score.ts";
import { caseSpec } from "./case-spec.ts";
import { raceAgainstRandom, raceLine } from "./race.ts";
import { randomSearch } from "./random-search.ts";

/** A rate at which nothing moves: one change of many mends it. */
const SLOW = benchmarkCaseSchema.parse({
  id: "too-slow",
  task: "binary",
  data: {
    generator: "make_moons",
    params: { n_samples: 120, noise: 0.1, random_state: 1 },
    target: "int01",
    split: { testFraction: 0.4 },
  },
  layers: [{ units: 8, activation: "tanh" }],
  output: { units: 1, activation: "sigmoid" },
  loss: "binary_crossentropy",
  optimizer: { name: "adam", lr: 1e-4 },
  batch: 32,
  epochs: 15,
  faults: [{ code: "LR_LOW", severity: "root" }],
});

test("a search spends its budget, and what it holds only gets better", async () => {
  const engine = await createSimdEngine({ reason: "A test." });
  const source = caseSpec(SLOW, {});
  const search = (modelSteps: number) => randomSearch(source, engine, { modelSteps, seed: 1 });
  const [short, long] = [await search(400), await search(4_000)];
  expect(long.length).toBeGreaterThan(0);
  expect(long.slice(0, short.length)).toEqual(short);
  const steps = long.map(({ modelSteps }) => modelSteps);
  expect(steps).toEqual([...steps].sort((a, b) => a - b));
  // The same numbers, the same search.
  expect(await search(400)).toEqual(short);
});

test("a race says after how many steps each has mended the case", async () => {
  const engine = await createSimdEngine({ reason: "A test." });
  const repair = { verdict: "fixed", prescription: ["learning-rate"], withFix: 0.85 };
  const score = { id: "too-slow", modelSteps: 3_000, repair } as unknown as CaseScore;
  const held = (modelSteps: number, interventions: string, learningRate: number): Incumbent => ({
    modelSteps,
    interventions,
    patch: { train: { learningRate } },
  });
  const race = (...incumbents: Incumbent[]) =>
    raceAgainstRandom(SLOW, score, incumbents, { generators: {}, engine, seeds: 6 });
  const won = await race(
    held(500, "learning-rate-x2", 2e-4),
    held(900, "learning-rate", 0.03),
    held(1_500, "learning-rate-x1000", 0.1),
  );
  expect(won).toMatchObject({ doctor: { modelSteps: 900, holding: "learning-rate" } });
  expect(won.budget).toBe(3_000);
  expect(won.random).toHaveLength(3);
  expect(won.random.some(({ modelSteps }) => modelSteps !== null)).toBe(true);
  expect(raceLine(won)).toContain("too-slow  doctor 9.0e+2 (learning-rate)  random ");

  // What it held for a while is not what it ends with.
  const lost = await race(held(900, "learning-rate", 0.03), held(1_500, "too-large", 30));
  expect(lost.doctor).toEqual({ modelSteps: null, holding: "too-large" });
  expect((await race()).doctor).toEqual({ modelSteps: null, holding: "nothing" });
});
