// Report -> report.json: objects indented, lists of numbers on one line, keys in the report's own
// order, so that two reports can be compared line by line.

import type { Report } from "./report.ts";

export function asJson(report: Report): string {
  return `${print(report, "")}\n`;
}

function print(value: unknown, indent: string): string {
  if (value === null || typeof value !== "object") return printLeaf(value);
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    if (value.every((item) => item === null || typeof item !== "object")) {
      return `[${value.map(printLeaf).join(", ")}]`;
    }
    return `[\n${value.map((item) => inner + print(item, inner)).join(",\n")}\n${indent}]`;
  }
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  if (entries.length === 0) return "{}";
  const lines = entries.map(
    ([key, item]) => `${inner}${JSON.stringify(key)}: ${print(item, inner)}`,
  );
  return `{\n${lines.join(",\n")}\n${indent}}`;
}

/** JSON.stringify writes null for what JSON has no word for: NaN and the infinities. */
function printLeaf(value: unknown): string {
  return JSON.stringify(value) ?? "null";
}
