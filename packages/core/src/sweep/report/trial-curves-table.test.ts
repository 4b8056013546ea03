import { expect, test } from "vitest";
import { tableCsv } from "../../shared/export-table.ts";
import { shortestFloat32 } from "../../shared/shortest-float32.ts";
import { TrialCurvesTable } from "./trial-curves-table.ts";

test("a line for each trial and epoch; what was not measured is empty", () => {
  const table = new TrialCurvesTable();
  table.add("wide", { index: 3, id: "ab", epochs: [1, 5], medians: { valLoss: [0.1234, null] } });
  table.add("=deep", { index: 0, id: "cd", epochs: [1], medians: { loss: [2], accuracy: [0.5] } });
  expect(table.lines).toBe(3);
  const csv = tableCsv(table.take(), shortestFloat32);
  expect(csv.trimEnd().split("\r\n")).toEqual([
    "sweep,id,trial,epoch,loss,accuracy,valLoss,valAccuracy",
    "wide,ab,3,1,,,0.1234,",
    "wide,ab,3,5,,,,",
    "'=deep,cd,0,1,2,0.5,,",
  ]);
  expect(table.lines).toBe(0);
  const none = table.take();
  expect(none.columns.map(({ values }) => values.length)).toEqual(new Array(8).fill(0));
});
