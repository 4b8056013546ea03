// One line of dots per case, one dot per series, on a shared logarithmic axis: for values of which
// the ratio matters. Series differ in shape as well as in colour.

import { attributes, escapeMarkup } from "../markup.ts";
import {
  drawing,
  FONT_SIZE,
  ink,
  LINE_HEIGHT,
  line,
  PAPER,
  shorten,
  text,
  textWidth,
} from "./draw.ts";
import { logScale, tickLabels } from "./scale.ts";

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

/** Below this width names stand above their lines and not beside them. */
const NARROW = 480;
const ROW_HEIGHT = 20;
const RADIUS = 4.5;

export function dotPlot(plot: DotPlot): string {
  const { label, series, lines, width } = plot;
  const isNarrow = width < NARROW;
  const rowHeight = isNarrow ? ROW_HEIGHT + LINE_HEIGHT : ROW_HEIGHT;
  const left = isNarrow ? 8 : 12 + Math.max(...lines.map(({ name }) => textWidth(name)));
  const right = width - 14;
  const values = lines.flatMap(({ values }) => values).filter((value) => value !== null);
  const scale = logScale(Math.min(...values), Math.max(...values), Math.floor((right - left) / 60));
  const legend = legendOf(series, width);
  const top = legend.height + LINE_HEIGHT + 10;
  const bottom = top + rowHeight * lines.length;
  const x = (value: number) => left + scale.at(value) * (right - left);
  const axis = scale.ticks.map((tick, i) => {
    const at = x(tick);
    const tickText = { x: at, y: bottom + LINE_HEIGHT, "text-anchor": "middle", ...QUIET };
    return (
      line({ x1: at, x2: at, y1: top, y2: bottom }, 0.13) + text(tickLabels(scale)[i], tickText)
    );
  });
  const rows = lines.map(({ name, values }, row) => {
    const y = top + rowHeight * (row + 1) - ROW_HEIGHT / 2;
    const nameText = isNarrow
      ? text(name, { x: left, y: y - ROW_HEIGHT / 2 })
      : text(name, { x: left - 10, y: y + 4, "text-anchor": "end" });
    const dots = values.flatMap((value, i) =>
      value === null ? [] : [dot(i, x(value), y, `${series[i]}: ${value.toPrecision(3)}`)],
    );
    return nameText + line({ x1: left, x2: right, y1: y, y2: y }, 0.2) + dots.join("");
  });
  const axisLabel = text(`${label}, log scale`, {
    x: (left + right) / 2,
    y: bottom + 2 * LINE_HEIGHT + 2,
    "text-anchor": "middle",
    ...QUIET,
  });
  const height = bottom + 2.6 * LINE_HEIGHT;
  return drawing(
    { description: plot.description, width, height },
    [legend.svg, ...axis, ...rows, axisLabel].join(""),
  );
}

const QUIET = { "fill-opacity": 0.75 } as const;

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
  return { svg: items.join(""), height: y };
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
