// A part of a dataset as JSON: {columns, classes, x: rows of numbers, y: class indices}.

import { type Dataset, type Part, shortestFloat32 } from "@convergence-lab/core";

export function asDataJson(dataset: Dataset, part: Part): string {
  const width = dataset.columns.length;
  const rows = Array.from({ length: part.rows }, (_, row) => {
    const features = part.x.subarray(row * width, (row + 1) * width);
    return `[${Array.from(features, jsonNumber).join(",")}]`;
  });
  const columns = JSON.stringify(dataset.columns.map((column) => column.name));
  const classes = JSON.stringify(dataset.classes);
  return `{"columns":${columns},"classes":${classes},"x":[\n${rows.join(",\n")}\n],"y":[${part.y.join(",")}]}\n`;
}

/** JSON has no NaN and no infinity: null, and a number too large for any reader's float64. */
function jsonNumber(value: number): string {
  if (Number.isNaN(value)) return "null";
  if (!Number.isFinite(value)) return value > 0 ? "1e999" : "-1e999";
  return shortestFloat32(value);
}
