import { expect, test } from "vitest";
import { specSchema } from "../spec/spec.ts";
import { eventsOfRun } from "./events-of-run.ts";
import { assembleTrace, decodeCurves, encodeCurves, trialLine } from "./saved-trace.ts";
import type { TraceRun } from "./trace.ts";

const SPEC = specSchema.parse({
  name: "saved",
  data: { source: { kind: "inline", rows: [[1]], labels: [0] } },
  model: { layers: [{ units: 1, activation: "sigmoid" }] },
  train: { loss: "binaryCrossentropy", epochs: 2 },
});

const ENVIRONMENT = {
  version: 1,
  engine: { name: "cpu", adapter: "none", reason: "a test", versions: {} },
  variants: [],
} as const;

function run(id: string, loss: number[], valLoss?: number[]): TraceRun {
  return {
    id,
    variant: "wide",
    trainingSeed: 1,
    dataSeed: 0,
    status: "complete",
    steps: 10,
    chance: { loss: 0.69, accuracy: 0.5 },
    signals: {
      loss: Float32Array.from(loss),
      ...(valLoss ? { valLoss: Float32Array.from(valLoss) } : {}),
    },
  };
}

test("curves come back bit for bit, NaN and infinity too", () => {
  const runs = [run("a1", [0.1, Number.NaN], [Number.POSITIVE_INFINITY]), run("b2", [])];
  const decoded = decodeCurves(encodeCurves(runs));
  expect(decoded.get("a1")?.signals).toEqual(runs[0].signals);
  expect(decoded.get("b2")?.signals).toEqual(runs[1].signals);
});

test("a probed run comes back from its line and its columns, and from its events", () => {
  const probed: TraceRun = {
    ...run("a1", [0.5, 0.25]),
    probes: {
      asked: ["gradientNorm", "confusion", "firstNonFinite"],
      everySteps: 3,
      layers: [
        { gradientNorm: Float32Array.of(1, Number.NaN), deadShare: Float32Array.of(0, 1) },
        { gradientNorm: Float32Array.of(3, 4) },
      ],
      confusions: [
        { signal: "confusion", epoch: 1, classes: 2, counts: Uint32Array.of(1, 2, 3, 4) },
      ],
      firstNonFinite: { step: 4, tensor: "gradients", layer: 0 },
    },
  };
  const trial = JSON.parse(trialLine(probed, "0000"));
  const environment = { ...ENVIRONMENT, runs: ["a1"] };
  const trace = assembleTrace(SPEC, environment, [trial], decodeCurves(encodeCurves([probed])));
  expect(trace.runs).toEqual([probed]);
  const events = [...eventsOfRun(7, probed)];
  expect(events.map(({ kind }) => kind)).toEqual(["epochs", "probes", "confusion", "finished"]);
  expect(events.at(-1)).toMatchObject({ run: 7, firstNonFinite: { step: 4 } });
});

test("a curves file that was cut off is refused, not read as zeros", () => {
  const bytes = encodeCurves([run("a1", [1, 2, 3])]);
  expect(() => decodeCurves(bytes.slice(0, -4))).toThrow(
    "holds 8 bytes of values but its header lists 12",
  );
  expect(() => decodeCurves(new Uint8Array([1, 2, 10]))).toThrow("curves header");
});

test("a trial's line holds the last values, null where they are not finite", () => {
  const line = JSON.parse(trialLine(run("a1", [0.5, Number.NaN], [0.25]), "chunk-0"));
  expect(line).toMatchObject({ id: "a1", chunk: "chunk-0", final: { loss: null, valLoss: 0.25 } });
  expect(line).not.toHaveProperty("signals");
});
