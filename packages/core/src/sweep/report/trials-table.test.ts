import { expect, test } from "vitest";
import { madeUpTrials } from "../../../test/made-up-trials.ts";
import { sweepOf } from "../../../test/sweep-of.ts";
import { tableCsv } from "../../shared/export-table.ts";
import { shortestFloat32 } from "../../shared/shortest-float32.ts";
import { TrialsTable } from "./trials-table.ts";

const sweep = sweepOf({
  parameters: {
    optimizer: ["adam", "sgd"],
    lr: [0.1],
    momentum: { values: [0.9], when: { optimizer: "sgd" } },
  },
});

function csvLines(): string[] {
  const table = new TrialsTable([sweep]);
  for (const record of madeUpTrials(sweep, (_, i) => (i === 1 ? null : 0.123456789))) {
    table.add("small", record);
  }
  return tableCsv(table.take(), shortestFloat32).trimEnd().split("\r\n");
}

test("a line for each network of each trial, numbers with all of their digits", () => {
  const [head, ...lines] = csvLines();
  expect(head).toBe(
    "sweep,id,trialState,state,engine,adapter,trial,trainingSeed,dataSeed,epochs,steps,param.optimizer,param.lr,param.momentum,value,loss,bestLoss,accuracy,bestAccuracy,valLoss,bestValLoss,valAccuracy,bestValAccuracy,bestEpoch",
  );
  expect(lines).toHaveLength(4);
  const cells = lines.map((line) => line.split(","));
  expect(cells.every((row) => row.length === head.split(",").length)).toBe(true);
  expect(cells[0].slice(11, 16)).toEqual(["adam", "0.1", "", "0.123956789", "0.123456789"]);
  // The trial's other network has a value; this one and the mean have none.
  expect(cells[2].slice(11, 16)).toEqual(["sgd", "0.1", "0.9", "", ""]);
  expect(cells[3][15]).not.toBe("");
});

test("a name that a spreadsheet would run stays a name", () => {
  const from = { kind: "values", values: ["=1+1"] } as const;
  const table = new TrialsTable([{ parameters: [{ name: 'a"b', from }] }]);
  const [record] = madeUpTrials(sweep, () => 1);
  table.add("=cmd()", { ...record, params: { 'a"b': "=1+1" } });
  const [head, line] = tableCsv(table.take(), shortestFloat32).split("\r\n");
  expect(head).toContain('"param.a""b"');
  expect(line.startsWith("'=cmd(),")).toBe(true);
  expect(line).toContain(",'=1+1,");
});

test("lines that were taken are gone, and the columns stay the same", () => {
  const table = new TrialsTable([sweep]);
  const [one, other] = madeUpTrials(sweep, () => 1);
  table.add("small", one);
  const first = table.take();
  expect(table.lines).toBe(0);
  table.add("small", other);
  expect(table.lines).toBe(2);
  const second = table.take();
  const heads = (columns: typeof first.columns) => columns.map(({ name, kind }) => [name, kind]);
  expect(heads(second.columns)).toEqual(heads(first.columns));
  const trials = ({ columns }: typeof first) =>
    columns.find(({ name }) => name === "trial")!.values;
  expect([trials(first), trials(second)]).toEqual([
    [0, 0],
    [1, 1],
  ]);
});

test("a part without a line adds nothing to what was written before, and its columns to nothing", () => {
  const table = new TrialsTable([sweep]);
  expect(tableCsv(table.take(), shortestFloat32, false)).toBe("");
  expect(tableCsv(table.take(), shortestFloat32)).toMatch(/^sweep,id,[^\n]*\r\n$/);
});
