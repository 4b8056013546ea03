// Numbers of a run as a table: one column for each thing, whatever file it is written to.

import { csvField, csvText } from "./csv-text.ts";

export interface ExportTable {
  readonly columns: readonly ExportColumn[];
}

export type ExportColumn = { readonly name: string } & (
  | { readonly kind: "text"; readonly values: readonly string[] }
  /** Whole numbers. */
  | { readonly kind: "integer"; readonly values: readonly number[] }
  /** Of single precision, or of double. Null: not measured. */
  | { readonly kind: "number" | "double"; readonly values: readonly (number | null)[] }
);

/**
 * Numbers in the fewest digits that give the same number again, which `print` knows of single
 * precision; what was not measured is empty.
 */
export function tableCsv(
  { columns }: ExportTable,
  print: (value: number) => string,
  hasHead = true,
): string {
  const rows = columns[0]?.values.length ?? 0;
  const lines = Array.from({ length: rows }, (_, row) =>
    columns
      .map((column) => {
        const value = column.values[row];
        if (value === null) return "";
        if (typeof value === "string") return csvField(value);
        return column.kind === "double" ? String(value) : print(value);
      })
      .join(","),
  );
  const head = hasHead ? [columns.map(({ name }) => csvField(name)).join(",")] : [];
  return csvText([...head, ...lines]);
}
