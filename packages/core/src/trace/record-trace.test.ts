import { expect, test } from "vitest";
import { compile, loadDatasets } from "../compile/compile.ts";
import { parseSpec } from "../spec/parse-spec.ts";
import { PROBES } from "../spec/probe-names.ts";
import { TraceRecorder } from "./record-trace.ts";
import { unmeasuredProbes } from "./signals.ts";

function recorder(probes?: "all") {
  const spec = parseSpec({
    name: "recorded",
    data: { source: { kind: "inline", rows: [[0], [1]], labels: [0, 1] } },
    model: { layers: [{ units: 1, activation: "sigmoid" }] },
    train: { loss: "binaryCrossentropy", epochs: 3 },
    seeds: { training: 1 },
    ...(probes === undefined ? {} : { probes }),
  });
  const datasets = loadDatasets(spec);
  const engine = { name: "tfjs", adapter: "none", reason: "a test", versions: {} } as const;
  return new TraceRecorder(spec, compile(spec, datasets), [...datasets.values()], engine);
}

const FINISHED = { kind: "finished", run: 0, status: "complete", steps: 3 } as const;

test("pieces of columns are joined, and one that is told twice counts once", () => {
  const record = recorder("all");
  const piece = (firstProbe: number, ...values: number[]) =>
    record.add({
      kind: "probes",
      run: 0,
      firstProbe,
      layers: [{ weightNorm: Float32Array.from(values) }],
    });
  piece(0, 1, 2);
  piece(1, 2, 3);
  record.add({ kind: "epochs", run: 0, firstEpoch: 0, signals: { loss: Float32Array.of(4) } });
  record.add({ kind: "epochs", run: 0, firstEpoch: 1, signals: { loss: Float32Array.of(5, 6) } });
  const counts = Uint32Array.of(1, 0, 0, 1);
  const confusion = { signal: "confusion", epoch: 2, classes: 2, counts } as const;
  for (let i = 0; i < 2; i++) record.add({ kind: "confusion", run: 0, confusion });
  record.add({ ...FINISHED, firstNonFinite: null });
  const { signals, probes } = record.run(0);
  expect(signals).toEqual({ loss: Float32Array.of(4, 5, 6) });
  expect(probes?.layers).toEqual([{ weightNorm: Float32Array.of(1, 2, 3) }]);
  expect(probes?.confusions).toEqual([confusion]);
  expect(probes?.firstNonFinite).toBeNull();
});

test("an engine that passes over what was asked for leaves all of it unmeasured", () => {
  const record = recorder("all");
  record.add({ kind: "epochs", run: 0, firstEpoch: 0, signals: { loss: Float32Array.of(4) } });
  record.add(FINISHED);
  expect(record.run(0).probes).toMatchObject({ asked: PROBES, layers: [], confusions: [] });
  expect(unmeasuredProbes(record.finish())).toEqual(PROBES);
});

test("nobody asked: the run has no probes at all", () => {
  const record = recorder();
  record.add(FINISHED);
  expect(record.run(0)).not.toHaveProperty("probes");
});
