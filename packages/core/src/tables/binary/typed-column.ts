// Values of a format that has types -> a column. Numbers are numbers; texts are read as those of a
// CSV are, so that "1.5" and "NA" mean the same wherever they stand; true and false are texts.

import { ColumnBuilder } from "../columns/column-builder.ts";
import type { RawColumn, Reading, ReadPlan } from "../columns/raw-table.ts";
import { TableError } from "../errors.ts";

export class TypedColumn {
  private readonly table: string;
  private readonly name: string;
  private readonly builder: ColumnBuilder;
  private readonly values: Float64Array;
  private row = 0;
  private texts = false;
  private infinite: { count: number; row: number; text: string } | undefined;

  constructor(table: string, name: string, rows: number, reading: Reading, plan: ReadPlan) {
    this.table = table;
    this.name = name;
    this.values = new Float64Array(rows);
    this.builder = new ColumnBuilder(name, reading, plan);
  }

  /** All are numbers; NaN is a missing value. */
  addNumbers(values: ArrayLike<number> | ArrayLike<bigint>): void {
    for (let i = 0; i < values.length; i++) this.addNumber(Number(values[i]));
  }

  /** @throws TableError for what is no cell */
  add(value: unknown): void {
    if (typeof value === "number" || typeof value === "bigint") {
      this.addNumber(Number(value));
    } else if (value === null || value === undefined) {
      if (this.texts) this.builder.addMissing();
      else this.addNumber(Number.NaN);
    } else {
      this.addText(this.textOf(value));
    }
  }

  finish(): RawColumn {
    if (this.texts) return this.builder.finish();
    const { name, values, infinite } = this;
    const column = { kind: "number", name, values, decimalComma: false } as const;
    return infinite === undefined ? column : { ...column, odd: infinite };
  }

  private addNumber(value: number): void {
    if (this.texts) {
      this.builder.addText(String(value));
      return;
    }
    const row = this.row++;
    if (Number.isFinite(value) || Number.isNaN(value)) {
      this.values[row] = value;
      return;
    }
    this.values[row] = Number.NaN;
    this.infinite ??= { count: 0, row, text: String(value) };
    this.infinite.count++;
  }

  /** The first text: what stands above it is missing, or the type would have been another. */
  private addText(text: string): void {
    if (!this.texts) {
      this.texts = true;
      for (let i = 0; i < this.row; i++) this.builder.addMissing();
    }
    this.builder.addText(text);
  }

  private textOf(value: unknown): string {
    if (typeof value === "string" || typeof value === "boolean") return String(value);
    if (value instanceof Date) return value.toISOString();
    throw new TableError(
      "TABLE_VALUE",
      `${this.table}: column ${JSON.stringify(this.name)} holds lists, records or bytes; leave it out with --drop ${this.name}, or take it apart first.`,
    );
  }
}

/** "data.npy, row 17", rows counted from 1. */
export function placeInRows(name: string): (row: number) => string {
  return (row) => `${name}, row ${row + 1}`;
}
