// Parquet -> typed columns. The library and its codecs are loaded when a file needs them.

import type { Compressors, FileMetaData } from "hyparquet";
import type { RawColumn, RawTable, ReadPlan } from "../columns/raw-table.ts";
import { TableError } from "../errors.ts";
import { checkCells, checkWholeBytes, MAX_WHOLE_BYTES } from "../size-limits.ts";
import { placeInRows, TypedColumn } from "./typed-column.ts";

/** @throws TableError */
export async function parquetTable(
  name: string,
  bytes: Uint8Array,
  plan: ReadPlan,
): Promise<RawTable> {
  const { parquetMetadata, parquetRead } = await import("hyparquet");
  const buffer = bytes.slice().buffer;
  const metadata = reading(name, () => parquetMetadata(buffer));
  const rows = Number(metadata.num_rows);
  const names = topLevelNames(metadata);
  if (rows === 0) throw unreadable(name, "has no rows");
  if (rows < 0) throw unreadable(name, `says that it has ${rows} rows; save it again`);
  checkCells(name, rows, names.length);
  const unpacked = metadata.row_groups.reduce(
    (sum, group) => sum + Number(group.total_byte_size),
    0,
  );
  checkWholeBytes(name, unpacked);
  const readings = plan.readings(names, "parquet");
  const compressors = await codecs(name, metadata);
  const file = {
    byteLength: buffer.byteLength,
    slice: (a: number, b?: number) => buffer.slice(a, b),
  };
  const columns: RawColumn[] = [];
  // One after the other, so that only one column is there twice.
  for (const [j, column] of names.entries()) {
    if (readings[j] === "skip") continue;
    const typed = new TypedColumn(name, column, rows, readings[j], plan);
    const chunks: { rowStart: number; columnData: ArrayLike<unknown> }[] = [];
    try {
      await parquetRead({
        file,
        metadata,
        columns: [column],
        compressors,
        onChunk: ({ rowStart, columnData }) => chunks.push({ rowStart, columnData }),
      });
    } catch (error) {
      if (error instanceof TableError) throw error;
      throw unreadable(name, `was cut off or damaged (${(error as Error).message}); save it again`);
    }
    chunks.sort((a, b) => a.rowStart - b.rowStart);
    let found = 0;
    for (const { columnData } of chunks) {
      for (let i = 0; i < columnData.length && found < rows; i++, found++) typed.add(columnData[i]);
    }
    if (found < rows) throw unreadable(name, `holds ${found} of ${rows} cells of "${column}"`);
    columns.push(typed.finish());
  }
  return {
    name,
    format: "parquet",
    rows,
    names,
    columns,
    notes: [],
    placeOf: placeInRows(name),
  };
}

function topLevelNames({ schema }: FileMetaData): string[] {
  const names: string[] = [];
  let i = 1;
  const skip = (): void => {
    const { num_children: children = 0 } = schema[i++] ?? {};
    for (let child = 0; child < children && i < schema.length; child++) skip();
  };
  while (i < schema.length) {
    names.push(schema[i].name);
    skip();
  }
  // What pandas keeps of an index that is not a plain count.
  return names.filter((column) => !/^__index_level_\d+__$/.test(column));
}

/** Snappy is in the library itself; the others are a package of their own. */
async function codecs(name: string, { row_groups: groups }: FileMetaData): Promise<Compressors> {
  const own = ["UNCOMPRESSED", "SNAPPY"];
  const needed = groups.flatMap(({ columns }) =>
    columns.flatMap(({ meta_data: data }) => (data === undefined ? [] : [data.codec as string])),
  );
  if (needed.every((codec) => own.includes(codec))) return {};
  const { compressors } = await import("hyparquet-compressors");
  const bounded = Object.entries(compressors).map(([codec, decompress]) => [
    codec,
    (input: Uint8Array, length: number) => {
      if (length > MAX_WHOLE_BYTES) checkWholeBytes(name, length);
      return decompress(input, length);
    },
  ]);
  return Object.fromEntries(bounded) as Compressors;
}

function reading<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch {
    throw unreadable(name, "is a Parquet file that was cut off or damaged; save it again");
  }
}

function unreadable(name: string, says: string): TableError {
  return new TableError("TABLE_UNREADABLE", `${name} ${says}.`);
}
