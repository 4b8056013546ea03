// Which cells are numbers, and which hold nothing.

import { NUMBER } from "./columns/number-scanner.ts";

/** What pandas reads as missing, beside an empty cell (`read_csv`, na_values). */
const PANDAS_MISSING =
  "#N/A|#N/A N/A|#NA|-1.#IND|-1.#QNAN|-NaN|-nan|1.#IND|1.#QNAN|<NA>|N/A|NA|NULL|NaN|None|n/a|nan|null";

export function missingWords(more: readonly string[] = []): ReadonlySet<string> {
  return new Set(["", ...PANDAS_MISSING.split("|"), ...more.map((word) => word.trim())]);
}

/** Undefined where the text is no finite number. */
export function numberOf(cell: string): number | undefined {
  if (!NUMBER.test(cell)) return undefined;
  const value = Number(cell);
  return Number.isFinite(value) ? value : undefined;
}

const DECIMAL_COMMA = /^[+-]?\d*,\d+(e[+-]?\d+)?$/i;

/** Of "1,5"; undefined where there is no comma or no number. */
export function decimalCommaNumber(cell: string): number | undefined {
  return DECIMAL_COMMA.test(cell) ? numberOf(cell.replace(",", ".")) : undefined;
}
