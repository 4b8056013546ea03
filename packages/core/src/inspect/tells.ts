// How much one column tells of the classes, from 0 (nothing) to 1 (everything).

interface Coded {
  readonly levels: readonly string[];
  /** One per row; -1 where it is missing. */
  readonly codes: Int32Array;
}

/**
 * Correlation ratio: the root of the share of a number's variance that lies between the classes
 * (Fisher 1925). Null for a column without spread.
 */
export function correlationRatio(values: Float64Array, classes: Int32Array): number | null {
  const sums = new Map<number, { n: number; sum: number }>();
  let [n, total] = [0, 0];
  values.forEach((value, row) => {
    if (Number.isNaN(value) || classes[row] === -1) return;
    const own = sums.get(classes[row]) ?? { n: 0, sum: 0 };
    own.n++;
    own.sum += value;
    sums.set(classes[row], own);
    n++;
    total += value;
  });
  const mean = total / n;
  let between = 0;
  for (const own of sums.values()) between += own.n * (own.sum / own.n - mean) ** 2;
  let within = 0;
  values.forEach((value, row) => {
    if (!Number.isNaN(value) && classes[row] !== -1) within += (value - mean) ** 2;
  });
  return within > 0 ? Math.sqrt(Math.min(1, between / within)) : null;
}

/** More would be a table of more cells than most files have rows. */
const MOST_LEVELS = 200;

/**
 * Cramer's V of two columns of names. Null where one has a single level or too many, and where a
 * level has fewer than two rows on average: it would tell every class, and no new row's.
 */
export function cramersV(column: Coded, classes: Coded): number | null {
  const [rows, columns] = [column.levels.length, classes.levels.length];
  if (rows < 2 || columns < 2 || rows > MOST_LEVELS || columns > MOST_LEVELS) return null;
  if (2 * rows > column.codes.length) return null;
  const cells = new Float64Array(rows * columns);
  let n = 0;
  column.codes.forEach((code, row) => {
    if (code === -1 || classes.codes[row] === -1) return;
    cells[code * columns + classes.codes[row]]++;
    n++;
  });
  const ofRow = Float64Array.from({ length: rows }, (_, i) =>
    cells.subarray(i * columns, (i + 1) * columns).reduce((sum, count) => sum + count, 0),
  );
  const ofColumn = Float64Array.from({ length: columns }, (_, j) =>
    ofRow.reduce((sum, __, i) => sum + cells[i * columns + j], 0),
  );
  let chiSquare = 0;
  cells.forEach((count, cell) => {
    const expected = (ofRow[Math.floor(cell / columns)] * ofColumn[cell % columns]) / n;
    if (expected > 0) chiSquare += (count - expected) ** 2 / expected;
  });
  const smaller = Math.min(
    ofRow.filter((count) => count > 0).length,
    ofColumn.filter((count) => count > 0).length,
  );
  return smaller < 2 ? null : Math.sqrt(Math.min(1, chiSquare / (n * (smaller - 1))));
}
