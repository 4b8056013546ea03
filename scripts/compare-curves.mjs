// How far the curves of two run folders of one spec lie apart, value by value:
//   node scripts/compare-curves.mjs runs-a/NAME-HASH runs-b/NAME-HASH

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { decodeCurves } from "../packages/core/dist/index.js";

const [first, second] = process.argv.slice(2).map(readCurves);
let values = 0;
let different = 0;
let largest = 0;
for (const [run, signals] of first) {
  for (const [name, column] of Object.entries(signals)) {
    const other = second.get(run)?.[name];
    if (other?.length !== column.length) throw new Error(`${run} has another ${name} there.`);
    column.forEach((value, epoch) => {
      values++;
      if (Object.is(value, other[epoch])) return;
      different++;
      largest = Math.max(largest, Math.abs(value - other[epoch]) / Math.abs(value));
    });
  }
}
const apart = different === 0 ? "" : `, by at most ${largest.toExponential(1)} of their size`;
console.log(`${different} of ${values} values differ${apart}`);

/** The signals of every run, by its id. */
function readCurves(folder) {
  const curves = join(folder, "curves");
  return new Map(
    readdirSync(curves).flatMap((file) => [...decodeCurves(readFileSync(join(curves, file)))]),
  );
}
