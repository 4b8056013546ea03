/// <reference types="node" />
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { deflateRawSync, gzipSync } from "node:zlib";
import { zipSync } from "fflate";
import { describe, expect, test } from "vitest";
import type { ReadProgress } from "./columns/raw-table.ts";
import { detectFormat } from "./detect-format.ts";
import { cellsOf, fileOf, readAll } from "./read-for-test.ts";
import { chunksOfStream } from "./read-raw-table.ts";
import { readTable } from "./read-table.ts";

const fixtures = resolve(import.meta.dirname, "../../../../test-fixtures");
const fixture = (name: string) => readFileSync(resolve(fixtures, "formats", name));

describe("one table of pandas in six files", () => {
  test.each([
    ["d.arrow", "arrow"],
    ["d_lz4.feather", "arrow"],
    ["d_none.parquet", "parquet"],
    ["d_snappy.parquet", "parquet"],
    ["d_gzip.parquet", "parquet"],
    ["d_zstd.parquet", "parquet"],
  ])("%s", async (name, format) => {
    const read = await readTable(fileOf(name, fixture(name), 1000), {
      kind: "table",
      path: name,
      target: "label",
    });
    expect(read.format).toBe(format);
    expect([read.table.rows, read.table.columns]).toEqual([1000, ["x1", "x2"]]);
    expect(Array.from(read.table.x.subarray(0, 4))).toEqual([
      0.3357621133327484, 0.856705357459995, 0.9532185196876526, 0.2664888951335227,
    ]);
    expect(read.table.labels.slice(0, 5)).toEqual(["a", "b", "c", "a", "a"]);
    const sum = read.table.x.reduce((a, b) => a + b, 0);
    expect(sum).toBe(await sumOfCsv());
  });

  /** Of the same cells, as text. */
  async function sumOfCsv() {
    const table = await readAll(fileOf("d.arrow", fixture("d.arrow")));
    const csv = ["x1,x2,label", ...cellsOf(table).map((row) => row.join(","))].join("\n");
    const source = { kind: "table", path: "d.csv", target: "label" } as const;
    return (await readTable(fileOf("d.csv", csv), source)).table.x.reduce((a, b) => a + b, 0);
  }
});

describe("NumPy", () => {
  // Values as numpy.load prints them.
  test("C and Fortran order, int64, and one array's columns", async () => {
    const c = cellsOf(await readAll(fileOf("x.npy", fixture("x.npy"))));
    expect([c.length, c[0]]).toEqual([
      10,
      [0.10641759634017944, 0.4496471881866455, 0.6416078805923462, 0.6495605111122131],
    ]);
    const fortran = cellsOf(await readAll(fileOf("xf.npy", fixture("xf.npy"))));
    expect(fortran.slice(0, 2)).toEqual([
      [0.6351628890782404, 0.37240326025971127, 0.21149938122285772, 0.9277586999182115],
      [0.9171900958305218, 0.976725415044113, 0.3961237747192813, 0.47145073218304134],
    ]);
    const int64 = cellsOf(await readAll(fileOf("y.npy", fixture("y.npy"))));
    expect(int64.flat()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  test.each([
    ["d.npz", 0.4538992643356323],
    ["dc.npz", 0.8662109375],
  ])("%s: x and y by name, stored or deflated", async (name, first) => {
    const table = await readAll(fileOf(name, fixture(name), 7));
    expect(table.names).toEqual(["x0", "x1", "x2", "x3", "y"]);
    expect(cellsOf(table)[0][0]).toBe(first);
    expect(cellsOf(table).map((row) => row[4])).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  test("y is the target of an archive, as np.savez(x=x, y=y) says, and images are flat rows", async () => {
    const archive = zipSync({
      "x_train.npy": npy("<f4", [4, 1, 2], Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8)),
      "y_train.npy": npy("|u1", [4], Uint8Array.of(0, 1, 0, 1)),
      "x_test.npy": npy("<f4", [1, 1, 2], Float32Array.of(9, 9)),
    });
    const source = { kind: "table", path: "mnist.npz" } as const;
    const { table, notes } = await readTable(fileOf("mnist.npz", archive), source);
    expect([table.columns, table.labels]).toEqual([
      ["x0", "x1"],
      [0, 1, 0, 1],
    ]);
    expect(Array.from(table.x)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(notes).toEqual(["mnist.npz: x_test left out."]);
  });

  test.each<[string, Uint8Array, (number | string)[]]>([
    ["<f2", bytesOf(Uint16Array.of(0x3c00, 0xc000, 0x0001)), [1, -2, 2 ** -24]],
    [">f4", Uint8Array.of(0x3f, 0x80, 0, 0, 0xbf, 0, 0, 0), [1, -0.5]],
    [">i2", Uint8Array.of(0xff, 0xfe, 1, 0), [-2, 256]],
    ["|b1", Uint8Array.of(1, 0), [1, 0]],
    ["<u8", bytesOf(BigUint64Array.of(7n, 8n)), [7, 8]],
    ["|S3", new TextEncoder().encode("ab\0cde"), ["ab", "cde"]],
    ["<U2", bytesOf(Uint32Array.of(0xe9, 0, 0x1f600, 0x62)), ["é", "😀b"]],
  ])("values of type %s", async (type, data, expected) => {
    const table = await readAll(fileOf("a.npy", npy(type, [expected.length], data)));
    expect(cellsOf(table).flat()).toEqual(expected);
  });
});

describe("JSON", () => {
  const rows = [
    [1, "x"],
    [null, "y"],
    [2.5, null],
  ];
  test.each([
    ["records", '[{"a":1,"b":"x"},{"b":"y"},{"a":2.5,"b":null}]'],
    ["columns", '{"a":[1,null,2.5],"b":["x","y",null]}'],
    ["pandas's columns", '{"a":{"0":1,"1":null,"2":2.5},"b":{"0":"x","1":"y","2":null}}'],
    [
      "pandas's split",
      '{"columns":["a","b"],"index":[0,1,2],"data":[[1,"x"],[null,"y"],[2.5,null]]}',
    ],
    [
      "pandas's table",
      '{"schema":{},"data":[{"a":1,"b":"x"},{"a":null,"b":"y"},{"a":2.5,"b":null}]}',
    ],
    ["lines", '{"a":1,"b":"x"}\n\n{"b":"y"}\r\n{"a":2.5,"b":null}'],
  ])("%s", async (_, text) => {
    for (const name of ["t.data", _ === "lines" ? "t.jsonl" : "t.json"]) {
      const table = await readAll(fileOf(name, text, 5));
      expect(table.names).toEqual(["a", "b"]);
      expect(cellsOf(table)).toEqual(rows);
    }
  });

  test("numbers that are written as text are numbers, and true is a text", async () => {
    const table = await readAll(fileOf("t.json", '[{"a":"1.5","b":true},{"a":"2","b":false}]'));
    expect(cellsOf(table)).toEqual([
      [1.5, "true"],
      [2, "false"],
    ]);
  });

  test("a column that begins late is missing above", async () => {
    const table = await readAll(fileOf("t.jsonl", '{"a":1}\n{"a":2}\n{"a":3,"b":4}'));
    expect(cellsOf(table).map((row) => row[1])).toEqual([null, null, 4]);
  });

  test("a target of numbers is read as it is written", async () => {
    const text = '[{"a":1,"class":1},{"a":2,"class":0},{"a":3,"class":1},{"a":4,"class":0}]';
    const source = { kind: "table", path: "t.json", target: "class" } as const;
    const read = await readTable(fileOf("t.json", text), source);
    expect(read.table.labels).toEqual([1, 0, 1, 0]);
  });
});

describe("encodings of text", () => {
  const text = "größe,class\n1,rot\n2,grün\n";
  const cells = [
    [1, "rot"],
    [2, "grün"],
  ];
  const latin1 = Uint8Array.from(text, (character) => character.charCodeAt(0));
  const utf16 = (mark: number[], bigEndian: boolean) =>
    Uint8Array.from([
      ...mark,
      ...[...text].flatMap((character) => {
        const code = character.charCodeAt(0);
        return bigEndian ? [code >> 8, code & 255] : [code & 255, code >> 8];
      }),
    ]);

  test.each<[string, string | Uint8Array]>([
    ["UTF-8", text],
    ["UTF-8 with its mark", `\ufeff${text}`],
    ["windows-1252", latin1],
    ["UTF-16, little end first", utf16([0xff, 0xfe], false)],
    ["UTF-16, big end first", utf16([0xfe, 0xff], true)],
  ])("%s is found", async (_, content) => {
    for (const pieces of [1, 2, 3, 100]) {
      const table = await readAll(fileOf("t.csv", content, pieces));
      expect([table.names, cellsOf(table)]).toEqual([["größe", "class"], cells]);
    }
  });

  test("what was found stands in the source, and is what is said", async () => {
    const source = { kind: "table", path: "t.csv", target: "class" } as const;
    const many = Uint8Array.from([...latin1, ...latin1.subarray(12)]);
    const read = await readTable(fileOf("t.csv", many), source);
    expect(read.source.encoding).toBe("windows-1252");
    expect(read.notes).toEqual([
      "t.csv is not UTF-8 and was read as windows-1252; --encoding names another.",
    ]);
    const again = await readTable(fileOf("t.csv", many), read.source);
    expect(again.table).toEqual(read.table);
  });

  test("another encoding is read when it is named", async () => {
    const shiftJis = Uint8Array.of(0x61, 0x2c, 0x8e, 0xed, 0x0a, 0x31, 0x2c, 0x94, 0x5c, 0x0a);
    const table = await readAll(fileOf("t.csv", shiftJis), { encoding: "shift_jis" });
    expect([table.names, cellsOf(table)]).toEqual([["a", "種"], [[1, "能"]]]);
  });

  test("UTF-8 above and something else below is said with its line", async () => {
    const mixed = Uint8Array.from([...new TextEncoder().encode(text), ...latin1.subarray(13)]);
    await expect(readAll(fileOf("t.csv", mixed))).rejects.toThrow(
      "t.csv:5: a cell is not UTF-8, but cells above it are; say how the file is encoded",
    );
  });
});

describe("files that are no table say what they are and name themselves", () => {
  const bomb = gzipSync(Buffer.alloc(2 ** 24, "1,2\n"));
  test.each<[string, string, string | Uint8Array, string]>([
    ["nothing", "t.csv", "", "t.csv is empty"],
    ["a PNG", "t.csv", Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0, 0), "t.csv is not text"],
    ["a workbook", "t.xlsx", zipSync({ "xl/a.xml": Uint8Array.of(1) }), "perhaps a workbook"],
    ["a model", "m.keras", zipSync({ "config.json": Uint8Array.of(1) }), "perhaps a Keras model"],
    ["HDF5", "m.h5", Uint8Array.of(0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a), "an HDF5 file"],
    ["bytes without a zero", "t.csv", Uint8Array.of(97, 10, 1, 2, 3), "t.csv is not text"],
    ["Feather 1", "t.feather", "FEA1....", "a Feather file of version 1"],
    ["a web page", "t.csv", "<!DOCTYPE html><html>", "a web page"],
    ["gzip, cut off", "t.csv.gz", bomb.subarray(0, 1000), "cut off or damaged"],
    ["gzip twice", "t.csv.gz", gzipSync(gzipSync("a,b\n1,2\n")), "is gzipped twice"],
    ["JSON, cut off", "t.json", '[{"a":1},{"a', "see whether the file was cut off"],
    ["NaN in JSON", "t.json", '[\n{"a":NaN}]', "NaN and Infinity are no JSON"],
    ["one record", "t.json", '{"a":1}', "is one record; a table is an array of records"],
    ["a number", "t.json", "5", "is JSON, but no table"],
    ["no records", "t.json", "[]", "holds no record"],
    ["lists of lists", "t.json", "[[1,2]]", "t.json, row 1: a list stands where a record"],
    ["a nested cell", "t.json", '[{"a":1},{"a":[2]}]', 't.json, row 2: column "a" holds a list'],
    ["uneven columns", "t.json", '{"a":[1],"b":[1,2]}', 'holds 1 cells of column "a" and 2 of "b"'],
    ["a bad line", "t.jsonl", '{"a":1}\n{"a":2\n', "t.jsonl:2: this is no JSON"],
    ["NPY, cut off", "x.npy", fixture("x.npy").subarray(0, 200), "it was cut off, save it again"],
    ["NPY objects", "x.npy", npy("|O8", [1], new Uint8Array(8)), "holds Python objects"],
    ["NPY complex", "x.npy", npy("<c8", [1], new Uint8Array(8)), "of type c8; save it as float64"],
    ["NPZ, cut off", "d.npz", fixture("d.npz").subarray(0, 300), "was cut off or damaged"],
    [
      "NPZ without arrays",
      "d.npz",
      zipSync({ "a.txt": Uint8Array.of(1) }),
      "without a NumPy array",
    ],
    ["Parquet of fewer than no rows", "d.parquet", lessThanNoRows(), "says that it has -978 rows"],
    ["Parquet, cut off", "d.parquet", fixture("d_zstd.parquet").subarray(0, 9000), "was cut off"],
    ["Arrow, cut off", "d.arrow", fixture("d.arrow").subarray(0, 9000), "cannot be read"],
  ])("%s", async (_, name, content, message) => {
    const reading = readAll(fileOf(name, content, 4096));
    await expect(reading).rejects.toMatchObject({ name: "TableError" });
    await expect(reading).rejects.toThrow(name);
    await expect(reading).rejects.toThrow(message);
  });

  test("arrays of unequal length", async () => {
    const archive = zipSync({
      "x.npy": npy("|u1", [2], Uint8Array.of(1, 2)),
      "y.npy": npy("|u1", [3], Uint8Array.of(1, 2, 3)),
    });
    await expect(readAll(fileOf("d.npz", archive))).rejects.toThrow(
      'd.npz holds 2 rows of "x" and 3 of "y"',
    );
  });
});

describe("what unpacks to more than memory holds is refused before it does", () => {
  test("NPZ: by the sizes that the archive states", async () => {
    const archive = zipBomb("x.npy", 2 ** 31 - 1);
    await expect(readAll(fileOf("d.npz", archive))).rejects.toThrow(
      "d.npz holds 2,048 MB where 512 MB are read at most",
    );
  });

  test("NPY: by the shape that its header states", async () => {
    const lie = npy("<f8", [2 ** 20, 2 ** 20], new Uint8Array(8));
    await expect(readAll(fileOf("x.npy", lie))).rejects.toThrow("more than 134,217,728 cells");
  });

  test("text: when it has more cells than are read", async () => {
    const wide = `${Array.from({ length: 20_000 }, (_, j) => `c${j}`).join(",")}\n`;
    const row = `${"1,".repeat(19_999)}1\n`;
    async function* rows() {
      yield new TextEncoder().encode(wide);
      const piece = new TextEncoder().encode(row.repeat(64));
      for (;;) yield piece;
    }
    const endless = { name: "t.csv", chunks: rows() };
    const readings = (names: readonly string[]) =>
      names.map((_, j) => (j === 0 ? "infer" : "skip"));
    await expect(readAll(endless, { readings: readings as never })).rejects.toThrow(
      "t.csv holds more than 134,217,728 cells",
    );
  });

  test("a quote that never ends", async () => {
    async function* quote() {
      yield new TextEncoder().encode('a,b\n1,2\n"3');
      const piece = new TextEncoder().encode("x".repeat(2 ** 20));
      for (;;) yield piece;
    }
    await expect(readAll({ name: "t.csv", chunks: quote() })).rejects.toThrow(
      "t.csv:3: a quoted cell begins here and ends nowhere",
    );
  });
});

test("a stream of the web platform is read in pieces, as of a file that is dropped on a page", async () => {
  const dropped = new Blob(["a,class\n1,x\n2,y\n", "3,x\n4,y\n"]);
  const table = await readAll({ name: "t.csv", chunks: chunksOfStream(dropped.stream()) });
  expect(cellsOf(table).map(([a]) => a)).toEqual([1, 2, 3, 4]);
});

test("how far reading is, in bytes of the file and rows", async () => {
  const seen: ReadProgress[] = [];
  const zipped = gzipSync("a,b\n1,2\n3,4\n");
  await readAll(fileOf("t.csv.gz", zipped), { onProgress: (progress) => seen.push(progress) });
  expect(seen.at(-1)).toEqual({ bytes: zipped.length, rows: 2 });
});

test.each([
  ["PAR1,PAR2\n1,2\n", "t.csv", "text"],
  ['{"a": [1]}', "data", "json"],
  ['{"a": 1}\n', "data", "jsonLines"],
  ["[1]", "t.csv", "text"],
  ["a,b", "t.unknown", "text"],
])("%j called %s is %s", (text, name, format) => {
  expect(detectFormat(name, new TextEncoder().encode(text))).toBe(format);
});

function bytesOf(array: ArrayBufferView): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

function npy(type: string, shape: readonly number[], data: ArrayBufferView): Uint8Array {
  const tuple = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const header = `{'descr': '${type}', 'fortran_order': False, 'shape': (${tuple}), }\n`;
  const start = Uint8Array.from(`\x93NUMPY\x01\x00`, (character) => character.charCodeAt(0));
  const length = Uint8Array.of(header.length & 255, header.length >> 8);
  return Uint8Array.from([
    ...start,
    ...length,
    ...new TextEncoder().encode(header),
    ...bytesOf(data),
  ]);
}

/** An archive of one deflated entry that is said to unpack to `size` bytes. */
function zipBomb(name: string, size: number): Uint8Array {
  const archive = zipSync({ [name]: [new Uint8Array(1000), { level: 9 }] });
  expect(archive.length).toBeLessThan(deflateRawSync(new Uint8Array(1000)).length + 200);
  const view = new DataView(archive.buffer);
  const directory = archive.findIndex((_, i) => view.getUint32(i, true) === 0x02014b50);
  view.setUint32(directory + 24, size, true);
  return archive;
}

/** A byte of the footer changed, as the fuzz test found it. */
function lessThanNoRows(): Uint8Array {
  const bytes = Uint8Array.from(fixture("d_snappy.parquet"));
  bytes[14837] = 163;
  return bytes;
}
