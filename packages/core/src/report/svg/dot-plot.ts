// One line of dots per case, one dot per series, on a shared logarithmic axis: for values of which
// the ratio matters. Series differ in shape as well as in colour.

import { attributes, escapeMarkup } from "../markup.ts";
import { FONT_SIZE, ink, LINE_HEIGHT, line, PAPER, shorten, text, textWidth } from "./draw.ts";
import { rowPlot } from "./row-plot.ts";
import { logScale } from "./scale.ts";

export interface DotPlot {
  /** What a reader without the picture should know. */
  readonly description: string;
  /** Of the axis; larger is to the right. */
  readonly label: string;
  readonly series: readonly string[];
  readonly lines: readonly DotLine[];
  readonly width: number;
}

export interface DotLine {
  readonly name: string;
  /** By series, positive; null is a gap. */
  readonly values: readonly (number | null)[];
}

const RADIUS = 4.5;

export function dotPlot({ description, label, series, lines, width }: DotPlot): string {
  const values = lines.flatMap(({ values }) => values).filter((value) => value !== null);
  const scale = (ticks: number) => logScale(Math.min(...values), Math.max(...values), ticks);
  const [from, to] = scale(2).domain;
  return rowPlot({
    description,
    label: `${label}, log scale`,
    width,
    rows: lines.map(({ name }) => ({ name, note: "" })),
    noteWeight: 400,
    head: legendOf(series, width),
    scale,
    mark: (row, x, y) => {
      const dots = lines[row].values.flatMap((value, i) =>
        value === null ? [] : [dot(i, x(value), y, `${series[i]}: ${value.toPrecision(3)}`)],
      );
      return line({ x1: x(from), x2: x(to), y1: y, y2: y }, 0.2) + dots.join("");
    },
  });
}

/** Marks with names, one below the other where they do not fit beside each other. */
function legendOf(series: readonly string[], width: number): { svg: string; height: number } {
  let x = 0;
  let y = FONT_SIZE;
  const most = Math.floor((width - 40) / textWidth("x"));
  const items = series.map((whole, i) => {
    const name = shorten(whole, most);
    const size = 2 * RADIUS + 8 + textWidth(name) + 16;
    if (x > 0 && x + size > width) {
      x = 0;
      y += LINE_HEIGHT + 2;
    }
    const svg = dot(i, x + RADIUS + 1, y - 4, name) + text(name, { x: x + 2 * RADIUS + 8, y });
    x += size;
    return svg;
  });
  return { svg: items.join(""), height: y + LINE_HEIGHT };
}

/** Circle, square, triangle, diamond in turn, filled for the first four series and open after. */
function dot(index: number, x: number, y: number, title: string): string {
  const r = RADIUS;
  const points = [
    null,
    [-r, -r, r, -r, r, r, -r, r],
    [0, -r - 1, r + 1, r, -r - 1, r],
    [0, -r - 1.5, r + 1.5, 0, 0, r + 1.5, -r - 1.5, 0],
  ][index % 4];
  const isOpen = index % 8 >= 4;
  const look = {
    fill: isOpen ? PAPER : ink(index),
    stroke: isOpen ? ink(index) : PAPER,
    "stroke-width": isOpen ? 2 : 1,
  };
  const label = `<title>${escapeMarkup(title)}</title>`;
  const round = (value: number) => Number(value.toFixed(1));
  if (points === null || points === undefined) {
    return `<circle${attributes({ cx: round(x), cy: round(y), r, ...look })}>${label}</circle>`;
  }
  const corners = points.map((offset, i) => round(offset + (i % 2 === 0 ? x : y))).join(" ");
  return `<polygon${attributes({ points: corners, ...look })}>${label}</polygon>`;
}
