// What a person should look at before training, in words. Findings of a spec are lint's; here no
// network is known.

import { percent, shortNumber, withMinus } from "../shared/number-text.ts";
import type { InspectedColumn, Inspection } from "./inspection.ts";

type Facts = Omit<Inspection, "standsOut">;

export function standsOut(inspection: Facts): string[] {
  return [
    target,
    oddCells,
    noValue,
    constant,
    manyTexts,
    identifiers,
    missing,
    tellsAll,
    sameColumns,
    imbalance,
    scales,
  ].flatMap((look) => look(inspection));
}

function target({ target: facts }: Facts): string[] {
  return facts?.refused ? [facts.refused] : [];
}

function oddCells({ columns }: Facts): string[] {
  return columns.flatMap(({ name, numbers }) => {
    if (!numbers?.odd) return [];
    const { count, at, text } = numbers.odd;
    return [
      `${name} holds numbers, but ${count === 1 ? "a cell is" : `${count} cells are`} none, first ${JSON.stringify(text)} at ${at}: say --missing ${JSON.stringify(text)} if that stands for a missing value.`,
    ];
  });
}

function noValue({ columns, rows }: Facts): string[] {
  const empty = columns.filter((column) => column.missing === rows);
  return listed(
    empty,
    (names, are) => `${names} ${are} missing in every row: leave out with --drop.`,
  );
}

function constant({ columns }: Facts): string[] {
  const same = columns.filter(({ distinct, isTarget }) => distinct === 1 && !isTarget);
  return listed(
    same,
    (names, _, has) =>
      `${names} ${has} one value in all rows and ${same.length === 1 ? "tells" : "tell"} nothing.`,
  );
}

/** As many as one column of text may have (`MOST_LEVELS` of reading a table). */
const MOST_LEVELS = 64;

function manyTexts({ columns }: Facts): string[] {
  const many = columns.filter(
    ({ texts, distinct, isTarget }) =>
      texts !== undefined && !isTarget && (distinct === null || distinct > MOST_LEVELS),
  );
  return listed(
    many,
    (names, _, has) =>
      `${names} ${has} more than ${MOST_LEVELS} different texts: leave out with --drop, or number them with --categorical NAME:ordinal.`,
  );
}

/** Whole numbers, one for each row: a number of the row, and nothing of what it is about. */
function identifiers({ columns, rows }: Facts): string[] {
  const ids = columns.filter(
    ({ numbers, distinct, missing: gaps }) =>
      numbers?.areWhole &&
      distinct === rows &&
      gaps === 0 &&
      rows > 20 &&
      numbers.max - numbers.min < 10 * rows,
  );
  return listed(
    ids,
    (names, are) =>
      `${names} ${are} different in every row, as the number of a row is: hardly a feature.`,
  );
}

function missing({ columns, rows }: Facts): string[] {
  const gaps = columns
    .filter((column) => column.missing > 0 && column.missing < rows)
    .sort((a, b) => b.missing - a.missing);
  if (gaps.length === 0) return [];
  const text = gaps
    .slice(0, LISTED)
    .map((column) => `${column.name} ${percent(column.missing / rows)}`)
    .join(", ");
  return [
    `Cells are missing in ${text}${rest(gaps.length)}: a network needs every cell, put an impute step first.`,
  ];
}

/** One column that tells every class is more often a leak than luck. */
const NEARLY_ALL = 0.98;

function tellsAll({ columns, target: facts }: Facts): string[] {
  const all = columns.filter(({ tells }) => tells !== null && tells >= NEARLY_ALL);
  return listed(
    all,
    (names) =>
      `${names} by ${all.length === 1 ? "itself" : "themselves"} nearly ${all.length === 1 ? "tells" : "tell"} ${facts?.name}: see whether it is known before the answer is.`,
  );
}

/** |r| from which two columns say the same. */
const NEARLY_SAME = 0.95;

function sameColumns({ correlations }: Facts): string[] {
  const same = correlations.strongest.filter(({ r }) => Math.abs(r) >= NEARLY_SAME);
  if (same.length === 0) return [];
  const text = same
    .slice(0, 4)
    .map(({ a, b, r }) => `${a} and ${b} (r ${withMinus(shortNumber(r))})`)
    .join(", ");
  const more = same.length > 4 ? ` and ${same.length - 4} more pairs` : "";
  return [`Nearly the same: ${text}${more}.`];
}

/** The ratio from which `class-imbalance` of lint takes note. */
const IMBALANCE = 4;

function imbalance({ target: facts }: Facts): string[] {
  const [largest, smallest] = [facts?.classes[0], facts?.classes.at(-1)];
  if (!largest || !smallest || facts?.refused || largest.rows < IMBALANCE * smallest.rows)
    return [];
  const rows = facts!.classes.reduce((sum, each) => sum + each.rows, 0);
  return [
    `${largest.name} has ${shortNumber(largest.rows / smallest.rows)} times the rows of ${smallest.name}: always answering ${largest.name} is right in ${percent(largest.rows / rows)}.`,
  ];
}

/** Two orders of magnitude, the limit of `unscaled-features` of lint. */
const SCALE_RATIO = 100;

function scales({ columns }: Facts): string[] {
  const spread = columns
    .flatMap(({ name, numbers, isTarget, distinct }) =>
      numbers && !isTarget && (distinct ?? 0) > 2 && numbers.sd > 0
        ? [{ name, sd: numbers.sd }]
        : [],
    )
    .sort((a, b) => a.sd - b.sd);
  const [narrow, wide] = [spread[0], spread.at(-1)];
  if (!narrow || !wide || wide.sd < SCALE_RATIO * narrow.sd) return [];
  return [
    `${wide.name} spreads ${shortNumber(wide.sd / narrow.sd)} times as wide as ${narrow.name}: standardize.`,
  ];
}

/** More columns are counted. */
const LISTED = 6;

function listed(
  columns: readonly InspectedColumn[],
  says: (names: string, are: "is" | "are", has: "has" | "have") => string,
): string[] {
  if (columns.length === 0) return [];
  const names = columns.slice(0, LISTED).map(({ name }) => name);
  const isOne = columns.length === 1;
  return [
    says(names.join(", ") + rest(columns.length), isOne ? "is" : "are", isOne ? "has" : "have"),
  ];
}

function rest(count: number): string {
  return count > LISTED ? ` and ${count - LISTED} more` : "";
}
