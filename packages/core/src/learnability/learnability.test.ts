import { describe, expect, test } from "vitest";
import { datasetOf, drawn, fixture } from "../../test/learnability-case.ts";
import { normalAt } from "../shared/random.ts";
import { learnability } from "./learnability.ts";

const coinFlips = (columns: number) =>
  datasetOf({
    source: {
      kind: "numpy",
      features: { rand: [1000, columns] },
      labels: { randint: { low: 0, high: 2, size: 1000 } },
    },
    split: { testSize: 0.2 },
  });

describe("no signal", () => {
  test.each([20, 10])("the article's coin flips over %i columns", (columns) => {
    const found = learnability(coinFlips(columns));
    expect(found.verdict).toBe("no-signal");
    expect(found.p).toBeGreaterThan(0.1);
    expect(Math.abs(found.best.accuracy - found.majority)).toBeLessThan(0.05);
  });

  test("is found in about one of a hundred tables without any", () => {
    const verdicts = Array.from({ length: 30 }, (_, seed) => {
      const table = drawn(120, 3, (_, noise) => (noise > 0 ? 1 : 0), 100 + seed);
      return learnability(datasetOf(table)).verdict;
    });
    expect(verdicts.filter((verdict) => verdict === "signal").length).toBeLessThanOrEqual(2);
  });
});

test("seven rows of a class are too few to say that there is none", () => {
  const verdicts = [7, 8, 9].map((seed) => {
    const table = drawn(120, 3, (_, noise) => Math.floor(1e6 * Math.abs(noise)) % 16, seed);
    return learnability(datasetOf(table)).verdict;
  });
  expect(verdicts).not.toContain("no-signal");
});

describe("signal", () => {
  // Accuracies that anybody reaches with these methods; the second decimal is the folds'.
  test.each([
    ["iris", "class", 0.95],
    ["wine", "class", 0.98],
    ["breast-cancer", "class", 0.97],
    ["pima-diabetes", "diabetes", 0.77],
  ])("%s", (name, target, accuracy) => {
    const found = learnability(datasetOf(fixture(name, target)));
    expect(found.verdict).toBe("signal");
    expect(found.best.accuracy).toBeGreaterThan(accuracy - 0.02);
    expect(found.best.accuracy).toBeLessThan(accuracy + 0.02);
    for (const { accuracy: each, ci95 } of found.baselines) {
      expect(ci95[0]).toBeLessThan(each);
      expect(ci95[1]).toBeGreaterThan(each);
    }
  });

  test("exclusive or with noise, which no column and no line tells", () => {
    const xor = drawn(400, 2, ([a, b], noise) => (a * b + 0.5 * noise > 0 ? 1 : 0));
    const found = learnability(datasetOf(xor));
    expect(found.verdict).toBe("signal");
    const [line, ...others] = found.baselines.map(({ accuracy }) => accuracy);
    expect(line).toBeLessThan(0.65);
    expect(Math.min(...others)).toBeGreaterThan(0.7);
  });

  test("and between columns of noise, where pairs of columns see it", () => {
    const xor = drawn(600, 10, ([a, b], noise) => (a * b + 0.5 * noise > 0 ? 1 : 0));
    const found = learnability(datasetOf(xor));
    expect(found.verdict).toBe("signal");
    expect(found.best.name).toBe("boosted pairs of columns");
  });

  test("circles", () => {
    const ring = drawn(400, 2, ([a, b]) => (a * a + b * b > 1.4 ? 1 : 0));
    expect(learnability(datasetOf(ring)).verdict).toBe("signal");
  });

  test("a class of 3% that no accuracy shows", () => {
    const rare = drawn(1000, 4, ([a, b], noise) => (a + b + noise > 3.2 ? 1 : 0));
    const found = learnability(datasetOf(rare));
    expect(found.best.accuracy - found.majority).toBeLessThan(0.02);
    expect(found.verdict).toBe("signal");
  });
});

describe("rows of one group", () => {
  const GROUPS = 40;
  const groups = Array.from({ length: 400 }, (_, row) => `patient ${row % GROUPS}`);
  /** Three columns that are nearly the same in all rows of a patient. */
  const rows = groups.map((_, row) =>
    [0, 1, 2].map((j) => normalAt(5, j, row % GROUPS) + 0.01 * normalAt(6, j, row)),
  );

  test("tell one another's label, which is no signal", () => {
    const labels = groups.map((_, row) => Number(normalAt(14, 0, row % GROUPS) > 0));
    expect(learnability(datasetOf({ rows, labels })).best.accuracy).toBeGreaterThan(0.95);
    const found = learnability(datasetOf({ rows, labels, groups }));
    expect(found.verdict).not.toBe("signal");
    expect(found.best.accuracy).toBeLessThan(0.75);
  });

  test("tell what holds for other groups too", () => {
    const labels = rows.map(([a, b]) => Number(a + b > 0));
    expect(learnability(datasetOf({ rows, labels, groups })).verdict).toBe("signal");
  });
});

describe("too few rows to tell", () => {
  test("eight rows that a line separates", () => {
    const rows = [1, 2, 3, 4, 5, 6, 7, 8].map((x) => [x, 10 - x]);
    const found = learnability(datasetOf({ rows, labels: [0, 0, 0, 0, 1, 1, 1, 1] }));
    expect(found.verdict).toBe("undecided");
    expect(found.p).toBeNull();
  });

  test("two rows", () => {
    const two = { rows: [[1], [2]], labels: [0, 1] };
    expect(learnability(datasetOf(two)).verdict).toBe("undecided");
  });
});

test("neither scale nor missing cells matter, and equal tables give equal reports", () => {
  const table = fixture("wine", "class");
  const scaled = { ...table, rows: table.rows.map((row) => row.map((x) => 1000 * Number(x) + 7)) };
  const found = learnability(datasetOf(table));
  expect(learnability(datasetOf(table))).toEqual(found);
  expect(learnability(datasetOf(scaled)).best.accuracy).toBeCloseTo(found.best.accuracy, 1);
  const holes = {
    ...table,
    rows: table.rows.map((row, i) => row.map((x, j) => ((i + j) % 9 ? x : null))),
  };
  expect(learnability(datasetOf(holes)).best.accuracy).toBeGreaterThan(0.9);
});

test("a constant column, and more columns than rows, are no obstacle", () => {
  const wide = drawn(80, 400, ([a], noise) => (4 * a + noise > 0 ? 1 : 0));
  expect(learnability(datasetOf(wide)).best.accuracy).toBeGreaterThan(0.4);
  const constant = drawn(200, 2, ([a]) => (a > 0 ? 1 : 0));
  const rows = constant.rows.map((row) => [...row, 5]);
  expect(learnability(datasetOf({ ...constant, rows })).verdict).toBe("signal");
});
