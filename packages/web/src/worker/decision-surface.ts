// What networks answer over the plane, where the data have two features: one network of each
// variant, the first training seed's. Engines on a device tell no weights, so it is trained once more
// on the cpu engine, which costs one run.

import {
  type Dataset,
  type Engine,
  type Plan,
  selectRuns,
  trainedWeights,
} from "@convergence-lab/core";
import { predict } from "@convergence-lab/core/reference";
import type { Surface } from "../messages.ts";

/** Cells along each side: finer than the eye asks of a plot of some hundred pixels. */
const SIZE = 72;
/** How far the picture reaches beyond the outermost rows, as a share of their range. */
const MARGIN = 0.08;
/** More rows would only cover each other. */
const MOST_POINTS = 600;

export async function decisionSurfaces(
  plan: Plan,
  datasets: readonly Dataset[],
  engine: Engine,
): Promise<Surface[]> {
  const names = [...new Set(plan.runs.map(({ variant }) => variant))];
  const firsts = names.map((name) => plan.runs.find(({ variant }) => variant === name)!);
  const shown = firsts.filter(
    ({ bucket }) => plan.buckets[bucket].network.inputs === 2 && isDense(plan, bucket),
  );
  if (shown.length === 0) return [];
  const one = selectRuns(
    plan,
    shown.map(({ index }) => index),
  );
  const trained = await trainedWeights(engine, one, datasets);
  return shown.flatMap((run) => {
    const parameters = trained.get(run.index)?.parameters;
    if (parameters === undefined || !parameters.every(Number.isFinite)) return [];
    const { network } = plan.buckets[run.bucket];
    const answer = (x: Float32Array) => predict({ network, hyper: run.hyper }, parameters, x);
    const units = network.layers.at(-1)!.units;
    return [surfaceOf(run.variant, datasets[run.dataset], answer, units)];
  });
}

function isDense(plan: Plan, bucket: number): boolean {
  return plan.buckets[bucket].network.layers.every(({ transform }) => transform === undefined);
}

function surfaceOf(
  variant: string,
  { train, columns, classes }: Dataset,
  answer: (x: Float32Array) => Float32Array,
  units: number,
): Surface {
  const [x, y] = [0, 1].map((column) => rangeOf(train.x, column));
  const grid = new Float32Array(2 * SIZE * SIZE);
  for (let i = 0; i < SIZE * SIZE; i++) {
    grid[2 * i] = x[0] + ((x[1] - x[0]) * ((i % SIZE) + 0.5)) / SIZE;
    grid[2 * i + 1] = y[0] + ((y[1] - y[0]) * (Math.floor(i / SIZE) + 0.5)) / SIZE;
  }
  const over = answersOf(answer(grid), units);
  const own = answersOf(answer(train.x), units);
  const right = own.classOf.reduce((sum, k, row) => sum + (k === train.y[row] ? 1 : 0), 0);
  const every = Math.ceil(train.rows / MOST_POINTS);
  const points: number[] = [];
  for (let row = 0; row < train.rows; row += every) {
    points.push(train.x[2 * row], train.x[2 * row + 1], train.y[row]);
  }
  return {
    variant,
    columns: [columns[0].name, columns[1].name],
    x,
    y,
    size: SIZE,
    ...over,
    classes,
    points: Float32Array.from(points),
    accuracy: right / train.rows,
  };
}

/** One output is the probability of class 1; of several the largest counts. */
function answersOf(outputs: Float32Array, units: number) {
  const rows = outputs.length / units;
  const classOf = new Uint8Array(rows);
  const sureness = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    const own = outputs.subarray(row * units, (row + 1) * units);
    if (units === 1) {
      classOf[row] = own[0] > 0.5 ? 1 : 0;
      sureness[row] = Math.min(1, Math.abs(2 * own[0] - 1));
      continue;
    }
    const best = own.indexOf(Math.max(...own));
    const second = Math.max(...own.filter((_, k) => k !== best));
    classOf[row] = best;
    sureness[row] = Math.min(1, own[best] - second);
  }
  return { classOf, sureness };
}

function rangeOf(x: Float32Array, column: number): [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = column; i < x.length; i += 2) {
    if (!Number.isFinite(x[i])) continue;
    low = Math.min(low, x[i]);
    high = Math.max(high, x[i]);
  }
  if (!(low < high)) return [low - 1, low + 1];
  const margin = MARGIN * (high - low);
  return [low - margin, high + margin];
}
