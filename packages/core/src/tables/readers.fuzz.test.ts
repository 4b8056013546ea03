// Properties of the readers, on tables and on bytes that nobody would write by hand.

/// <reference types="node" />
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import fc from "fast-check";
import Papa from "papaparse";
import { describe, expect, test } from "vitest";
import type { RawTable } from "./columns/raw-table.ts";
import { TableError } from "./errors.ts";
import { cellsOf, fileOf, readAll } from "./read-for-test.ts";

const NO_WORDS = { missing: new Set<string>(), reading: "text" } as const;

/** Texts as they come back: without blanks around. */
const cell = fc
  .string({ unit: fc.constantFrom(..."ab1,;\t|\"\n\r .-é€😀'"), maxLength: 6 })
  .map((text) => text.trim());

const table = fc.integer({ min: 1, max: 5 }).chain((width) =>
  fc.record({
    names: fc.constant(Array.from({ length: width }, (_, j) => `c${j}`)),
    rows: fc.array(fc.array(cell, { minLength: width, maxLength: width }), {
      minLength: 1,
      maxLength: 8,
    }),
  }),
);

async function readOrError(name: string, content: string | Uint8Array, pieces?: number) {
  try {
    return await readAll(fileOf(name, content, pieces), NO_WORDS);
  } catch (error) {
    if (error instanceof TableError) return error;
    throw error;
  }
}

function texts(read: RawTable): string[][] {
  return cellsOf(read).map((row) => row.map((value) => String(value ?? "")));
}

describe("text", () => {
  test.each([",", ";", "\t", "|"])(
    "what is written with %j is read again, in any pieces",
    async (delimiter) => {
      await fc.assert(
        fc.asyncProperty(
          table,
          fc.constantFrom("\n", "\r\n"),
          fc.boolean(),
          fc.integer({ min: 1, max: 40 }),
          async ({ names, rows }, newline, quotes, pieces) => {
            const filled = rows.filter((row) => row.some((text) => text !== ""));
            fc.pre(filled.length > 0);
            const text = Papa.unparse([names, ...filled], { delimiter, newline, quotes });
            const read = await readAll(fileOf("t.csv", text, pieces), {
              ...NO_WORDS,
              separator: delimiter,
            });
            // A blank line is no row, so neither is a row of one empty cell.
            expect(texts(read)).toEqual(filled);
            expect(read.names).toEqual(names);
          },
        ),
        { numRuns: 300 },
      );
    },
  );

  test("the size of the pieces changes nothing, lines and errors included", async () => {
    const soup = fc.string({ unit: fc.constantFrom(...'",\n\r;1x.é '), maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(soup, fc.integer({ min: 1, max: 9 }), async (text, pieces) => {
        const content = `a,b\n1,2\n${text}`;
        const [whole, cut] = [
          await readOrError("t.csv", content),
          await readOrError("t.csv", content, pieces),
        ];
        if (whole instanceof TableError) {
          expect(cut).toBeInstanceOf(TableError);
          expect((cut as TableError).message).toBe(whole.message);
          return;
        }
        const read = cut as RawTable;
        expect(texts(read)).toEqual(texts(whole));
        for (let row = 0; row < whole.rows; row++) {
          expect(read.placeOf(row)).toBe(whole.placeOf(row));
        }
      }),
      { numRuns: 800 },
    );
  });

  test("cells are those of Papa Parse, wherever both find a table", async () => {
    const soup = fc.string({ unit: fc.constantFrom(...'"",,\n\n1x '), maxLength: 40 });
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(soup, async (text) => {
        // A blank after the last quote is an error to Papa Parse at the end of a text only.
        const content = `a,b\n1,2\n${text.trimEnd()}`;
        const read = await readOrError("t.csv", content);
        const papa = Papa.parse<string[]>(content, { delimiter: ",", newline: "\n" });
        const broken = papa.errors.some(({ type }) => type === "Quotes");
        if (read instanceof TableError) {
          const rows = papa.data.filter((row) => row.length > 1 || row[0].trim() !== "");
          expect(broken || rows.some((row) => row.length !== 2)).toBe(true);
          return;
        }
        compared++;
        expect(broken).toBe(false);
        const rows = papa.data.filter((row) => row.length > 1 || row[0].trim() !== "");
        expect(texts(read)).toEqual(rows.slice(1).map((row) => row.map((one) => one.trim())));
      }),
      { numRuns: 1500 },
    );
    expect(compared).toBeGreaterThan(300);
  });
});

describe("whatever the bytes are, the answer is a table or an error that names the file", () => {
  const fixtures = resolve(import.meta.dirname, "../../../../test-fixtures");
  /** `FUZZ=50` tries so many times as many. */
  const TIMES = Number(process.env.FUZZ ?? 1);
  const FILES = [
    ["formats/d.arrow", 30],
    ["formats/d_lz4.feather", 30],
    ["formats/d_none.parquet", 30],
    ["formats/d_snappy.parquet", 30],
    ["formats/d_gzip.parquet", 30],
    ["formats/d_zstd.parquet", 30],
    ["formats/d.npz", 100],
    ["formats/dc.npz", 100],
    ["formats/xf.npy", 100],
    ["data/iris.csv", 50],
  ] as const;

  test.each(FILES)("%s with bytes changed, left out and cut off", async (path, numRuns) => {
    const whole = readFileSync(resolve(fixtures, path));
    const change = fc.record({
      at: fc.nat(whole.length - 1),
      value: fc.integer({ min: 0, max: 255 }),
    });
    const name = path.slice(path.indexOf("/") + 1);
    await fc.assert(
      fc.asyncProperty(
        fc.array(change, { maxLength: 4 }),
        fc.option(fc.nat(whole.length)),
        async (changes, end) => {
          const bytes = Uint8Array.from(whole.subarray(0, end ?? whole.length));
          for (const { at, value } of changes) if (at < bytes.length) bytes[at] = value;
          const read = await readOrError(name, bytes, 5000);
          if (read instanceof TableError) expect(read.message).toContain(name);
          else expect(read.rows).toBeGreaterThan(0);
        },
      ),
      { numRuns: TIMES * numRuns },
    );
  });

  test("any bytes at all, under any name", async () => {
    const start = fc.constantFrom(
      "",
      "\x93NUMPY\x01\x00",
      "PAR1\x15",
      "ARROW1\0\0",
      "PK\x03\x04",
      "\x1f\x8b\x08",
      "[",
      '{"a":',
      "\xff\xfe",
      "\xff\xff\xff\xff",
    );
    const name = fc.constantFrom("t.csv", "t.json", "t.jsonl", "t", "t.npz", "t.parquet");
    await fc.assert(
      fc.asyncProperty(
        start,
        fc.uint8Array({ maxLength: 80 }),
        name,
        async (magic, rest, called) => {
          const bytes = Uint8Array.from([...Buffer.from(magic, "latin1"), ...rest]);
          const read = await readOrError(called, bytes, 16);
          if (read instanceof TableError) expect(read.message).toContain(called);
        },
      ),
      { numRuns: TIMES * 500 },
    );
  });

  test("any JSON value", async () => {
    await fc.assert(
      fc.asyncProperty(fc.json(), async (text) => {
        for (const name of ["t.json", "t.jsonl"]) {
          const read = await readOrError(name, text);
          if (read instanceof TableError) expect(read.message).toContain(name);
        }
      }),
      { numRuns: TIMES * 300 },
    );
  });
});
