// Arrow IPC, file or stream, and Feather version 2, which is the same -> typed columns. Compressed
// buffers are unpacked too: LZ4 is what pandas's to_feather writes.

import type { DataType, Vector } from "apache-arrow";
import type { RawColumn, RawTable, ReadPlan } from "../columns/raw-table.ts";
import { TableError } from "../errors.ts";
import { checkCells, MAX_WHOLE_BYTES } from "../size-limits.ts";
import { decompressLz4Frame } from "./lz4-frame.ts";
import { placeInRows, TypedColumn } from "./typed-column.ts";

/** @throws TableError */
export async function arrowTable(
  name: string,
  bytes: Uint8Array,
  plan: ReadPlan,
): Promise<RawTable> {
  const arrow = await import("apache-arrow");
  await registerCodecs(arrow);
  const unreadable = (says: string) => new TableError("TABLE_UNREADABLE", `${name} ${says}.`);
  try {
    const table = arrow.tableFromIPC(bytes);
    const rows = table.numRows;
    const names = table.schema.fields.map((field) => String(field.name));
    if (rows === 0) throw unreadable("has no rows");
    checkCells(name, rows, names.length);
    const repeated = names.find((column, j) => names.indexOf(column) < j);
    if (repeated !== undefined) {
      throw new TableError("TABLE_HEADER", `${name}: two columns are called "${repeated}".`);
    }
    const readings = plan.readings(names, "arrow");
    const columns = names.flatMap((column, j): RawColumn[] => {
      if (readings[j] === "skip") return [];
      const vector = table.getChildAt(j)!;
      const typed = new TypedColumn(name, column, rows, readings[j], plan);
      addVector(typed, vector, arrow.DataType);
      return [typed.finish()];
    });
    const placeOf = placeInRows(name);
    return { name, format: "arrow", rows, names, columns, notes: [], placeOf };
  } catch (error) {
    if (error instanceof TableError) throw error;
    throw unreadable(
      `is an Arrow file that cannot be read (${(error as Error).message}); save it again, with pandas df.to_feather(path, compression="uncompressed")`,
    );
  }
}

function addVector(typed: TypedColumn, vector: Vector, types: typeof DataType): void {
  const { type } = vector;
  const isPlain = types.isInt(type) || (types.isFloat(type) && type.precision > 0);
  if (isPlain && vector.nullCount === 0) {
    typed.addNumbers(vector.toArray() as Float64Array);
    return;
  }
  const isTime = types.isTimestamp(type) || types.isDate(type);
  const isDecimal = types.isDecimal(type);
  for (let row = 0; row < vector.length; row++) {
    const value: unknown = vector.get(row);
    if (value === null) typed.add(null);
    else if (isTime) typed.add(new Date(Number(value)));
    else if (isDecimal) typed.add(Number(String(value)) / 10 ** type.scale);
    else typed.add(value);
  }
}

async function registerCodecs({
  compressionRegistry,
  CompressionType,
}: ArrowModule): Promise<void> {
  if (compressionRegistry.get(CompressionType.LZ4_FRAME) !== null) return;
  const { decompressZstd } = await import("hyparquet-compressors");
  compressionRegistry.set(CompressionType.LZ4_FRAME, {
    decode: (data) => decompressLz4Frame(data, MAX_WHOLE_BYTES),
  });
  compressionRegistry.set(CompressionType.ZSTD, { decode: (data) => decompressZstd(data) });
}

type ArrowModule = typeof import("apache-arrow");
