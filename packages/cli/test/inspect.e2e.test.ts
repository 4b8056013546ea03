// clab inspect: what it prints, what it writes, and what it says of files that are none.

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { clab, root, temporaryFolder } from "./clab.ts";

const wine = join(root, "test-fixtures/data/wine.csv");

test("a table is shown, and written as JSON and as a page", async () => {
  const out = temporaryFolder();
  const [json, html] = [join(out, "wine.json"), join(out, "wine.html")];
  const args = ["inspect", wine, "--target", "class"];
  const { code, stdout } = await clab([...args, "--export-json", json, "--export-html", html]);
  expect(code).toBe(0);
  expect(stdout).toContain("178 rows, 14 columns");
  expect(stdout).toContain("class_1");
  const inspection = JSON.parse(readFileSync(json, "utf8"));
  expect(inspection.columns).toHaveLength(14);
  expect(JSON.parse((await clab([...args, "--json"])).stdout)).toEqual(inspection);
  const page = readFileSync(html, "utf8");
  expect(page.match(/<svg/g)).toHaveLength(13);
  expect(page).not.toMatch(/https?:\/\/(?!www\.w3\.org)/);
});

test("standard input, Parquet, and exit code 3 with nothing written", async () => {
  const piped = await clab(["inspect", "-", "--ascii"], { stdin: readFileSync(wine, "utf8") });
  expect(piped.stdout).toContain("standard input\n178 rows");
  const parquet = join(root, "test-fixtures/formats/d_snappy.parquet");
  expect((await clab(["inspect", parquet])).stdout).toContain("1,000 rows, 3 columns, Parquet");
  const out = temporaryFolder();
  const broken = join(out, "broken.csv");
  writeFileSync(broken, "a,b\n1,2\n3\n4,5\n");
  const page = join(out, "page.html");
  const refused = await clab(["inspect", broken, "--export-html", page]);
  expect(refused.stderr).toContain("broken.csv:3: 1 cells, but the first line names 2 columns");
  expect({ code: refused.code, stdout: refused.stdout }).toEqual({ code: 3, stdout: "" });
  expect(existsSync(page)).toBe(false);
});
