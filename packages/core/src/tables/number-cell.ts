// Which cells are numbers, and which hold nothing.

/** What pandas reads as missing, beside an empty cell (`read_csv`, na_values). */
const PANDAS_MISSING =
  "#N/A|#N/A N/A|#NA|-1.#IND|-1.#QNAN|-NaN|-nan|1.#IND|1.#QNAN|<NA>|N/A|NA|NULL|NaN|None|n/a|nan|null";

export function missingWords(more: readonly string[] = []): ReadonlySet<string> {
  return new Set(["", ...PANDAS_MISSING.split("|"), ...more.map((word) => word.trim())]);
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const DECIMAL_COMMA = /^[+-]?\d*,\d+(e[+-]?\d+)?$/i;

/** Undefined where the text is no finite number. */
export function numberOf(cell: string, decimalComma = false): number | undefined {
  const text = decimalComma && DECIMAL_COMMA.test(cell) ? cell.replace(",", ".") : cell;
  if (!NUMBER.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}
