import { expect, test } from "vitest";
import { createSimdEngine } from "../engine/simd/index.ts";
import { mean } from "../shared/statistics.ts";
import { caseSpec } from "./case-spec.ts";
import { injectedCases } from "./inject.ts";
import { injectionTable } from "./injection-table.ts";
import { trainArms } from "./train-arms.ts";

/** Two clouds and a category, some of it missing. */
const table = injectionTable("clouds", {
  rows: 120,
  columns: ["a", "b", "c"],
  x: Float64Array.from({ length: 360 }, (_, i) => {
    const row = Math.floor(i / 3);
    const side = row % 2 === 0 ? -3 : 3;
    if (i % 3 === 2) return row % 7 === 0 ? Number.NaN : row % 2;
    return side + Math.sin(37 * i);
  }),
  labels: Array.from({ length: 120 }, (_, row) => (row % 2 === 0 ? "left" : "right")),
});

test("labels become class indices, missing cells null", () => {
  expect(table.labels.slice(0, 3)).toEqual([0, 1, 0]);
  expect(table.rows[0][2]).toBeNull();
  expect(table.rows[1][2]).toBe(1);
});

test("every fault is a case with a root, a way back and an id of its own", () => {
  const cases = injectedCases([table], { all: true });
  const [control, ...faulty] = cases;
  expect(control).toMatchObject({ id: "healthy-clouds", control: true });
  expect(new Set(cases.map(({ id }) => id)).size).toBe(cases.length);
  for (const { id, faults, fix } of faulty) {
    expect(faults[0].severity, id).toBe("root");
    expect(fix.length, id).toBeGreaterThan(0);
  }
  // Faults of several classes are not for two.
  expect(faulty.some(({ id }) => id.includes("label-encoding"))).toBe(false);
});

test("faults take turns over tables", () => {
  const other = { ...table, name: "others" };
  const names = injectedCases([table, other])
    .filter(({ control }) => !control)
    .map(({ id }) => id.split("-")[0]);
  const ofClouds = names.filter((name) => name === "clouds").length;
  expect(Math.abs(2 * ofClouds - names.length)).toBeLessThanOrEqual(1);
});

test("the healthy network learns, and one with a fault does not", async () => {
  const engine = await createSimdEngine({ reason: "A test." });
  const cases = injectedCases([table], { all: true });
  const accuracy = async (id: string) => {
    const written = cases.find((each) => each.id === id)!;
    const { asIs } = await trainArms(caseSpec(written, {}), { asIs: {} }, engine, 4);
    return mean(asIs.accuracy);
  };
  expect(await accuracy("healthy-clouds")).toBeGreaterThan(0.95);
  expect(await accuracy("clouds-rate-low-strong")).toBeLessThan(0.8);
  expect(await accuracy("clouds-no-signal-mild")).toBeLessThan(0.8);
});
