// How often labels are called wrong: tables of eighteen rules, drawn eight times each at three sizes,
// with the labels that the rule gives and with a fifth of them replaced. The first are false alarms.
//
//   npx tsx --conditions=source packages/core/bench/suspect-labels.bench.ts

import { suspectLabels } from "../src/learnability/suspect-labels.ts";
import { datasetOf, drawn, flipped } from "../test/learnability-case.ts";

type Rule = readonly [
  name: string,
  columns: number,
  label: (row: readonly number[], noise: number) => boolean,
];

const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
const squares = (values: readonly number[]) => sum(values.map((x) => x * x));

const RULES: readonly Rule[] = [
  ["a line", 2, ([a, b]) => a + b > 0],
  ["a line in 10 columns", 10, (row) => sum(row) > 0],
  ["a line, 18 columns of noise", 20, ([a, b]) => a + b > 0],
  ["a line with overlap", 3, ([a, b], noise) => a + b + noise > 0],
  ["a line with overlap in 5 columns", 5, (row, noise) => sum(row) + 1.34 * noise > 0],
  ["a line with overlap in 8 columns", 8, (row, noise) => sum(row) + 1.7 * noise > 0],
  ["a line with much overlap in 8 columns", 8, (row, noise) => sum(row) + 2.83 * noise > 0],
  ["a corner", 2, ([a, b]) => a > 0.5 || b > 0],
  ["a disc", 2, (row) => squares(row) > 1.4],
  ["a ball", 3, (row) => squares(row) > 2.4],
  ["a ball in 5 columns", 5, (row) => squares(row) > 4.3],
  ["a band", 4, ([a]) => Math.abs(a) > 0.67],
  ["exclusive or", 2, ([a, b]) => a * b > 0],
  ["exclusive or, 6 columns of noise", 8, ([a, b]) => a * b > 0],
  ["exclusive or with overlap", 2, ([a, b], noise) => a * b + 0.5 * noise > 0],
  ["parity of three signs", 3, ([a, b, c]) => a * b * c > 0],
  ["stripes", 2, ([a]) => Math.sin(3 * a) > 0],
  ["a checkerboard", 2, ([a, b]) => Math.sin(3 * a) * Math.sin(3 * b) > 0],
];

const SIZES = [120, 250, 600] as const;
const DRAWS = 8;
const WRONG = 0.2;

console.log(`| rule | ${SIZES.map((rows) => `${rows} rows`).join(" | ")} |`);
console.log(`| --- | ${SIZES.map(() => "---").join(" | ")} |`);
const totals = SIZES.map(() => [0, 0]);
for (const [name, columns, label] of RULES) {
  const cells = SIZES.map((rows, i) => {
    const counts = [0, WRONG].map(
      (share) =>
        Array.from({ length: DRAWS }, (_, seed) => {
          const table = drawn(rows, columns, (row, noise) => Number(label(row, noise)), 500 + seed);
          const given = share === 0 ? table : flipped(table, share);
          return suspectLabels(datasetOf(given)).verdict;
        }).filter((verdict) => verdict === "noisy").length,
    );
    counts.forEach((count, k) => {
      totals[i][k] += count;
    });
    return `${counts[0]} / ${counts[1]}`;
  });
  console.log(`| ${name} | ${cells.join(" | ")} |`);
}
const all = RULES.length * DRAWS;
console.log(
  `| of ${all} right / of ${all} wrong | ${totals.map(([a, b]) => `${a} / ${b}`).join(" | ")} |`,
);
