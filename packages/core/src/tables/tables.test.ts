/// <reference types="node" />
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { loadDataset } from "../dataset/load-dataset.ts";
import type { Table } from "../dataset/table.ts";
import { uniformAt } from "../shared/random.ts";
import { parseSpec } from "../spec/parse-spec.ts";
import type { TableSource } from "../spec/table-source.ts";
import { TableError } from "./errors.ts";
import { readPlan, tableOfColumns } from "./read-table.ts";
import { TextTableReader } from "./text/text-table.ts";
import { withTables } from "./with-tables.ts";

function read(text: string, options: Partial<TableSource> = {}) {
  const read = readText(text, { target: "class", ...options });
  return {
    ...read,
    rows: rowsOf(read.table),
    labels: read.table.labels,
    columns: read.table.columns,
  };
}

function readText(text: string, options: Partial<TableSource>, name = "t.csv") {
  const source: TableSource = { kind: "table", path: name, ...options };
  const reader = new TextTableReader(name, readPlan(name, source));
  reader.push(new TextEncoder().encode(text));
  return tableOfColumns(reader.end(), source);
}

/** Missing cells as null. */
function rowsOf({ rows, columns, x }: Table): (number | null)[][] {
  return Array.from({ length: rows }, (_, i) =>
    Array.from(columns, (_, j) => {
      const value = x[i * columns.length + j];
      return Number.isNaN(value) ? null : value;
    }),
  );
}

function messageOf(text: string, options: Partial<TableSource> = {}): string {
  try {
    read(text, options);
  } catch (error) {
    if (error instanceof TableError) return error.message;
    throw error;
  }
  return "no error";
}

describe("cells", () => {
  test("quotes, line ends inside them, a byte-order mark, blank lines, and blanks around", () => {
    const { rows, labels, columns } = read(
      '\ufeff"a, b",class\r\n1, x \r\n\r\n"2","x\ny"\r\n 3 ,"x"\r\n4,"x\ny"\r\n',
    );
    expect(columns).toEqual(["a, b"]);
    expect(rows).toEqual([[1], [2], [3], [4]]);
    expect(labels).toEqual(["x", "x\ny", "x", "x\ny"]);
  });

  test.each([
    ["\t", "a\tclass\n1,5\tx\n2,5\ty\n1\tx\n2\ty\n", [[1.5], [2.5], [1], [2]]],
    [";", "a;class\n1,5;x\n-2,5e1;y\n1;x\n2;y\n", [[1.5], [-25], [1], [2]]],
    ["|", "a|class\n.5|x\n+1.|y\n1e-3|x\n2|y\n", [[0.5], [1], [0.001], [2]]],
  ])(
    "the separator %j is found, and a decimal comma where no cell has a point",
    (separator, text, rows) => {
      expect(read(text).source.separator).toBe(separator);
      expect(read(text).rows).toEqual(rows);
    },
  );

  test("pandas's words and one's own are missing values; a row without a label is left out", () => {
    const { rows, features, withoutLabel } = read(
      "a,b,class\n1,?,x\nNA,2,y\n,3,x\n4,n/a,y\n5,6,NaN\n",
      { missing: ["?"] },
    );
    expect(rows).toEqual([
      [1, null],
      [null, 2],
      [null, 3],
      [4, null],
    ]);
    expect(features.map(({ missing }) => missing)).toEqual([2, 2]);
    expect(withoutLabel).toBe(1);
  });

  test("labels that are numbers are numbers: 1 and 1.0 are one class", () => {
    expect(read("a,class\n1,1\n2,1.0\n3,0\n4,0\n").labels).toEqual([1, 1, 0, 0]);
    expect(read("a,class\n1,1\n2,no\n3,1\n4,no\n").labels).toEqual(["1", "no", "1", "no"]);
  });
});

describe("categories", () => {
  const text = "colour,size,class\nred,3,x\ngreen,1,y\n,2,x\nblue,3,y\n";

  test("text becomes a 0/1 column for every value but the first", () => {
    const { rows, columns, source, features } = read(text);
    expect(columns).toEqual(["colour=green", "colour=red", "size"]);
    expect(rows).toEqual([
      [0, 1, 3],
      [1, 0, 1],
      [null, null, 2],
      [0, 0, 3],
    ]);
    expect(features[0]).toEqual({
      name: "colour",
      kind: "oneHot",
      levels: ["blue", "green", "red"],
      missing: 1,
    });
    expect(source.categorical).toEqual({ colour: "oneHot" });
  });

  test("what is said to be a category is one, as a place in sorted order if that is said", () => {
    const { rows, columns } = read(text, {
      categorical: { colour: "ordinal", size: "oneHot" },
    });
    expect(columns).toEqual(["colour", "size=2", "size=3"]);
    expect(rows).toEqual([
      [2, 0, 1],
      [1, 0, 0],
      [null, 1, 0],
      [0, 0, 1],
    ]);
  });

  test("columns are kept and dropped by name", () => {
    expect(read(text, { features: ["size"] }).columns).toEqual(["size"]);
    expect(read(text, { drop: ["colour"] }).columns).toEqual(["size"]);
  });

  test("sample weights are a column of their own", () => {
    const { columns, table } = read("a,w,class\n1,2,x\n2,0.5,y\n3,1,x\n4,1,y\n", {
      sampleWeight: "w",
    });
    expect(columns).toEqual(["a"]);
    expect(table.sampleWeight).toEqual([2, 0.5, 1, 1]);
    expect(messageOf("a,w,class\n1,-2,x\n2,0,y\n3,1,x\n4,1,y\n", { sampleWeight: "w" })).toBe(
      't.csv:2: column "w" holds the sample weights; each must be a number of at least 0.',
    );
  });
});

describe("groups", () => {
  const text = "patient,a,class\np2,1,x\np1,2,y\np2,3,x\n,4,y\n";

  test("are a column of their own, numbers where all are", () => {
    const { columns, table } = read(text.replace(",4,y", "p1,4,y"), { groups: "patient" });
    expect([columns, table.groups]).toEqual([["a"], ["p2", "p1", "p2", "p1"]]);
    const numbers = text.replaceAll("p", "").replace("\n,4", "\n1,4").replace("atient", "patient");
    expect(read(numbers, { groups: "patient" }).table.groups).toEqual([2, 1, 2, 1]);
  });

  test("of which a row has none are an error that names it", () => {
    expect(messageOf(text, { groups: "patient" })).toBe(
      't.csv:5: column "patient" holds the groups, and this row has none; give it one.',
    );
    expect(messageOf(text, { groups: "patent" })).toContain(
      '--groups names "patent", but there is no such column. Did you mean "patient"?',
    );
  });
});

test("more columns than a network takes are an error that says what to do", () => {
  const wide = Array.from({ length: 10_000 }, (_, j) => `c${j}`).join(",");
  const row = "1,".repeat(10_000);
  const text = `${wide},class\n${row}x\n${row}y\n${row}x\n${row}y\n`;
  expect(messageOf(text)).toBe(
    "t.csv: 10000 columns to learn from, and a network takes 4096 at most; choose some with --features, or leave some out with --drop.",
  );
  expect(read(text, { features: ["c7", "c9999"] }).columns).toEqual(["c7", "c9999"]);
});

describe("mistakes name the file, the line or the column, and the way out", () => {
  const names = Array.from({ length: 80 }, (_, i) => `name ${i}`);
  test.each<[string, string, string, Partial<TableSource>?]>([
    ["empty", " \n\n", "t.csv is empty; a table is"],
    ["no rows", "a,class\n", "has one line and no rows"],
    ["bytes", "PK\u0003\u0004\u0000\u0000", "t.csv is not text"],
    [
      "ragged",
      "a,class\n1,x\n1,2,x\n3,y\n",
      't.csv:3: 3 cells, but the first line names 2 columns; quote cells that hold ","',
    ],
    [
      "cut off",
      'a,b,class\n1,"x\n",2\n1,2,x\n1',
      "t.csv:5: 1 cells, but the first line names 3 columns; see whether the file was cut off",
    ],
    ["an open quote", 'a,class\n1,x\n2,"y\n3,x\n', "t.csv:3: a quoted cell begins here"],
    ["equal names", "a,b,a,class\n1,2,3,x\n", 't.csv:1: columns 1 and 3 are both called "a"'],
    [
      "no target",
      "a,Klass\n1,x\n",
      'no such column. Did you mean "Klass"? The columns: "a", "Klass".',
    ],
    ["no header", "5.1,3.5,setosa\n4.9,3.0,setosa\n", "The first line looks like data"],
    ["an unknown feature", "a,b,class\n1,1,x\n", '--features names "c"', { features: ["c"] }],
    ["an unknown drop", "width,class\n1,x\n", 'Did you mean "width"?', { drop: ["widht"] }],
    [
      "the target dropped",
      "a,class\n1,x\n",
      "stands among the dropped columns too",
      { drop: ["class"] },
    ],
    ["no feature left", "a,class\n1,x\n", "no column to learn from", { drop: ["a"] }],
    ["one class", "a,class\n1,x\n2,x\n", 'is "x" in all 2 rows; with one class'],
    ["no label", "a,class\n1,\n2,\n", "is missing in all 2 rows"],
    [
      "an amount",
      `a,class\n${names.map((_, i) => `1,${i / 7}`).join("\n")}`,
      "that is an amount and not a class",
    ],
    [
      "no two alike",
      `a,class\n${names.map((name) => `1,${name}`).join("\n")}`,
      "has 80 different values in 80 rows",
    ],
    [
      "no value",
      "a,b,class\n1,,x\n2,,y\n3,,x\n4,,y\n",
      'column "b" has no value in any row; leave it out with --drop b',
    ],
    [
      "an odd cell",
      "a,class\n1,x\n?,y\n3,x\n4,y\n",
      'column "a" holds numbers, but at t.csv:3 it holds "?"; say --missing "?"',
    ],
    ["an infinite cell", "a,class\n1,x\n1e999,y\n3,x\n4,y\n", 'at t.csv:3 it holds "1e999"'],
    [
      "many texts",
      `a,class\n${names.map((name, i) => `${name},${i % 2}`).join("\n")}`,
      'holds 80 different texts, such as "name 0"; leave it out with --drop a',
    ],
  ])("%s", (_, text, message, options = {}) => {
    expect(messageOf(text, options)).toContain(message);
  });

  test("all columns that are wrong are named at once", () => {
    const message = messageOf("a,b,class\n1,,x\n?,,y\n3,,x\n4,,y\n");
    expect(message).toContain('column "a"');
    expect(message).toContain('column "b"');
  });

  test("without a target the columns are listed, with the likeliest first", () => {
    expect(() => readText("Species,a\nx,1\n", {})).toThrow('for instance --target "Species"');
  });
});

test.each([
  ["iris", "class", 150, 4, 3],
  ["wine", "class", 178, 13, 3],
  ["breast-cancer", "class", 569, 30, 2],
  ["pima-diabetes", "diabetes", 768, 8, 2],
  ["house-votes", "Class", 435, 16, 2],
  ["digits", "class", 1797, 64, 10],
])("%s is read whole", (name, target, rows, columns, classes) => {
  const path = resolve(import.meta.dirname, `../../../../test-fixtures/data/${name}.csv`);
  const read = readText(readFileSync(path, "utf8"), { target }, path);
  expect(read.table.rows).toBe(rows);
  expect(read.table.columns).toHaveLength(columns);
  expect(read.classes).toHaveLength(classes);
  const missing = read.features.reduce((sum, feature) => sum + feature.missing, 0);
  expect(read.table.x.filter(Number.isNaN)).toHaveLength(missing);
});

test("whatever a file holds, it is a table or an error that names it", () => {
  const alphabet = [
    '"',
    ",",
    "\n",
    "\r",
    ";",
    "1",
    "x",
    "-",
    ".",
    "NA",
    "class",
    " ",
    "\t",
    "e",
    "\u0000",
  ];
  let tables = 0;
  for (let sample = 0; sample < 3000; sample++) {
    const length = Math.floor(40 * uniformAt(5, 0, sample, 0));
    const cells = Array.from(
      { length },
      (_, i) => alphabet[Math.floor(alphabet.length * uniformAt(5, 1, sample, i))],
    );
    const message = messageOf(`a,class\n1,x\n2,y\n1,x\n2,y\n${cells.join("")}`);
    if (message === "no error") tables++;
    else expect(message).toContain("t.csv");
  }
  expect(tables).toBeGreaterThan(100);
});

describe("a spec that names a table", () => {
  const spec = {
    name: "t",
    data: { source: { kind: "table", path: "t.csv", target: "class" } },
    model: { layers: [{ units: 1, activation: "sigmoid" }] },
    train: { loss: "binaryCrossentropy", epochs: 1 },
  };

  test("is read, and what was found stands in it", async () => {
    const text = "a;b;class\n1;u;x\n2;v;y\n3;u;x\n4;v;y\n";
    const { spec: filled, tables } = await withTables(
      { ...spec, variants: { plain: {}, other: { data: spec.data } } },
      async (source) => read(text, source),
    );
    const { data, variants } = parseSpec(filled);
    expect(data.source).toEqual({
      kind: "table",
      path: "t.csv",
      target: "class",
      categorical: { b: "oneHot" },
      separator: ";",
    });
    expect(variants.other.data?.source).toEqual(data.source);
    expect(loadDataset(data, 0, tables).train.x).toEqual(Float32Array.of(1, 0, 2, 1, 3, 0, 4, 1));
  });

  test("names what is wrong with its own words", async () => {
    const wrong = { ...spec, data: { source: { kind: "table", path: "t.csv", traget: "class" } } };
    const { spec: same } = await withTables(wrong, () => {
      throw new Error("it is not read");
    });
    expect(() => parseSpec(same)).toThrow('"traget" is not a key here. Did you mean "target"?');
  });
});
