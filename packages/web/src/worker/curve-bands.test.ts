import { compile, loadDatasets, makeReport, parseSpec, TraceRecorder } from "@convergence-lab/core";
import { createSimdEngine } from "@convergence-lab/core/simd";
import { expect, test } from "vitest";
import { buffersOf, CurveBands } from "./curve-bands.ts";

const spec = parseSpec({
  name: "live",
  data: {
    source: {
      kind: "numpy",
      features: { rand: [60, 3] },
      labels: { randint: { low: 0, high: 2, size: 60 } },
    },
    split: { testSize: 0.25 },
  },
  model: {
    layers: [
      { units: 4, activation: "relu" },
      { units: 1, activation: "sigmoid" },
    ],
  },
  train: { loss: "binaryCrossentropy", epochs: 6 },
  seeds: { training: 5, data: 3 },
  variants: { slow: { train: { learningRate: 1e-4 } }, usual: {} },
  probes: ["gradientNorm", "deadShare"],
});

test("at the end the curves are those of the report", async () => {
  const datasets = loadDatasets(spec);
  const plan = compile(spec, datasets);
  const engine = createSimdEngine({ reason: "test" });
  const recorder = new TraceRecorder(spec, plan, [...datasets.values()], engine.info);
  const live = new CurveBands(plan);
  expect(live.variants().map(({ runs }) => runs)).toEqual([0, 0]);
  for await (const event of engine.train(plan, [...datasets.values()])) {
    recorder.add(event);
    live.add(event);
  }
  const report = makeReport(recorder.finish(), []);
  const variants = live.variants();
  expect(variants.map(({ name, runs }) => [name, runs])).toEqual([
    ["slow", 5],
    ["usual", 5],
  ]);
  for (const { name, metrics, gradientNorm } of variants) {
    const { curves, gradients } = report.variants[name];
    expect(Object.keys(metrics)).toEqual(["loss", "accuracy", "valLoss", "valAccuracy"]);
    expect([...metrics.valLoss!.median]).toEqual([
      ...Float32Array.from(curves.valLoss!.median as number[]),
    ]);
    expect([...gradientNorm[0]!.high]).toEqual([
      ...Float32Array.from(gradients!.layers[0].high as number[]),
    ]);
  }
  // 4 metrics and 2 signals of 2 layers, 3 columns each, in 2 variants.
  expect(buffersOf(variants)).toHaveLength(2 * 3 * 8);
});
