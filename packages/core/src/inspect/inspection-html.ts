// An inspection as one HTML file: a card with a plot for every column, the classes, and which
// columns say the same.

import { htmlPage } from "../report/html-page.ts";
import { row, table } from "../report/html-parts.ts";
import { escapeMarkup } from "../report/markup.ts";
import { coordinates, drawing } from "../report/svg/draw.ts";
import { percent } from "../shared/number-text.ts";
import { TABLE_FORMATS } from "../tables/columns/raw-table.ts";
import { columnTexts, rangeNumber } from "./column-texts.ts";
import type { InspectedColumn, Inspection } from "./inspection.ts";

/** More would be a page that no browser scrolls; the JSON in it has them all. */
const LISTED_COLUMNS = 500;
const LISTED_CLASSES = 50;

export function inspectionHtml(inspection: Inspection): string {
  const { name, rows, columns, format, notes } = inspection;
  const file = name.split(/[\\/]/).at(-1)!;
  return htmlPage({
    title: file,
    summary: `${rows.toLocaleString("en")} rows, ${columns.length.toLocaleString("en")} columns, ${TABLE_FORMATS[format]}.`,
    style: STYLE,
    sections: [
      list("What stands out", inspection.standsOut),
      classesSection(inspection),
      columnsSection(inspection),
      correlationsSection(inspection),
      list("How it was read", notes),
    ],
    footer: "",
    data: inspection,
  });
}

function list(title: string, items: readonly string[]): string {
  if (items.length === 0) return "";
  const lines = items.map((item) => `<li>${escapeMarkup(item)}</li>`).join("");
  return `<section><h2>${escapeMarkup(title)}</h2><ul>${lines}</ul></section>`;
}

function columnsSection({ columns, rows, target }: Inspection): string {
  const shown = columns.slice(0, LISTED_COLUMNS);
  const more = columns.length - shown.length;
  const tells =
    target === null
      ? ""
      : `<p class="quiet">Tells: how much a column alone tells of ${escapeMarkup(target.name)}, from 0 to 1 (correlation ratio of numbers, Cram\u00e9r's V of texts).</p>`;
  return `<section><h2>Columns</h2>${tells}<div class="columns">${shown.map((column) => card(column, rows)).join("")}</div>${more > 0 ? `<p>And ${more.toLocaleString("en")} more.</p>` : ""}</section>`;
}

function card(column: InspectedColumn, rows: number): string {
  const { name, isTarget, numbers, texts } = column;
  const words = columnTexts(column, rows);
  const facts = [
    isTarget ? "target" : "",
    TYPES[words.type] ?? words.type,
    fact("values", words.distinct),
    fact("missing", words.missing),
    ...(numbers
      ? [fact("median", rangeNumber(numbers.median, 3)), fact("sd", rangeNumber(numbers.sd, 3))]
      : []),
    fact("tells", words.tells),
  ]
    .filter((text) => text !== "")
    .map((text) => `<span>${escapeMarkup(text)}</span>`)
    .join(" ");
  const picture = numbers ? histogram(column, numbers) : texts ? bars(texts) : "";
  return `<figure><figcaption><strong>${escapeMarkup(name)}</strong><div class="facts">${facts}</div></figcaption>${picture}</figure>`;
}

const TYPES: Readonly<Record<string, string>> = { num: "numbers", int: "whole numbers" };

function fact(name: string, value: string): string {
  return value === "" ? "" : `${name} ${value}`;
}

const WIDTH = 240;
const HEIGHT = 76;
const PLOT_HEIGHT = 56;

function histogram(
  { name }: InspectedColumn,
  { histogram: counts, min, median, max }: NonNullable<InspectedColumn["numbers"]>,
): string {
  const most = Math.max(...counts);
  const step = WIDTH / counts.length;
  const columns = counts.map((count, i) => {
    if (count === 0) return "";
    const height = Math.max(1, (PLOT_HEIGHT * count) / most);
    const place = { x: i * step + 0.5, y: PLOT_HEIGHT - height, width: step - 1, height };
    return `<rect${coordinates(place)} fill="var(--plot-accent, #1a5fb4)"/>`;
  });
  const label = (text: string, x: number, anchor: string) =>
    `<text${coordinates({ x, y: HEIGHT - 4 })} text-anchor="${anchor}" font-size="11" fill-opacity="0.75">${escapeMarkup(text)}</text>`;
  const axis = `<line${coordinates({ x1: 0, x2: WIDTH, y1: PLOT_HEIGHT, y2: PLOT_HEIGHT })} stroke="currentColor" stroke-opacity="0.35"/>`;
  const labels = [label(rangeNumber(min), 0, "start"), label(rangeNumber(max), WIDTH, "end")];
  const description = `${name}: from ${rangeNumber(min)} to ${rangeNumber(max)}, median ${rangeNumber(median)}; rows in ${counts.length} equal parts of the range: ${counts.join(", ")}`;
  return drawing(
    { description, width: WIDTH, height: HEIGHT },
    columns.join("") + axis + labels.join(""),
  );
}

const LISTED_LEVELS = 5;

/** As HTML, because texts have any length. */
function bars({ levels, more }: NonNullable<InspectedColumn["texts"]>): string {
  const shown = levels.slice(0, LISTED_LEVELS);
  const others = more === null ? null : more + levels.length - shown.length;
  const rest = others === null ? "More than were counted." : others > 0 ? `and ${others} more` : "";
  return `${levelBars(shown.map(({ text, rows }) => ({ name: text, rows })))}${rest === "" ? "" : `<p class="quiet">${rest}</p>`}`;
}

function levelBars(levels: readonly { readonly name: string; readonly rows: number }[]): string {
  const most = Math.max(1, ...levels.map(({ rows }) => rows));
  const lines = levels.map(
    ({ name, rows }) =>
      `<li><span class="level">${escapeMarkup(name)}</span><span class="rows">${rows.toLocaleString("en")}</span><span class="bar" style="width:${((100 * rows) / most).toFixed(1)}%"></span></li>`,
  );
  return `<ul class="levels">${lines.join("")}</ul>`;
}

function classesSection({ target }: Inspection): string {
  if (target === null) return "";
  const rows = target.classes.reduce((sum, each) => sum + each.rows, 0);
  const shown = target.classes.slice(0, LISTED_CLASSES);
  const levels = shown.map((each) => ({
    name: `${each.name} (${percent(each.rows / Math.max(1, rows))})`,
    rows: each.rows,
  }));
  const more = target.classes.length - shown.length;
  const notes = [
    ...(more > 0 ? [`And ${more.toLocaleString("en")} more.`] : []),
    ...(target.missing > 0
      ? [`Rows without a label: ${target.missing.toLocaleString("en")}.`]
      : []),
  ];
  return `<section><h2>Classes of ${escapeMarkup(target.name)}</h2><div class="classes">${levelBars(levels)}</div>${notes.map((note) => `<p class="quiet">${note}</p>`).join("")}</section>`;
}

function correlationsSection({ correlations, rows }: Inspection): string {
  if (correlations.strongest.length === 0) return "";
  const lines = correlations.strongest.map(({ a, b, r }) =>
    row([a, b], [`${r < 0 ? "\u2212" : "+"}${Math.abs(r).toFixed(3)}`]),
  );
  const sampled =
    correlations.rows < rows
      ? ` ${correlations.rows.toLocaleString("en")} evenly spaced rows were looked at.`
      : "";
  return `<section><h2>Columns that go together</h2><p class="quiet">Pearson's r of ${correlations.columns} columns of numbers, the strongest first.${sampled}</p>${table(["column", "column", "r"], lines)}</section>`;
}

const STYLE = `
.columns { display: grid; gap: 1.75rem 2rem; grid-template-columns: repeat(auto-fill, minmax(min(100%, 16rem), 1fr)); margin-top: 1.25rem; }
.columns figure { border-top: 1px solid var(--rule); padding-top: 0.6rem; }
.columns figcaption { font-size: 0.85rem; line-height: 1.45; margin-bottom: 0.5rem; overflow-wrap: anywhere; }
.columns figcaption strong { font-size: 0.95rem; }
.columns .facts { color: var(--muted); display: flex; flex-wrap: wrap; gap: 0 0.75rem; }
.columns .facts span { white-space: nowrap; }
.levels { list-style: none; margin: 0; padding: 0; font-size: 0.85rem; }
.levels li { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 0 0.75rem; margin: 0 0 0.35rem; max-width: none; }
.levels .level { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.levels .rows { color: var(--muted); }
.levels .bar { grid-column: 1 / -1; height: 5px; min-width: 2px; background: var(--plot-accent); border-radius: 1px; }
.classes { max-width: 38rem; }
.classes .levels { font-size: 0.95rem; }
.classes .levels .bar { height: 8px; }
`;
