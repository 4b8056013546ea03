import { expect, test } from "vitest";
import { tableCsv } from "../shared/export-table.ts";
import { shortestFloat32 } from "../shared/shortest-float32.ts";
import type { TraceRun } from "../trace/trace.ts";
import { curvesTable } from "./curves-table.ts";

function runOf(variant: string, signals: TraceRun["signals"]): TraceRun {
  const chance = { loss: 1, accuracy: 0.5 } as TraceRun["chance"];
  return {
    id: variant,
    variant,
    trainingSeed: 2,
    dataSeed: 0,
    status: "complete",
    steps: 1,
    chance,
    signals,
  };
}

test("a line per run and epoch; runs may end early, and what was not measured is empty", () => {
  const runs = [
    runOf("a", { loss: Float32Array.of(0.1, 0.5), accuracy: Float32Array.of(1, 0.25) }),
    runOf("b, too", {
      loss: Float32Array.of(2),
      accuracy: Float32Array.of(0),
      valLoss: Float32Array.of(Number.NaN),
      valAccuracy: Float32Array.of(0.5),
    }),
  ];
  expect(tableCsv(curvesTable({ runs }), shortestFloat32)).toBe(
    [
      "variant,trainingSeed,dataSeed,epoch,loss,accuracy,valLoss,valAccuracy",
      "a,2,0,1,0.1,1,,",
      "a,2,0,2,0.5,0.25,,",
      '"b, too",2,0,1,2,0,NaN,0.5',
      "",
    ].join("\r\n"),
  );
});
