import { expect, test } from "vitest";
import { decodeCurves, encodeCurves, trialLine } from "./saved-trace.ts";
import type { TraceRun } from "./trace.ts";

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
  expect(decoded.get("a1")).toEqual(runs[0].signals);
  expect(decoded.get("b2")).toEqual(runs[1].signals);
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
