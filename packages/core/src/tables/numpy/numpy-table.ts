// NPY and NPZ -> a table: an array of n values is a column, one of (n, k) is k columns, and of more
// dimensions as many as a row has values.

import { unzipSync } from "fflate";
import { placeInRows, TypedColumn } from "../binary/typed-column.ts";
import type { RawTable, ReadPlan } from "../columns/raw-table.ts";
import { TableError } from "../errors.ts";
import { checkCells, checkWholeBytes } from "../size-limits.ts";
import { type NumpyArray, parseNpy } from "./npy.ts";

/** @throws TableError */
export function npyTable(name: string, bytes: Uint8Array, plan: ReadPlan): RawTable {
  const array = parseNpy(name, bytes);
  return tableOf(name, "npy", new Map([["x", array]]), plan);
}

/** Arrays that are kept apart from the training data, as in Keras's own archives. */
const TEST_ARRAY = /^(x|y)_?(test|val)$/i;

/** @throws TableError */
export function npzTable(name: string, bytes: Uint8Array, plan: ReadPlan): RawTable {
  const entries = unzip(name, bytes);
  const arrays = new Map<string, NumpyArray>();
  const leftOut: string[] = [];
  for (const [entry, data] of entries) {
    const key = entry.replace(/\.npy$/, "");
    if (TEST_ARRAY.test(key)) leftOut.push(key);
    else arrays.set(key.replace(/_train$/i, ""), parseNpy(`${name}, array "${key}"`, data));
  }
  if (arrays.size === 0) {
    throw unreadable(
      name,
      "is an archive without a NumPy array; np.savez(path, x=x, y=y) writes one",
    );
  }
  const table = tableOf(name, "npz", arrays, plan);
  const notes = leftOut.length > 0 ? [`${name}: ${leftOut.join(", ")} left out.`] : [];
  return { ...table, notes: [...table.notes, ...notes] };
}

function unzip(name: string, bytes: Uint8Array): [string, Uint8Array][] {
  let size = 0;
  try {
    const files = unzipSync(bytes, {
      filter(file) {
        if (!file.name.endsWith(".npy")) return false;
        // What is unpacked never exceeds the size that the archive states.
        size += file.originalSize;
        checkWholeBytes(name, size);
        return true;
      },
    });
    return Object.entries(files);
  } catch (error) {
    if (error instanceof TableError) throw error;
    throw unreadable(name, "is an archive that was cut off or damaged; save it again");
  }
}

function tableOf(
  name: string,
  format: "npy" | "npz",
  arrays: ReadonlyMap<string, NumpyArray>,
  plan: ReadPlan,
): RawTable {
  const [[firstKey, first]] = arrays;
  const rows = first.shape[0] ?? 1;
  const parts = [...arrays].map(([key, { shape, values }]) => {
    if ((shape[0] ?? 1) !== rows) {
      throw unreadable(
        name,
        `holds ${rows} rows of "${firstKey}" and ${shape[0]} of "${key}"; save arrays of equally many rows, np.savez(path, x=x, y=y)`,
      );
    }
    const width = shape.slice(1).reduce((product, length) => product * length, 1);
    const isColumn = shape.length < 2 || (width === 1 && shape.length === 2);
    const names = isColumn ? [key] : Array.from({ length: width }, (_, j) => `${key}${j}`);
    return { values, names };
  });
  if (rows === 0) throw unreadable(name, "has no rows");
  const names = parts.flatMap((part) => part.names);
  const repeated = names.find((column, j) => names.indexOf(column) < j);
  if (repeated !== undefined) {
    throw new TableError("TABLE_HEADER", `${name}: two columns would be called "${repeated}".`);
  }
  checkCells(name, rows, names.length);
  const readings = plan.readings(names, format);
  let position = 0;
  const columns = parts.flatMap(({ values, names: own }) =>
    own.flatMap((column, j) => {
      const reading = readings[position++];
      if (reading === "skip") return [];
      const typed = new TypedColumn(name, column, rows, reading, plan);
      for (let row = 0; row < rows; row++) typed.add(values[row * own.length + j]);
      return [typed.finish()];
    }),
  );
  return { name, format, rows, names, columns, notes: [], placeOf: placeInRows(name) };
}

function unreadable(name: string, says: string): TableError {
  return new TableError("TABLE_UNREADABLE", `${name} ${says}.`);
}
