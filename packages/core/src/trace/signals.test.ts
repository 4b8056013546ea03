import { expect, test } from "vitest";
import { runOf } from "../../test/trace-of.ts";
import {
  firstNonFinite,
  isMeasured,
  latestByLayer,
  latestConfusion,
  layerSeries,
  seriesByLayer,
  unmeasuredProbes,
} from "./signals.ts";
import type { RunProbes, TraceRun } from "./trace.ts";

function probed(probes: Partial<RunProbes>): TraceRun {
  const run = runOf("wide", 0, 0, { loss: [1, 0.5] });
  return { ...run, probes: { asked: [], everySteps: 5, layers: [], confusions: [], ...probes } };
}

const layers = [
  { gradientNorm: Float32Array.of(1, 2, 3), deadShare: Float32Array.of(0, 0.5, 1) },
  { gradientNorm: Float32Array.of(4, 5, 6) },
];

test("series carry their steps, and a layer may be counted from the end", () => {
  const run = probed({ layers });
  expect(layerSeries(run, "gradientNorm", -1)).toEqual({
    layer: 1,
    everySteps: 5,
    values: Float32Array.of(4, 5, 6),
  });
  expect(seriesByLayer(run, "deadShare")?.map(({ layer }) => layer)).toEqual([0]);
  expect(latestByLayer(run, "gradientNorm")).toEqual([
    { layer: 0, step: 10, value: 3 },
    { layer: 1, step: 10, value: 6 },
  ]);
});

test("what was not measured is undefined", () => {
  const run = runOf("wide", 0, 0, { loss: [1] });
  expect(layerSeries(run, "deadShare", 0)).toBeUndefined();
  expect(latestByLayer(run, "deadShare")).toBeUndefined();
  expect(latestByLayer(probed({ layers: [{ deadShare: new Float32Array() }] }), "deadShare")).toBe(
    undefined,
  );
  expect(layerSeries(probed({ layers }), "deadShare", 1)).toBeUndefined();
  expect(latestConfusion(run, "valConfusion")).toBeUndefined();
  expect(firstNonFinite(run)).toBeUndefined();
  expect(firstNonFinite(probed({ firstNonFinite: null }))).toBeNull();
});

test("the latest counts are those of the last epoch, part by part", () => {
  const counts = Uint32Array.of(1, 2, 3, 4);
  const of = (signal: "confusion" | "valConfusion", epoch: number) =>
    ({ signal, epoch, classes: 2, counts }) as const;
  const confusions = [of("confusion", 0), of("valConfusion", 0), of("confusion", 4)];
  const run = probed({ confusions });
  expect(latestConfusion(run, "confusion")?.epoch).toBe(4);
  expect(latestConfusion(run, "valConfusion")?.epoch).toBe(0);
});

test("asked for and in no run is unmeasured", () => {
  const asked = ["gradientNorm", "updateNorm", "learningRate", "firstNonFinite"] as const;
  const runs = [probed({ asked }), probed({ asked, layers, firstNonFinite: null })];
  expect(isMeasured(runs[0], "gradientNorm")).toBe(false);
  expect(unmeasuredProbes({ runs })).toEqual(["updateNorm", "learningRate"]);
});
