// A comparison -> one HTML file: a plot for each unit, and the table.

import { htmlPage } from "../report/html-page.ts";
import { row, table } from "../report/html-parts.ts";
import { escapeMarkup } from "../report/markup.ts";
import { dotPlot } from "../report/svg/dot-plot.ts";
import type { ComparedRow, Comparison } from "./compare.ts";
import { operationCells, ratioText, valueText } from "./comparison-text.ts";

const PLOTS = [
  {
    title: "Products of a dense layer",
    unit: "GFLOP/s",
    note: "The peak is what multiplications and additions alone reach on the adapter.",
  },
  {
    title: "Training steps",
    unit: "model-steps/s",
    note: "A step of 64 networks is 64 model-steps.",
  },
] as const;

export function comparisonHtml(comparison: Comparison): string {
  const { adapters } = comparison;
  const names = adapters.map(({ letter, name }) => `${letter} ${name}`);
  return htmlPage({
    title: "Benchmarks side by side",
    summary: names.join(", "),
    sections: [
      adaptersSection(comparison),
      ...PLOTS.map(({ title, unit, note }) => {
        const rows = comparison.rows.filter((each) => each.unit === unit && isAnyMeasured(each));
        if (!rows.some(({ operation }) => operation !== null)) return "";
        return `<section><h2>${title}</h2><p class="quiet">${note}</p>${figure(title, unit, names, rows)}</section>`;
      }),
      tableSection(comparison),
    ],
    footer: "",
    data: comparison,
  });
}

function isAnyMeasured({ cells }: ComparedRow): boolean {
  return cells.some(({ status }) => status === "measured");
}

function adaptersSection({ adapters }: Comparison): string {
  const items = adapters.map(
    ({ letter, environment, file }) =>
      `<dt>${escapeMarkup(letter)}</dt><dd>${escapeMarkup(environment)} <span class="quiet">(${escapeMarkup(file)})</span></dd>`,
  );
  return `<section><h2>Adapters</h2><dl>${items.join("")}</dl></section>`;
}

function figure(
  title: string,
  unit: string,
  series: readonly string[],
  rows: readonly ComparedRow[],
): string {
  const lines = rows.map((each) => ({
    name: nameOf(each),
    values: each.cells.map((cell) => (cell.status === "measured" ? cell.value : null)),
  }));
  const description = `${title}: ${unit} of ${series.join(", ")}; the table below holds the numbers.`;
  const sizes = { wide: 760, narrow: 340 };
  const plots = Object.entries(sizes).map(([name, width]) =>
    dotPlot({ description, label: unit, series, lines, width }).replace(
      "<svg",
      `<svg class="${name}"`,
    ),
  );
  return `<figure style="max-width: 60rem">${plots.join("")}</figure>`;
}

/** "gemm-dx 64-64, 64 networks" */
function nameOf({ kind, operation }: ComparedRow): string {
  if (operation === null) return kind;
  const { shape, networks, batch } = operation;
  const many = networks === 1 ? "" : `, ${networks} networks`;
  return `${kind} ${shape}${many}, batch ${batch}`;
}

function tableSection({ adapters, rows }: Comparison): string {
  const [first, ...others] = adapters.map(({ letter }) => letter);
  const head = [
    "operation",
    "shape",
    "networks",
    "batch",
    "unit",
    first,
    ...others.flatMap((letter) => [letter, `${letter}/${first}`]),
  ];
  const body = rows.map((each) => {
    const numbers = each.cells.flatMap((cell, i) =>
      i === 0 ? [valueText(cell)] : [valueText(cell), ratioText(cell)],
    );
    const [kind, ...rest] = operationCells(each);
    return row([kind], [...rest, each.unit, ...numbers]);
  });
  return `<section><h2>All numbers</h2><p class="quiet">Ratios are to ${escapeMarkup(first)}; above 1 is faster.</p>${table(head, body)}</section>`;
}
