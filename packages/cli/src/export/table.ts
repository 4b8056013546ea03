// A table of numbers as a file: CSV, or Parquet with a column type for each.

import { type ExportTable, shortestFloat32, tableCsv } from "@convergence-lab/core";

/** By the file's ending. */
export async function tableFile(path: string, table: ExportTable): Promise<string | Uint8Array> {
  if (!isParquet(path)) return tableCsv(table, shortestFloat32);
  const { parquetWriteBuffer } = await import("hyparquet-writer");
  return new Uint8Array(parquetWriteBuffer({ columnData: parquetColumns(table) }));
}

/** As hyparquet-writer takes them. */
export function parquetColumns({ columns }: ExportTable) {
  return columns.map(({ name, kind, values }) => ({
    name,
    data: [...values],
    type: TYPES[kind],
    nullable: kind === "number" || kind === "double",
  }));
}

const TYPES = { text: "STRING", integer: "INT32", number: "FLOAT", double: "DOUBLE" } as const;

export function isParquet(path: string): boolean {
  return path.toLowerCase().endsWith(".parquet");
}
