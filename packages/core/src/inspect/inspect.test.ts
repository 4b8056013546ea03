/// <reference types="node" />
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import type { TableSource } from "../spec/table-source.ts";
import { fileOf } from "../tables/read-for-test.ts";
import { inspectTable } from "./inspect-table.ts";
import type { InspectedColumn } from "./inspection.ts";
import { inspectionAsText } from "./inspection-as-text.ts";
import { inspectionHtml } from "./inspection-html.ts";

function inspect(text: string, options: Partial<TableSource> = {}, name = "t.csv") {
  return inspectTable(fileOf(name, text), { kind: "table", path: name, ...options });
}

function columnOf({ columns }: { columns: readonly InspectedColumn[] }, name: string) {
  return columns.find((column) => column.name === name)!;
}

test("numbers: range, quartiles, spread, different values, missing cells, and a histogram", async () => {
  const found = await inspect("a,b,c\n0,1,3\n2,NA,3\n4,1,5\n6,1,4\n16,1.5,3\n");
  const { numbers, missing, distinct } = columnOf(found, "a");
  expect({ missing, distinct }).toEqual({ missing: 0, distinct: 5 });
  expect(numbers).toMatchObject({ min: 0, q1: 2, median: 4, q3: 6, max: 16, areWhole: true });
  expect(numbers!.mean).toBeCloseTo(5.6, 12);
  expect(numbers!.sd).toBeCloseTo(Math.sqrt((31.36 + 12.96 + 2.56 + 0.16 + 108.16) / 5), 12);
  expect(numbers!.histogram).toEqual([1, 0, 1, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
  expect(columnOf(found, "c").numbers!.histogram).toEqual([3, 1, 1]);
  expect(columnOf(found, "b")).toMatchObject({ missing: 1, distinct: 2 });
  expect(columnOf(found, "b").numbers!.areWhole).toBe(false);
});

test("texts: the most frequent first, and those that are not listed are counted", async () => {
  const rows = Array.from({ length: 30 }, (_, i) => (i < 8 ? "often" : `t${i}`));
  const { texts, distinct } = columnOf(
    await inspect(`a,b\n${rows.map((t) => `${t},1`).join("\n")}`),
    "a",
  );
  expect(texts!.levels[0]).toEqual({ text: "often", rows: 8 });
  expect(texts!.levels[1]).toEqual({ text: "t10", rows: 1 });
  expect([texts!.levels.length, texts!.more, distinct]).toEqual([20, 3, 23]);
});

test("how much a column tells: all, nothing, and what is computed by hand", async () => {
  const table = "same,none,half,text,class\n" + "1,1,0,u,a\n1,2,1,u,a\n2,1,1,v,b\n2,2,2,u,b\n";
  const found = await inspect(table, { target: "class" });
  expect(columnOf(found, "same").tells).toBe(1);
  expect(columnOf(found, "none").tells).toBe(0);
  // Means 0.5 and 1.5 around 1: 4 x 0.25 of a sum of squares of 2.
  expect(columnOf(found, "half").tells).toBeCloseTo(Math.sqrt(1 / 2), 12);
  // (2 0 / 1 1): chi-square 4/3 of 4 rows.
  expect(columnOf(found, "text").tells).toBeCloseTo(Math.sqrt(1 / 3), 12);
  expect(columnOf(found, "class")).toMatchObject({ isTarget: true, tells: null });
});

test("columns that go together, the strongest first", async () => {
  const rows = Array.from({ length: 50 }, (_, i) => [i, 2 * i + 1, -i, (i * i) % 7].join(","));
  const { correlations } = await inspect(`a,b,c,d\n${rows.join("\n")}`);
  expect(correlations).toMatchObject({ columns: 4, rows: 50 });
  expect(correlations.strongest).toHaveLength(3);
  expect(correlations.strongest[0]).toMatchObject({ a: "a", b: "b" });
  expect(correlations.strongest.map(({ r }) => Math.round(1e9 * r) / 1e9)).toEqual([1, -1, -1]);
});

describe("what stands out", () => {
  const many = (cell: (i: number) => string) =>
    Array.from({ length: 100 }, (_, i) => `${cell(i)},${i % 5 === 0 ? "x" : "y"}`).join("\n");
  test.each<[string, string, string, Partial<TableSource>?]>([
    [
      "an odd cell",
      "a,b\n1,2\n?,2\n3,1\n",
      'a holds numbers, but a cell is none, first "?" at t.csv:3',
    ],
    ["nothing", "a,b\n,1\n,2\n", "a is missing in every row"],
    ["a constant", "a,b\n7,1\n7,2\n", "a has one value in all rows and tells nothing"],
    [
      "a number of the row",
      `id,b\n${many((i) => String(i + 1000))}`,
      "id is different in every row",
    ],
    ["many texts", `a,b\n${many((i) => `t${i}`)}`, "a has more than 64 different texts"],
    ["gaps", "a,b\n1,1\n,2\n3,3\n4,2\n", "Cells are missing in a 25%"],
    [
      "a leak",
      `a,b\n${many((i) => (i % 5 === 0 ? "1" : "2"))}`,
      "a by itself nearly tells b",
      { target: "b" },
    ],
    ["scales", "a,b\n1,1000\n2,2000\n3,3000\n", "b spreads 1000 times as wide as a: standardize"],
    [
      "imbalance",
      `a,b\n${many((i) => String(i % 7))}`,
      "y has 4.00 times the rows of x",
      { target: "b" },
    ],
    [
      "an amount",
      `a,b\n${Array.from({ length: 90 }, (_, i) => `1,${i / 7}`).join("\n")}`,
      "that is an amount and not a class",
      { target: "b" },
    ],
  ])("%s", async (_, text, says, options) => {
    expect((await inspect(text, options)).standsOut.join("\n")).toContain(says);
  });

  test("a plain table has nothing that does", async () => {
    const rows = Array.from({ length: 40 }, (_, i) =>
      [(i * i) % 13, (i * 7) % 11, i % 2].join(","),
    );
    expect((await inspect(`a,b,c\n${rows.join("\n")}`, { target: "c" })).standsOut).toEqual([]);
  });
});

test("columns are chosen by name, and one that does not exist is an error", async () => {
  const text = "alpha,beta,class\n1,2,x\n2,3,y\n";
  const chosen = await inspect(text, { features: ["beta"], target: "class" });
  expect(chosen.columns.map(({ name }) => name)).toEqual(["beta", "class"]);
  expect((await inspect(text, { drop: ["beta"] })).columns).toHaveLength(2);
  await expect(inspect(text, { target: "clas" })).rejects.toThrow('Did you mean "class"?');
});

test("10,000 columns are read, the first are shown and the rest counted", async () => {
  const names = Array.from({ length: 10_000 }, (_, j) => `c${j}`);
  const row = (i: number) => names.map((_, j) => (i * (j + 1)) % 17).join(",");
  const text = [names.join(","), ...[1, 2, 3, 4, 5].map(row)].join("\n");
  const found = await inspect(text);
  expect(found.columns).toHaveLength(10_000);
  expect(inspectionAsText(found)).toContain("and 9,940 more columns: --export-json has them all.");
  expect(inspectionHtml(found)).toContain("And 9,500 more.");
});

describe("renderings", () => {
  const path = resolve(import.meta.dirname, "../../../../test-fixtures/data/iris.csv");
  const iris = readFileSync(path, "utf8");

  test("a terminal of 80 columns", async () => {
    const found = await inspect(iris, { target: "class" }, "iris.csv");
    const text = inspectionAsText(found);
    for (const line of text.split("\n")) expect([...line].length).toBeLessThanOrEqual(80);
    expect(text).toMatchInlineSnapshot(`
      "iris.csv
      150 rows, 5 columns, CSV or TSV.

      What stands out
        - Nearly the same: petal_length and petal_width (r 0.963).

      column        type  values  tells  min .. median .. max                 rows
      sepal_length  num       35   0.79  4.3 .. 5.8 .. 7.9                    ▃█▇█▇▅▂▂
      sepal_width   num       23   0.63  2 .. 3 .. 4.4                        ▂▃██▇▄▁▁
      petal_length  num       43   0.97  1 .. 4.35 .. 6.9                     █▁▁▂▅▆▄▁
      petal_width   num       22   0.96  0.1 .. 1.3 .. 2.5                    █▂ ▃▇▄▄▄
      class         text       3         setosa 50, versicolor 50, virginic…  ███
      tells: how much a column alone tells of class, 0 to 1 (correlation ratio,
      Cramer's V).

      Classes of class
        setosa           50    33%  ██████████████████████████████
        versicolor       50    33%  ██████████████████████████████
        virginica        50    33%  ██████████████████████████████

      Columns that go together (Pearson's r)
        +0.96 petal_length, petal_width
        +0.87 sepal_length, petal_length
        +0.82 sepal_length, petal_width
        −0.43 sepal_width, petal_length
        −0.37 sepal_width, petal_width
      "
    `);
  });

  test("ASCII alone, where the terminal has nothing else", async () => {
    const text = inspectionAsText(await inspect(iris, { target: "class" }, "iris.csv"), {
      ascii: true,
      width: 120,
    });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the range of ASCII.
    expect(text).toMatch(/^[\u0000-\u007f]*$/);
  });

  test("text from the file is text: no tag, no escape sequence, valid JSON", async () => {
    const hostile =
      'a<b>,class\n1,<script>x</script>\n2,"\u009b31mred"\n3,<script>x</script>\n4,y\n';
    const found = await inspect(hostile, { target: "class" });
    const html = inspectionHtml(found);
    expect(html).not.toContain("<script>x");
    expect(html).not.toContain("a<b>");
    expect(inspectionAsText(found)).not.toContain("\u009b");
    expect(JSON.parse(JSON.stringify(found))).toEqual(found);
  });
});
