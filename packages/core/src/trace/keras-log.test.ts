import { describe, expect, test } from "vitest";
import { diagnose } from "../diagnose/diagnose.ts";
import { parseKerasLog } from "./keras-log.ts";
import { traceOfLog } from "./trace-of-log.ts";

describe("the forms of Keras's progress", () => {
  test("Keras 3: a bar that is drawn over again, with colours", () => {
    const bar =
      "\u001b[1m32/32\u001b[0m \u001b[32m━━━━━━━━━━━━━━━━━━━━\u001b[0m\u001b[37m\u001b[0m";
    const log = `Epoch 1/2
\u001b[1m 1/32\u001b[0m \u001b[37m━━━━\u001b[0m \u001b[1m9s\u001b[0m 312ms/step - accuracy: 0.3750 - loss: 0.9\r${bar} \u001b[1m1s\u001b[0m 9ms/step - accuracy: 0.4980 - loss: 0.7105 - val_accuracy: 0.5200 - val_loss: 0.6950
Epoch 2/2
${bar} \u001b[1m0s\u001b[0m 2ms/step - accuracy: 0.5105 - loss: 6.9e-01 - val_accuracy: 0.5100 - val_loss: 0.6940
`;
    expect(parseKerasLog(log)).toEqual([
      {
        curves: {
          loss: [0.7105, 0.69],
          accuracy: [0.498, 0.5105],
          valLoss: [0.695, 0.694],
          valAccuracy: [0.52, 0.51],
        },
        epochs: [1, 2],
        planned: 2,
        stepsPerEpoch: 32,
      },
    ]);
  });

  test("Keras 2: backspaces, an ETA, a callback's line, and the end cut off", () => {
    const back = "\u0008".repeat(20);
    const log = `Train on 800 samples, validate on 200 samples
Epoch 1/50
 1/25 [>.............................] - ETA: 6s - loss: 0.8${back}25/25 [==============================] - 1s 8ms/step - loss: 0.7001 - accuracy: 0.5012 - val_loss: 0.6932 - val_accuracy: 0.5
Epoch 00001: val_loss improved from inf to 0.69320, saving model to m.h5
Epoch 2/50
25/25 [==============================] - 0s 2ms/step - loss: nan - accuracy: 0.5 - val_loss: nan - val_accuracy: 0.5
Epoch 3/50
 3/25 [==>...........................] - ETA: 0s - loss: nan - accuracy: 0.4`;
    const [run] = parseKerasLog(log);
    expect(run.epochs).toEqual([1, 2]);
    expect(run.planned).toBe(50);
    expect(run.curves.loss).toEqual([0.7001, Number.NaN]);
  });

  test("verbose 2, old names, and two calls of fit", () => {
    const fit = (loss: number) => `Epoch 1/2
25/25 - 1s - loss: ${loss} - acc: 0.5
Epoch 2/2
25/25 - 0s - loss: ${loss / 2} - acc: 0.75
`;
    const runs = parseKerasLog(fit(1) + fit(3));
    expect(runs.map(({ curves }) => curves)).toEqual([
      { loss: [1, 0.5], accuracy: [0.5, 0.75] },
      { loss: [3, 1.5], accuracy: [0.5, 0.75] },
    ]);
  });

  test("text without progress has no runs", () => {
    expect(parseKerasLog("loss: 0.5\nEpoch of wonders\n")).toEqual([]);
    expect(parseKerasLog("")).toEqual([]);
  });
});

describe("the checks that need only curves judge a log", () => {
  function logOf(losses: readonly number[], more: (i: number) => string = () => ""): string {
    const epochs = losses.map(
      (loss, i) =>
        `Epoch ${i + 1}/${losses.length}\n25/25 - 0s - loss: ${loss} - accuracy: 0.5${more(i)}\n`,
    );
    return epochs.join("");
  }

  function idsOf(log: string, classCounts: readonly number[] = [1, 1]): string[] {
    const trace = traceOfLog(parseKerasLog(log), { name: "keras.txt", classCounts });
    return diagnose(trace).findings.map(({ id }) => id);
  }

  test("a loss that stays at ln 2 is at the constant predictor's", () => {
    const flat = Array.from({ length: 30 }, (_, i) => Math.LN2 + 0.0002 * Math.sin(7 * i));
    expect(idsOf(logOf(flat))).toEqual(["plateau-at-constant"]);
    // With 10 classes the same number is far below what a constant can reach.
    expect(idsOf(logOf(flat), Array(10).fill(1))).toEqual([]);
  });

  test("nan is a loss that diverges", () => {
    expect(
      idsOf(`${logOf([0.7, 0.9])}Epoch 3/3\n25/25 - 0s - loss: nan - accuracy: 0.5\n`),
    ).toEqual(["loss-diverges"]);
  });

  test("a validation loss that turns is overfitting, and a good curve is nothing", () => {
    const falling = Array.from({ length: 40 }, (_, i) => 0.69 * Math.exp(-i / 6));
    const turning = (i: number) => ` - val_loss: ${Math.max(0.5, 0.69 - 0.03 * i) + 0.03 * i}`;
    expect(idsOf(logOf(falling, turning))).toEqual(["overfitting"]);
    expect(idsOf(logOf(falling, (i) => ` - val_loss: ${0.69 * Math.exp(-i / 6) + 0.02}`))).toEqual(
      [],
    );
  });

  test("what needs more than curves is named as not measured", () => {
    const trace = traceOfLog(parseKerasLog(logOf([0.7, 0.6])), { name: "x", classCounts: [1, 1] });
    expect(diagnose(trace).notMeasured.map(({ check }) => check)).toContain("dead-units");
  });
});
