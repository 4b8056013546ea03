// Numbers of a run as a table: one column for each thing, whatever file it is written to.

import { csvField, csvText } from "./csv-text.ts";

export interface ExportTable {
  readonly columns: readonly ExportColumn[];
}

export type ExportColumn = { readonly name: string } & (
  | { readonly kind: "text"; readonly values: readonly string[] }
  /** Whole numbers. */
  | { readonly kind: "integer"; readonly values: readonly number[] }
  /** Null: not measured. */
  | { readonly kind: "number"; readonly values: readonly (number | null)[] }
);

/** Numbers in the fewest digits that give the same float32 again; what was not measured is empty. */
export function tableCsv({ columns }: ExportTable, print: (value: number) => string): string {
  const rows = columns[0]?.values.length ?? 0;
  const lines = Array.from({ length: rows }, (_, row) =>
    columns
      .map((column) => {
        const value = column.values[row];
        if (value === null) return "";
        return typeof value === "string" ? csvField(value) : print(value);
      })
      .join(","),
  );
  return csvText([columns.map(({ name }) => csvField(name)).join(","), ...lines]);
}
