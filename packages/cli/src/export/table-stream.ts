// A table that is written part by part, so that it may be larger than what fits into memory.

import { closeSync, openSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { type ExportTable, shortestFloat32, tableCsv } from "@convergence-lab/core";
import { makeFolder, writing } from "../files.ts";
import { isParquet, parquetColumns } from "./table.ts";

export interface TableStream {
  /** Every part has the same columns. */
  write(part: ExportTable): void;
  end(): void;
}

/** By the file's ending. */
export async function openTable(path: string): Promise<TableStream> {
  makeFolder(dirname(path));
  return isParquet(path) ? await openParquet(path) : openCsv(path);
}

function openCsv(path: string): TableStream {
  let file = -1;
  let isFirst = true;
  writing(path, () => {
    file = openSync(path, "w");
  });
  return {
    write(part) {
      const text = tableCsv(part, shortestFloat32, isFirst);
      isFirst = false;
      writing(path, () => {
        const bytes = Buffer.from(text);
        for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done);
      });
    },
    end: () => closeSync(file),
  };
}

/** Each part is a group of rows. */
async function openParquet(path: string): Promise<TableStream> {
  const { ParquetWriter, fileWriter, schemaFromColumnData } = await import("hyparquet-writer");
  let parquet: InstanceType<typeof ParquetWriter> | undefined;
  return {
    write(part) {
      const columnData = parquetColumns(part);
      writing(path, () => {
        parquet ??= new ParquetWriter({
          writer: fileWriter(path),
          schema: schemaFromColumnData({ columnData }),
        });
        const data = columnData.map(({ name, data }) => ({ name, data }));
        parquet.write({ columnData: data, rowGroupSize: Math.max(1, data[0].data.length) });
      });
    },
    end: () => writing(path, () => parquet?.finish()),
  };
}
