// A column's facts as words and numbers, so that text and HTML agree.

import { percent, shortNumber } from "../shared/number-text.ts";
import type { InspectedColumn } from "./inspection.ts";

export interface ColumnTexts {
  readonly type: string;
  readonly missing: string;
  readonly distinct: string;
  /** "0.34 .. 1.87 .. 5.8", smallest, median and largest, or the most frequent texts. */
  readonly range: string;
  /** "0.81", or empty. */
  readonly tells: string;
}

export function columnTexts(column: InspectedColumn, rows: number): ColumnTexts {
  const { missing, distinct, tells, numbers } = column;
  return {
    type: typeOf(column),
    missing: missing === 0 ? "" : percent(missing / rows),
    distinct: distinct === null ? "many" : distinct.toLocaleString("en"),
    range: numbers ? numberRange(numbers) : textRange(column),
    tells: tells === null ? "" : tells.toFixed(2),
  };
}

function typeOf({ numbers, texts }: InspectedColumn): string {
  if (texts) return "text";
  if (!numbers) return "empty";
  return numbers.areWhole ? "int" : "num";
}

function numberRange({ min, median, max }: NonNullable<InspectedColumn["numbers"]>): string {
  return [min, median, max].map((value) => rangeNumber(value, 3)).join(" .. ");
}

/** Whole numbers whole up to a million, others without zeros at their end. */
export function rangeNumber(value: number, digits = 4): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e6) return String(value);
  const text = shortNumber(value, digits);
  return /^[^e]*\.[^e]*$/.test(text) ? text.replace(/\.?0+$/, "") : text;
}

function textRange({ texts }: InspectedColumn): string {
  if (!texts || texts.levels.length === 0) return "";
  const all = texts.levels.map(({ text, rows }) => `${text} ${rows}`);
  return all.join(", ");
}
