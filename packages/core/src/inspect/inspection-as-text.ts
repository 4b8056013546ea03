// An inspection for a terminal: what stands out, a line for every column, the classes, and which
// columns say the same.

import { displayWidth, fit, plainText } from "../report/plain-text.ts";
import { sparkline } from "../report/sparkline.ts";
import { notes, type Pen, paragraph, penOf, type TextOptions, textOf } from "../report/text-pen.ts";
import { percent } from "../shared/number-text.ts";
import { TABLE_FORMATS } from "../tables/columns/raw-table.ts";
import { columnTexts } from "./column-texts.ts";
import type { InspectedColumn, Inspection } from "./inspection.ts";
import { BINS } from "./number-facts.ts";

/** More columns are in the JSON and on the page. */
const LISTED_COLUMNS = 60;
const LISTED_CLASSES = 20;
const LISTED_PAIRS = 8;

export function inspectionAsText(inspection: Inspection, options: TextOptions = {}): string {
  const pen = penOf(options);
  return textOf(
    [
      heading(inspection, pen),
      notes("What stands out", inspection.standsOut, pen),
      columnTable(inspection, pen),
      classes(inspection, pen),
      correlations(inspection, pen),
      notes("How it was read", inspection.notes, pen),
    ],
    pen,
  );
}

function heading({ name, rows, columns, format, target }: Inspection, pen: Pen): string[] {
  const file = name.split(/[\\/]/).at(-1)!;
  const hint = target === null ? " Say --target COLUMN for the classes." : "";
  const says = `${rows.toLocaleString("en")} rows, ${columns.length.toLocaleString("en")} columns, ${TABLE_FORMATS[format]}.${hint}`;
  return [
    ...paragraph(file, pen).map((line) => pen.paint("bold", line)),
    ...paragraph(says, pen).map((line) => pen.paint("dim", line)),
  ];
}

/** What a terminal of a width has room for. */
function layout({ width }: Pen) {
  return width >= 96 ? { name: 28, plot: BINS } : { name: 18, plot: BINS / 2 };
}

function columnTable({ columns, rows, target }: Inspection, pen: Pen): string[] {
  const most = layout(pen);
  const shown = columns.slice(0, LISTED_COLUMNS);
  const lines = shown.map((column) => ({ column, ...columnTexts(column, rows) }));
  const hasGaps = shown.some(({ missing }) => missing > 0);
  const widest = (texts: readonly string[], limit: number) =>
    Math.min(limit, Math.max(...texts.map((text) => displayWidth(text))));
  const widths = {
    name: widest([...shown.map(({ name }) => plainText(name)), "column"], most.name),
    type: widest(
      lines.map(({ type }) => type),
      5,
    ),
    missing: hasGaps ? 5 : 0,
    distinct: widest([...lines.map(({ distinct }) => distinct), "values"], 9),
    tells: target === null ? 0 : 5,
  };
  const fixed = Object.values(widths).reduce((sum, width) => sum + width + (width > 0 ? 2 : 0), 0);
  const room = Math.max(12, pen.width - fixed - most.plot - 2);
  const cut = (text: string, width: number) =>
    fit(plainText(text), width, pen.isAscii ? "." : undefined);
  const line = (cells: Record<keyof typeof widths, string>, range: string, plot: string) =>
    [
      cut(cells.name, widths.name),
      cut(cells.type, widths.type),
      ...(hasGaps ? [cells.missing.padStart(widths.missing)] : []),
      cells.distinct.padStart(widths.distinct),
      ...(target === null ? [] : [cells.tells.padStart(widths.tells)]),
      cut(range, room),
      plot,
    ]
      .join("  ")
      .trimEnd();
  const titles = {
    name: "column",
    type: "type",
    missing: "gaps",
    distinct: "values",
    tells: "tells",
  };
  const more = columns.length - shown.length;
  return [
    pen.paint("dim", line(titles, "min .. median .. max", "rows")),
    ...lines.map(({ column, range, ...cells }) =>
      line({ ...cells, name: column.name }, range, plot(column, most.plot, pen)),
    ),
    ...(more > 0
      ? [`and ${more.toLocaleString("en")} more columns: --export-json has them all.`]
      : []),
    ...(target === null
      ? []
      : paragraph(
          `tells: how much a column alone tells of ${target.name}, 0 to 1 (correlation ratio, Cramer's V).`,
          pen,
        ).map((text) => pen.paint("dim", text))),
  ];
}

/** Rows in equal parts of the range, or of each text; a blank where there are none. */
function plot({ numbers, texts }: InspectedColumn, width: number, { isAscii }: Pen): string {
  const counts = numbers
    ? merged(numbers.histogram, width)
    : (texts?.levels.slice(0, width).map(({ rows }) => rows) ?? []);
  const most = Math.max(...counts);
  return sparkline(
    counts.map((count) => (count === 0 ? null : count)),
    width,
    // The fullest part is the highest block.
    (count) => (count / most) * 0.999,
    isAscii,
  );
}

/** Neighbouring bins together, so that there are at most `bins` of them. */
function merged(histogram: readonly number[], bins: number): number[] {
  const each = Math.ceil(histogram.length / bins);
  return Array.from({ length: Math.ceil(histogram.length / each) }, (_, i) =>
    histogram.slice(i * each, (i + 1) * each).reduce((sum, count) => sum + count, 0),
  );
}

const BAR_CELLS = 30;

function classes({ target }: Inspection, pen: Pen): string[] {
  if (target === null) return [];
  const shown = target.classes.slice(0, LISTED_CLASSES);
  const rows = target.classes.reduce((sum, each) => sum + each.rows, 0);
  const most = Math.max(1, ...shown.map((each) => each.rows));
  const width = Math.min(
    24,
    Math.max(...shown.map(({ name }) => displayWidth(plainText(name))), 1),
  );
  const more = target.classes.length - shown.length;
  return [
    pen.paint("bold", `Classes of ${plainText(target.name)}`),
    ...shown.map((each) => {
      const bar = (pen.isAscii ? "#" : "█").repeat(Math.ceil((BAR_CELLS * each.rows) / most));
      const count = each.rows.toLocaleString("en").padStart(9);
      return `  ${fit(plainText(each.name), width)}${count}  ${percent(each.rows / rows).padStart(5)}  ${bar}`;
    }),
    ...(more > 0 ? [`  and ${more.toLocaleString("en")} more`] : []),
    ...(target.missing > 0 ? [`  without a label: ${target.missing.toLocaleString("en")}`] : []),
  ];
}

function correlations({ correlations: facts, rows }: Inspection, pen: Pen): string[] {
  if (facts.strongest.length === 0) return [];
  const sampled = facts.rows < rows ? `, ${facts.rows.toLocaleString("en")} rows` : "";
  return [
    pen.paint("bold", `Columns that go together (Pearson's r${sampled})`),
    ...facts.strongest.slice(0, LISTED_PAIRS).flatMap(({ a, b, r }) => {
      const sign = r < 0 ? "\u2212" : "+";
      return paragraph(`${sign}${Math.abs(r).toFixed(2)}  ${a}, ${b}`, pen, "  ", "         ");
    }),
  ];
}
