import { createSimdEngine } from "@convergence-lab/core/simd";
import { expect, test } from "vitest";
import type { Told } from "../messages.ts";
import type { Engines } from "./open-engine.ts";
import { Session } from "./session.ts";
import { Turns } from "./turns.ts";

const SPEC = {
  name: "small",
  data: {
    source: {
      kind: "inline",
      rows: Array.from({ length: 12 }, (_, i) => [i, i % 3]),
      labels: Array.from({ length: 12 }, (_, i) => (i > 5 ? "high" : "low")),
    },
  },
  model: { layers: [{ units: 1, activation: "sigmoid" }] },
  train: { loss: "binaryCrossentropy", epochs: 20 },
  seeds: { training: 6 },
};

async function opened(): Promise<{ session: Session; told: Told[] }> {
  const engine = createSimdEngine({ reason: "test", isTimeToPause: () => true });
  const engines = { open: async () => engine } as unknown as Engines;
  const told: Told[] = [];
  const session = new Session({ engines, turns: new Turns() }, (event) => told.push(event));
  await session.open({ spec: SPEC });
  return { session, told };
}

const kinds = (told: readonly Told[]) => new Set(told.map(({ kind }) => kind));

test("what is not stopped trains to its end", async () => {
  const { session, told } = await opened();
  const { stopped, report } = await session.train("cpu");
  expect(stopped).toBe(false);
  expect(report.runs).toEqual({ planned: 6, finished: 6 });
  expect(kinds(told)).toContain("curves");
});

test("a training is stopped while what trains it is loaded", async () => {
  const { session } = await opened();
  const training = session.train("cpu");
  session.control("stop");
  await expect(training).rejects.toMatchObject({ code: "LAB_STOPPED" });
});

test("a diagnosis is stopped while the doctor is loaded", async () => {
  const { session } = await opened();
  const diagnosis = session.diagnose("cpu");
  session.control("stop");
  await expect(diagnosis).rejects.toMatchObject({ name: "Interrupted" });
});

test("of two trainings that are asked for the later one goes on", async () => {
  const { session } = await opened();
  const earlier = session.train("cpu");
  const later = session.train("cpu");
  await expect(earlier).rejects.toMatchObject({ code: "LAB_STOPPED" });
  expect((await later).stopped).toBe(false);
});
