// A part of a dataset as CSV (RFC 4180): one column per feature, then the class index as `label`.

import { type Dataset, type Part, shortestFloat32 } from "@convergence-lab/core";

export function asCsv(dataset: Dataset, part: Part): string {
  const width = dataset.columns.length;
  const lines = [[...dataset.columns.map((column) => quote(column.name)), "label"].join(",")];
  for (let row = 0; row < part.rows; row++) {
    const features = part.x.subarray(row * width, (row + 1) * width);
    lines.push([...Array.from(features, shortestFloat32), part.y[row]].join(","));
  }
  return `${lines.join("\n")}\n`;
}

function quote(field: string): string {
  return /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}
