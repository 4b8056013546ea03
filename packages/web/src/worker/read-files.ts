// Files that a person drops on a page: a table, or a Keras model. They are read here and go nowhere.

import {
  beginnerSpec,
  chunksOfStream,
  type Inspection,
  inspectTable,
  modelAlone,
  modelSpec,
  type ReadTable,
  readModel,
  readTable,
  type Tables,
  tableKey,
  tableSource,
} from "@convergence-lab/core";
import type { ReadSource } from "../messages.ts";

export function inspectFile(file: Blob, name: string): Promise<Inspection> {
  return inspectTable(fileOf(file, name), { kind: "table", path: name });
}

export interface ReadTableFile extends ReadSource {
  readonly tables: Tables;
  readonly read: ReadTable;
}

export async function readTableFile(
  file: Blob,
  name: string,
  target: string,
): Promise<ReadTableFile> {
  const found = await readTable(fileOf(file, name), { kind: "table", path: name, target });
  // The digest keeps another file of this name from being taken for it.
  const { digest } = tableSource(found.table, name);
  const read = { ...found, source: { ...found.source, digest } };
  const { table, classes, features, withoutLabel, notes } = read;
  const shares = classes.map((each) => `${each.name} ${each.rows}`).join(", ");
  return {
    read,
    spec: beginnerSpec(plainName(name), read),
    tables: new Map([[tableKey(read.source), table]]),
    notes: [
      `${name}: ${table.rows} rows, ${features.length} columns to learn from; ${target} is ${shares}.`,
      ...(withoutLabel > 0 ? [`Left out: ${withoutLabel} rows without a ${target}.`] : []),
      ...notes,
    ],
  };
}

/** @param table The table that was read before; absent: the network waits for one. */
export async function readModelFile(
  file: Blob,
  name: string,
  table: ReadTable | undefined,
): Promise<ReadSource> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const use = { name: plainName(name), file: name };
  if (table === undefined) {
    const { spec, notes, taken } = modelAlone(readModel(name, bytes), use);
    return { spec, notes: [...notes, ...taken, "Now drop the table that it is for."] };
  }
  const facts = { rows: table.table.rows, classes: table.classes.length };
  const { spec, notes, taken } = modelSpec(readModel(name, bytes, { facts }), table, use);
  return { spec, notes: [...notes, ...taken] };
}

function fileOf(file: Blob, name: string) {
  const stream = file.stream();
  return { name, chunks: chunksOfStream({ getReader: () => stream.getReader() }) };
}

/** Without its endings. */
function plainName(name: string): string {
  return name.replace(/(\.[a-z0-9]+)+$/i, "");
}
