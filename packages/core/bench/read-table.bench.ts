// How long a CSV of a million rows and 20 columns takes to read, and how much memory. The file is
// written first, its numbers as repr writes float64; Papa Parse cuts the same bytes into cells, in
// the same rounds, and Number reads each; no column is kept of them. Memory is the process's most, before Papa Parse ran.
//
//   npx tsx --conditions=source packages/core/bench/read-table.bench.ts [rounds]

import { appendFileSync, createReadStream, existsSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Papa from "papaparse";
import { uniformAt } from "../src/shared/random.ts";
import { readTable } from "../src/tables/read-table.ts";

const ROWS = 1_000_000;
const NUMBERS = 19;
const path = join(tmpdir(), `clab-million-${NUMBERS}.csv`);

if (!existsSync(path)) writeTable();
const megabytes = statSync(path).size / 2 ** 20;
console.log(`${ROWS} rows of ${NUMBERS} float64 and a class, ${megabytes.toFixed(0)} MB`);

let memory = Number.NaN;
const rounds = Number(process.argv[2] ?? 3);
for (let round = 0; round < rounds; round++) {
  const ours = await timed(async () => {
    const file = { name: path, chunks: createReadStream(path, { highWaterMark: 2 ** 20 }) };
    const { table } = await readTable(file, { kind: "table", path, target: "class" });
    if (table.rows !== ROWS || table.x.includes(Number.NaN)) throw new Error("it was read wrong");
    if (table.x[NUMBERS] !== valueAt(1, 0)) throw new Error("a number was read wrong");
  });
  if (round === 0) memory = process.resourceUsage().maxRSS / 1024;
  const papa = await timed(async () => {
    let cells = 0;
    let sum = 0;
    await new Promise<void>((resolve, reject) => {
      Papa.parse<string[]>(createReadStream(path), {
        step: ({ data }) => {
          cells += data.length;
          for (const cell of data) sum += Number(cell) || 0;
        },
        complete: () => resolve(),
        error: reject,
      });
    });
    if (cells < ROWS * (NUMBERS + 1) || !(sum > 0)) throw new Error("Papa Parse read fewer cells");
  });
  console.log(
    `round ${round + 1}: read into columns ${ours.toFixed(1)} s, at most ${memory.toFixed(0)} MB; Papa Parse and Number ${papa.toFixed(1)} s (${(papa / ours).toFixed(1)} times as long)`,
  );
}

async function timed(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

function valueAt(row: number, column: number): number {
  return uniformAt(1, column, row, 0) + uniformAt(1, column, row, 1) * 2 ** -24;
}

function writeTable(): void {
  const names = Array.from({ length: NUMBERS }, (_, j) => `x${j}`);
  writeFileSync(path, `${names.join(",")},class\n`);
  for (let start = 0; start < ROWS; start += 10_000) {
    const lines = Array.from({ length: 10_000 }, (_, i) => {
      const row = start + i;
      const values = names.map((_, j) => String(valueAt(row, j)));
      return `${values.join(",")},${row % 3 === 0 ? "yes" : "no"}\n`;
    });
    appendFileSync(path, lines.join(""));
  }
}
