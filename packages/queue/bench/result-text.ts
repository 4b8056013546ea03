// A result of the size that a chunk of a sweep has: a record per trial, of 4 networks each, and its
// curve, whose digits are as hard to compress as those of a training.

/** All but the number is made once, so that a bench of the queue spends no time on it. */
export function resultText(chunk: number, trials: number): string {
  made ??= `"records":${JSON.stringify(recordsOf(trials))},"curves":${JSON.stringify(curvesOf(trials))}`;
  return `{"id":"bench-${chunk}",${made}}`;
}

let made: string | undefined;

const EPOCHS = 50;

function curvesOf(trials: number): object[] {
  const digits = digitsFrom(2);
  const column = () => Array.from({ length: EPOCHS }, () => Number(digits().toPrecision(4)));
  return Array.from({ length: trials }, (_, index) => ({
    index,
    id: String(digits()).slice(2).padEnd(16, "0"),
    epochs: Array.from({ length: EPOCHS }, (_, i) => i + 1),
    medians: { loss: column(), accuracy: column(), valLoss: column(), valAccuracy: column() },
  }));
}

function recordsOf(trials: number): object[] {
  const digits = digitsFrom(1);
  const run = (trainingSeed: number) => {
    const [loss, accuracy, valLoss, valAccuracy] = [digits(), digits(), digits(), digits()];
    const final = { loss, accuracy, valLoss, valAccuracy };
    return {
      ...{ trainingSeed, dataSeed: 0, state: "complete", epochs: EPOCHS, steps: 1250 },
      ...{ final, best: final, bestEpoch: EPOCHS - 1 },
    };
  };
  return Array.from({ length: trials }, (_, index) => ({
    index,
    id: String(digits()).slice(2).padEnd(16, "0"),
    state: "complete",
    value: digits(),
    epochs: EPOCHS,
    params: { "train.learningRate": digits(), "train.batchSize": 32 },
    engine: "webgpu",
    adapter: "bench",
    runs: [0, 1, 2, 3].map(run),
  }));
}

/** Numbers of 9 digits between 0 and 1; the multiplier is Numerical Recipes' ranqd1. */
function digitsFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Number((state / 2 ** 32).toPrecision(9));
  };
}
