// Training steps of an engine that has no kernels to show, timed from outside: what `train` takes.

import type {
  BenchmarkEvent,
  BenchmarkOperation,
  BenchmarkRow,
  BenchmarkSettings,
} from "../engine/benchmark.ts";
import type { Engine } from "../engine/engine.ts";
import { createReferenceEngine } from "../engine/reference/reference-engine.ts";
import { median } from "../shared/statistics.ts";
import {
  BATCHES_PER_EPOCH,
  BENCHMARK_SEED,
  isWanted,
  STEP_BATCH,
  STEP_NETWORKS,
  STEP_SHAPES,
  stepCase,
} from "./step-case.ts";

const ROUNDS = { full: 5, quick: 3 };
/** A training from its start to its end, in which the start should not count. */
const BLOCK_MS = { least: 50, wanted: 200 };

/** Losses of the first epoch against the reference: the self-check's tolerance. */
const TOLERANCE = 1e-4;

/** @param now Milliseconds of a clock that does not go back. */
export async function* measureSteps(
  engine: Engine,
  settings: BenchmarkSettings,
  now: () => number,
): AsyncGenerator<BenchmarkEvent, void> {
  const amount = settings.quick ? "quick" : "full";
  const operations = STEP_SHAPES.flatMap((shape) =>
    STEP_NETWORKS[amount].map((networks): BenchmarkOperation => {
      return { kind: "cpu-step", shape, networks, batch: STEP_BATCH };
    }),
  ).filter((operation) => isWanted(operation, settings));
  const timed: TimedTraining[] = [];
  const wrong = new Map<BenchmarkOperation, BenchmarkRow>();
  for (const [done, operation] of operations.entries()) {
    const what = `training steps of ${operation.shape} x${operation.networks}`;
    yield { kind: "measuring", what, done, of: operations.length + 1 };
    const { error, isRight } = await compareFirstEpoch(engine, operation);
    const says = `losses of ${BATCHES_PER_EPOCH} steps are ${error.toExponential(1)} off the reference's.`;
    const { counts } = stepCase(operation.shape, operation.networks, 1);
    if (!isRight) wrong.set(operation, { ...operation, ...counts, status: "wrong", says });
    else
      timed.push({
        operation,
        counts,
        says,
        ...(await findEpochs(engine, operation, now)),
        seconds: [],
      });
  }
  yield {
    kind: "measuring",
    what: "rounds in turn",
    done: operations.length,
    of: operations.length + 1,
  };
  for (let round = 0; round < ROUNDS[amount]; round++) {
    for (const { operation, epochs, seconds } of timed) {
      const ms = await milliseconds(engine, operation, epochs, now);
      seconds.push(ms / 1000 / (epochs * BATCHES_PER_EPOCH));
    }
  }
  const rows = operations.map((operation): BenchmarkRow => {
    const training = timed.find((each) => each.operation === operation);
    return training === undefined ? wrong.get(operation)! : rowOf(training, engine.info.adapter);
  });
  yield {
    kind: "measurement",
    measurement: {
      engine: engine.info,
      device: null,
      rounds: ROUNDS[amount],
      seed: BENCHMARK_SEED,
      peak: null,
      bandwidth: null,
      rows,
    },
  };
}

interface TimedTraining {
  readonly operation: BenchmarkOperation;
  readonly counts: ReturnType<typeof stepCase>["counts"];
  readonly says: string;
  readonly epochs: number;
  /** Of one step of all networks, round by round. */
  readonly seconds: number[];
}

function rowOf(
  { operation, counts, says, epochs, seconds }: TimedTraining,
  tier: string,
): BenchmarkRow {
  return {
    ...operation,
    ...counts,
    status: "measured",
    tier,
    workgroups: null,
    launches: null,
    seconds: median(seconds),
    fastest: Math.min(...seconds),
    slowest: Math.max(...seconds),
    repetitions: epochs * BATCHES_PER_EPOCH,
    says,
  };
}

async function milliseconds(
  engine: Engine,
  { shape, networks }: BenchmarkOperation,
  epochs: number,
  now: () => number,
): Promise<number> {
  const { plan, datasets } = stepCase(shape, networks, epochs);
  const start = now();
  for await (const _ of engine.train(plan, datasets));
  return now() - start;
}

async function findEpochs(
  engine: Engine,
  operation: BenchmarkOperation,
  now: () => number,
): Promise<{ epochs: number }> {
  for (let epochs = 1; ; ) {
    const ms = await milliseconds(engine, operation, epochs, now);
    if (ms >= BLOCK_MS.least) return { epochs };
    epochs = Math.min(8 * epochs, Math.ceil((epochs * BLOCK_MS.wanted) / ms));
  }
}

async function compareFirstEpoch(engine: Engine, { shape, networks }: BenchmarkOperation) {
  const { plan, datasets } = stepCase(shape, networks, 1);
  const lossesOf = async (by: Engine, runs: readonly number[]) => {
    const [bucket] = plan.buckets;
    const losses = new Map<number, number>();
    for await (const event of by.train({ ...plan, buckets: [{ ...bucket, runs }] }, datasets)) {
      if (event.kind === "epochs") losses.set(event.run, event.signals.loss![0]);
    }
    return losses;
  };
  const compared = [...new Set([0, networks - 1])];
  const reference = createReferenceEngine({ precision: "float64", reason: "benchmark" });
  const [actual, expected] = [
    await lossesOf(engine, plan.buckets[0].runs),
    await lossesOf(reference, compared),
  ];
  const error = Math.max(
    ...compared.map((run) => Math.abs(actual.get(run)! / expected.get(run)! - 1)),
  );
  return { error, isRight: error <= TOLERANCE };
}
