import { describe, expect, test } from "vitest";
import { datasetOf, drawn, fixture, flipped, type Rows } from "../../test/learnability-case.ts";
import { makeMoons } from "../dataset/numpy/generators/make-moons.ts";
import { suspectLabels } from "./suspect-labels.ts";

const moons = (rows: number): Rows => {
  const { x, y } = makeMoons({ rows, noise: 0.15, seed: 1 });
  return { rows: Array.from(y, (_, i) => [x[2 * i], x[2 * i + 1]]), labels: [...y] };
};

describe("noisy", () => {
  test.each([0.2, 0.35])("moons with %f of the labels turned round", (share) => {
    const table = flipped(moons(500), share);
    const found = suspectLabels(datasetOf(table));
    expect(found.verdict).toBe("noisy");
    expect(found.ci95[0]).toBeLessThan(share);
    expect(found.ci95[1]).toBeGreaterThan(share);
    const right = found.suspects.filter(({ row }) => table.wrong.includes(row));
    expect(right.length).toBeGreaterThan(0.9 * found.suspects.length);
    expect(right.length).toBeGreaterThan(0.5 * table.wrong.length);
  });

  test("breast cancer with a tenth of the labels turned round", () => {
    const table = flipped(fixture("breast-cancer", "class"), 0.1);
    const found = suspectLabels(datasetOf(table));
    expect(found.verdict).toBe("noisy");
    const right = found.suspects.filter(({ row }) => table.wrong.includes(row));
    expect(right.length).toBeGreaterThan(0.8 * found.suspects.length);
  });

  test("a suspect says its row, its label and what its surroundings say, the deepest first", () => {
    const table = flipped(moons(500), 0.2);
    const { suspects } = suspectLabels(datasetOf(table));
    for (const { row, given, likely } of suspects) {
      expect(given).toBe(table.labels[row]);
      expect(likely).toBe(1 - given);
    }
    const depths = suspects.map(({ depth }) => depth);
    expect(depths).toEqual([...depths].sort((a, b) => b - a));
  });
});

describe("clean", () => {
  test.each([
    ["iris", "class"],
    ["wine", "class"],
    ["breast-cancer", "class"],
  ])("%s", (name, target) => {
    expect(suspectLabels(datasetOf(fixture(name, target))).verdict).toBe("clean");
  });

  test.each([120, 250])("a line with overlap in eight columns, %i rows: not noisy", (rows) => {
    for (let seed = 700; seed < 704; seed++) {
      const rule = (row: readonly number[], noise: number) =>
        Number(row.reduce((sum, x) => sum + x, 0) / Math.sqrt(8) + 0.6 * noise > 0);
      expect(suspectLabels(datasetOf(drawn(rows, 8, rule, seed))).verdict).not.toBe("noisy");
    }
  });

  test("classes that overlap by a fifth", () => {
    const overlap = drawn(800, 4, (_, noise) => (noise > 0 ? 1 : 0));
    const rows = overlap.rows.map((row, i) =>
      row.map((x) => Number(x) + (overlap.labels[i] ? 0.5 : -0.5)),
    );
    expect(suspectLabels(datasetOf({ ...overlap, rows })).verdict).toBe("clean");
  });
});

describe("undecided", () => {
  test("coin flips have no wrong labels", () => {
    const coin = drawn(600, 2, (_, noise) => (noise > 0 ? 1 : 0));
    const found = suspectLabels(datasetOf(coin));
    expect(found.verdict).toBe("undecided");
    expect(found.suspects).toEqual([]);
  });

  test("nor do eight rows", () => {
    const few = drawn(8, 2, ([a]) => (a > 0 ? 1 : 0));
    expect(suspectLabels(datasetOf(few)).verdict).toBe("undecided");
  });
});
