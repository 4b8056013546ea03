// A result of the size that a chunk of a sweep has: a record per trial, of 4 networks each, whose
// digits are as hard to compress as those of a training.

export function resultText(chunk: number, trials: number): string {
  const digits = digitsFrom(chunk);
  const run = (trainingSeed: number) => {
    const [loss, accuracy, valLoss, valAccuracy] = [digits(), digits(), digits(), digits()];
    const final = { loss, accuracy, valLoss, valAccuracy };
    return {
      trainingSeed,
      dataSeed: 0,
      state: "complete",
      epochs: 50,
      steps: 1250,
      final,
      best: final,
      bestEpoch: 49,
    };
  };
  const records = Array.from({ length: trials }, (_, i) => ({
    index: chunk * trials + i,
    id: String(digits()).slice(2).padEnd(16, "0"),
    state: "complete",
    value: digits(),
    epochs: 50,
    params: { "train.learningRate": digits(), "train.batchSize": 32 },
    engine: "webgpu",
    adapter: "bench",
    runs: [0, 1, 2, 3].map(run),
  }));
  return JSON.stringify({ records });
}

/** Numbers of 9 digits between 0 and 1; the multiplier is Numerical Recipes' ranqd1. */
function digitsFrom(seed: number): () => number {
  let state = (seed * 2654435761) >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Number((state / 2 ** 32).toPrecision(9));
  };
}
