// A comparison -> what a terminal shows, and the words that its page shares with it.

import { plainText } from "../report/plain-text.ts";
import { shortNumber } from "../shared/number-text.ts";
import type { ComparedCell, ComparedRow, Comparison } from "./compare.ts";
import { type Column, columnLines } from "./table.ts";
import { rateText } from "./units.ts";

export function comparisonText({ adapters, rows }: Comparison): string {
  const columns: Column[] = [
    { name: "operation", align: "left" },
    { name: "shape", align: "left" },
    { name: "networks", align: "right" },
    { name: "batch", align: "right" },
    { name: "unit", align: "left" },
    ...adapters.flatMap(({ letter }, i): Column[] => [
      { name: letter, align: "right" },
      ...(i === 0 ? [] : [{ name: `${letter}/${adapters[0].letter}`, align: "right" } as const]),
    ]),
  ];
  const lines = rows.map((row) => [
    ...operationCells(row),
    row.unit,
    ...row.cells.flatMap((cell, i) =>
      i === 0 ? [valueText(cell)] : [valueText(cell), ratioText(cell)],
    ),
  ]);
  const legend = adapters.map(({ letter, file, environment }) =>
    plainText(`${letter}  ${environment} (${file})`),
  );
  return `${[...legend, "", ...columnLines(columns, lines)].join("\n")}\n`;
}

/** Operation, shape, networks, batch. */
export function operationCells({ kind, operation }: ComparedRow): string[] {
  if (operation === null) return [kind, "", "", ""];
  const { shape, networks, batch } = operation;
  return [kind, plainText(shape), String(networks), String(batch)];
}

export function valueText(cell: ComparedCell): string {
  if (cell.status === "measured") return rateText(cell.value);
  return { missing: "missing", skipped: "skipped", wrong: "WRONG" }[cell.status];
}

/** "2.3x" */
export function ratioText(cell: ComparedCell): string {
  if (cell.status !== "measured" || cell.ratio === null) return "";
  return `${shortNumber(cell.ratio, 2)}x`;
}
