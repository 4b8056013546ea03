// A table in a file, as pandas reads it: the line that gives `table`, by the format of the file.

import type { TableSource } from "../spec/table-source.ts";
import { statement } from "./python-text.ts";

/** @param dtype Columns that are read as text whatever they hold. */
export function readCode(table: TableSource, dtype: unknown): string[] {
  const { path, missing = [], separator, decimal, encoding } = table;
  const extension = /\.([a-z0-9]+)(\.gz)?$/i.exec(path)?.[1].toLowerCase();
  if (extension === "parquet") return [statement("table = pd.read_parquet", [path], {})];
  if (extension === "feather" || extension === "arrow") {
    return [statement("table = pd.read_feather", [path], {})];
  }
  if (extension === "json") return [statement("table = pd.read_json", [path], {})];
  if (extension === "jsonl" || extension === "ndjson") {
    return [statement("table = pd.read_json", [path], { lines: true })];
  }
  if (extension === "npz" || extension === "npy") return numpyCode(path, extension);
  return [
    statement("table = pd.read_csv", [path], {
      sep: separator,
      decimal,
      encoding,
      na_values: missing.length === 0 ? undefined : missing,
      dtype,
      skipinitialspace: true,
    }),
  ];
}

/** An array of n values is a column, one of (n, k) is k columns. */
function numpyCode(path: string, extension: "npz" | "npy"): string[] {
  const load = statement("np.load", [path], {});
  return [
    `arrays = ${extension === "npz" ? `dict(${load})` : `{"x": ${load}}`}`,
    "table = pd.concat(",
    "    [",
    "        pd.DataFrame(",
    "            array.reshape(len(array), -1),",
    "            columns=[key] if array.size == len(array) else [",
    '                f"{key}{j}" for j in range(array.size // len(array))',
    "            ],",
    "        )",
    '        for key, array in ((k.removesuffix("_train"), a) for k, a in arrays.items())',
    '        if not key.endswith(("_test", "_val"))',
    "    ],",
    "    axis=1,",
    ")",
  ];
}
