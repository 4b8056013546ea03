// Which labels look wrong? A row whose surroundings agree on another class, far from where classes
// meet. Where classes overlap rows disagree too, but only there: with the distance from the border
// such disagreement goes to 0, while wrong labels are as many deep inside a class as at its edge.
// That is what tells the two apart, and what the rate of noise is measured by.

import type { Dataset } from "../dataset/dataset.ts";
import { type Interval, mean, median, wilsonInterval } from "../shared/statistics.ts";
import { type Answer, answersAbout } from "./answers.ts";
import { argMax } from "./arg-max.ts";
import { neighbourCount, neighbours } from "./baselines/nearest-neighbours.ts";
import { type FeatureTable, largestShare } from "./feature-table.ts";

export interface SuspectLabels {
  /**
   * noisy: deep inside the classes more labels are wrong than overlap explains. clean: they are not.
   * undecided: too few rows, or neighbours do not tell the classes.
   */
  readonly verdict: "noisy" | "clean" | "undecided";
  /** Share of labels deep inside the classes that their surroundings contradict. */
  readonly rate: number;
  readonly ci95: Interval;
  /** Rows that the rate was measured on. */
  readonly deepRows: number;
  /** The likeliest first. */
  readonly suspects: readonly SuspectLabel[];
}

export interface SuspectLabel {
  /** Place in the training part, from 0. */
  readonly row: number;
  /** Class indices: as written, and what the surroundings say. */
  readonly given: number;
  readonly likely: number;
  /** Distance to the nearest row of another likely class, in units of a usual neighbourhood's size. */
  readonly depth: number;
}

/** Of all rows, those farthest from where classes meet. */
const DEEP_SHARE = 0.25;
/** Fewer deep rows would make an interval of more than a quarter. */
const MIN_DEEP_ROWS = 20;
/** Contradicted labels deep inside that need no explanation. */
const OVERLAP_RATE = 0.03;
/**
 * The rate deep inside over that of all rows whose neighbours disagree. Noise is everywhere alike and
 * comes to 0.5 to 1; overlap alone comes to 0.15 to 0.35 as a rule.
 */
const MIN_FLATNESS = 0.5;
/** Neighbours that still lie in the same corner, where there is one. */
const CLOSEST = 3;
/** With less, the row's own neighbourhood lies on the border. */
const MIN_DEPTH = 1;

export function suspectLabels(dataset: Dataset): SuspectLabels {
  const { table, best } = answersAbout(dataset);
  const { rows, labels, classes, rowOf } = table;
  const k = neighbourCount(rows);
  const all = Int32Array.from({ length: rows }, (_, row) => row);
  const near = neighbours(table, all, all, k);
  const told = majorities(near, k, labels, classes);
  // Two rounds: the second asks the neighbours what their surroundings say, and no label twice.
  const likely = majorities(near, k, told, classes);
  const depth = depths(table, likely, near, k);
  // Neighbours may be misled where another method is not: by outliers, or by columns of noise.
  const isContradicted = (row: number) =>
    likely[row] !== labels[row] && best.labels[row] === likely[row];
  const deepest = [...all].sort((a, b) => depth[b] - depth[a]);
  const deep = deepest.slice(0, Math.ceil(DEEP_SHARE * rows));
  const contradicted = deep.filter(isContradicted);
  const wrong = contradicted.length;
  const rate = deep.length === 0 ? 0 : wrong / deep.length;
  const ci95 = wilsonInterval(wrong, deep.length);
  const right = labels.filter((label, row) => told[row] === label).length;
  const isKnown =
    deep.length >= MIN_DEEP_ROWS && wilsonInterval(right, rows)[0] > largestShare(table);
  const everywhere = (rows - right) / rows;
  const isNoise =
    rate >= MIN_FLATNESS * everywhere &&
    helpsToAskMore(near, k, told, labels) &&
    isWrongWhereSure(best, table) &&
    sharedLabels(contradicted, near, k, labels) <=
      rate + 2 * Math.sqrt((rate * (1 - rate)) / wrong);
  return {
    verdict: !isKnown
      ? "undecided"
      : ci95[0] <= OVERLAP_RATE
        ? "clean"
        : isNoise
          ? "noisy"
          : "undecided",
    rate,
    ci95,
    deepRows: deep.length,
    suspects: deepest
      .filter((row) => isKnown && depth[row] > MIN_DEPTH && isContradicted(row))
      .map((row) => ({
        row: rowOf[row],
        given: labels[row],
        likely: likely[row],
        depth: depth[row],
      })),
  };
}

/**
 * Whether all neighbours together are right where the closest one is wrong more often than the
 * reverse: so it is with noise, which many neighbours average away. A rule that is finer than the
 * neighbourhoods is told by the closest alone.
 */
function helpsToAskMore(
  near: Int32Array,
  k: number,
  told: Int32Array,
  labels: Int32Array,
): boolean {
  const isRight = (row: number) => labels[near[row * k]] === labels[row];
  const won = labels.filter((label, row) => told[row] === label && !isRight(row)).length;
  const lost = labels.filter((label, row) => told[row] !== label && isRight(row)).length;
  return won > lost;
}

/**
 * How often the closest neighbours of contradicted rows have the very label that is contradicted.
 * Wrong labels are scattered, so that it is as often as any row there has one; a corner of a class
 * that is finer than its surroundings is asked lies together.
 */
function sharedLabels(
  contradicted: readonly number[],
  near: Int32Array,
  k: number,
  labels: Int32Array,
): number {
  const closest = Math.min(CLOSEST, k);
  const shared = contradicted.flatMap((row) =>
    Array.from({ length: closest }, (_, i) => (labels[near[row * k + i]] === labels[row] ? 1 : 0)),
  );
  return mean(shared);
}

/**
 * Whether the best method is wrong about as often where it is surest as it is over all rows. Among
 * many columns neighbours hardly tell how deep a row lies; a method that knows the border does, and an
 * overlap comes to nothing where it is sure.
 */
function isWrongWhereSure(
  { scores, labels: told }: Answer,
  { rows, classes, labels }: FeatureTable,
): boolean {
  const lead = Float64Array.from({ length: rows }, (_, row) => {
    const [first, second] = scores
      .slice(row * classes, (row + 1) * classes)
      .sort()
      .reverse();
    return first - second;
  });
  const order = Array.from(lead.keys()).sort((a, b) => lead[b] - lead[a]);
  const wrongShare = (among: readonly number[]) =>
    among.filter((row) => told[row] !== labels[row]).length / among.length;
  const surest = order.slice(0, Math.ceil(DEEP_SHARE * rows));
  return wrongShare(surest) >= MIN_FLATNESS * wrongShare(order);
}

/** What most of each row's neighbours are; itself has no say. */
function majorities(near: Int32Array, k: number, labels: Int32Array, classes: number): Int32Array {
  return Int32Array.from({ length: near.length / k }, (_, row) => {
    const votes = new Float64Array(classes);
    for (let i = 0; i < k; i++) votes[labels[near[row * k + i]]]++;
    return argMax(votes, 0, classes);
  });
}

/** Distance to the nearest row of another likely class, in units of a usual neighbourhood's size. */
function depths(
  { x, columns, rows }: FeatureTable,
  likely: Int32Array,
  near: Int32Array,
  k: number,
): Float64Array {
  const distance = (a: number, b: number) => {
    let sum = 0;
    for (let j = 0; j < columns; j++) sum += (x[a * columns + j] - x[b * columns + j]) ** 2;
    return Math.sqrt(sum);
  };
  const sizes = Array.from({ length: rows }, (_, row) => distance(row, near[row * k + k - 1]));
  const usual = Math.max(median(sizes), Number.MIN_VALUE);
  return Float64Array.from({ length: rows }, (_, row) => {
    let nearest = Number.POSITIVE_INFINITY;
    for (let i = 0; i < rows; i++) {
      if (likely[i] !== likely[row]) nearest = Math.min(nearest, distance(row, i));
    }
    return nearest / usual;
  });
}
