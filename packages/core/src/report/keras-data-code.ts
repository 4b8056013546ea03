// Where the rows come from, as Python: x a matrix of floats, y class indices, classes their names.

import type { DataSpec } from "../spec/spec.ts";
import type { TableSource } from "../spec/table-source.ts";
import { readCode } from "./keras-read-code.ts";
import { rowOrderCode } from "./keras-steps-code.ts";
import { Code, python, statement, tuple } from "./python-text.ts";

export function dataCode(data: DataSpec): string {
  const { missingValues = [] } = data;
  const missing =
    missingValues.length === 0
      ? []
      : [`x = np.where(np.isin(x, ${python(missingValues)}), np.nan, x)`];
  return [...rowsCode(data), ...missing, ...rowOrderCode(data), ...labelsCode(data)].join("\n");
}

function rowsCode({ source, drop = [] }: DataSpec): string[] {
  if (source.kind === "numpy") return numpyCode(source, drop);
  if (source.kind === "table") return tableCode(source, drop);
  const columns = source.columns ?? source.rows[0].map((_, j) => `x${j}`);
  if (source.rows.length * columns.length > MOST_NUMBERS) return placeholderCode(drop);
  const kept = [...columns.keys()].filter((j) => !drop.includes(columns[j]));
  const rows = source.rows.map((row) => kept.map((j) => row[j] ?? Number.NaN));
  const weights =
    source.sampleWeight === undefined ? [] : [`weight = np.array(${python(source.sampleWeight)})`];
  return [
    `# ${kept
      .map((j) => columns[j])
      .join(", ")
      .replace(/[^\x20-\x7e]/g, "?")}`,
    "x = np.array(",
    "    [",
    ...rows.map((row) => `        ${python(row)},`),
    "    ]",
    ")",
    `labels = np.array(${python(source.labels)})`,
    ...weights,
    ...(source.groups === undefined ? [] : [`groups = np.array(${python(source.groups)})`]),
  ];
}

/** As many still read as an example; more belong in a file. */
const MOST_NUMBERS = 400;

function placeholderCode(drop: readonly string[]): string[] {
  return [
    '# The rows of the spec as a file: a column for every feature, and the labels in "label".',
    'table = pd.read_csv("data.csv")',
    'labels = table.pop("label").to_numpy()',
    ...dropCode(drop),
    'x = table.to_numpy(dtype="float64")',
  ];
}

function dropCode(drop: readonly string[]): string[] {
  return drop.length === 0 ? [] : [statement("table = table.drop", [], { columns: drop })];
}

type NumpySource = Extract<DataSpec["source"], { kind: "numpy" }>;

function numpyCode({ seed, features, labels }: NumpySource, drop: readonly string[]): string[] {
  const { low, high, size } = labels.randint;
  const dropped = drop.map((name) => Number(name.slice(1)));
  return [
    `random = np.random.RandomState(${seed})`,
    `x = ${drawCode(features)}`,
    `labels = random.randint(${low}, ${high}, size=${size})`,
    ...(dropped.length === 0 ? [] : [`x = np.delete(x, ${python(dropped)}, axis=1)`]),
  ];
}

function drawCode(features: NumpySource["features"]): string {
  if ("rand" in features) return `random.rand(${features.rand.join(", ")})`;
  if ("randn" in features) return `random.randn(${features.randn.join(", ")})`;
  const { low, high, size } = features.uniform;
  return `random.uniform(${low}, ${high}, size=${tuple(size).text})`;
}

/** With pandas, in the order and with the columns that the table has here. */
function tableCode(table: TableSource, drop: readonly string[]): string[] {
  const { target, features, categorical = {}, sampleWeight, groups } = table;
  const ofKind = (kind: string) =>
    Object.keys(categorical).filter((name) => categorical[name] === kind);
  const [oneHot, ordinal] = [ofKind("oneHot"), ofKind("ordinal")];
  const asText = Object.fromEntries([...oneHot, ...ordinal].map((name) => [name, new Code("str")]));
  return [
    ...readCode(table, oneHot.length + ordinal.length === 0 ? undefined : asText),
    ...(target === undefined ? ["target = table.columns[-1]"] : [`target = ${python(target)}`]),
    "table = table.dropna(subset=[target])",
    "labels = table.pop(target).to_numpy()",
    ...(sampleWeight === undefined
      ? []
      : [`weight = table.pop(${python(sampleWeight)}).to_numpy()`]),
    ...(groups === undefined ? [] : [`groups = table.pop(${python(groups)}).to_numpy()`]),
    ...(features === undefined ? [] : [`table = table[${python(features)}]`]),
    ...dropCode(table.drop ?? []),
    ...ordinal.map((name) => {
      const column = `table[${python(name)}]`;
      return `${column} = ${column}.astype("category").cat.codes.where(${column}.notna())`;
    }),
    ...(oneHot.length === 0 ? [] : ["\n", oneHotCode(oneHot)]),
    ...dropCode(drop),
    'x = table.to_numpy(dtype="float64")',
  ];
}

function oneHotCode(names: readonly string[]): string {
  return `def one_hot(column):
    """A 0/1 column for every value but the first; a missing value stays missing."""
    codes = pd.get_dummies(
        column, prefix=column.name, prefix_sep="=", drop_first=True, dtype=float
    )
    codes.loc[column.isna()] = np.nan
    return codes


categories = ${python(names)}
parts = [one_hot(table[c]) if c in categories else table[[c]] for c in table.columns]
table = pd.concat(parts, axis=1)`;
}

/** scikit-learn's order: numbers by size, texts by letter. */
function labelsCode({ labels }: DataSpec): string[] {
  if (labels === "indices") {
    return ['y = labels.astype("int32")', "classes = np.arange(y.max() + 1)"];
  }
  return ["classes, y = np.unique(labels, return_inverse=True)"];
}
