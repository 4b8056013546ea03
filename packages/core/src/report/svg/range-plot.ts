// One line per case with its middle, the range around it, and its best: for values that differ within
// a case, such as the trials of one setting.

import { attributes, escapeMarkup } from "../markup.ts";
import { coordinates, INKS } from "./draw.ts";
import { type Place, type RowPlot, rowPlot } from "./row-plot.ts";
import { scaleOf } from "./scale.ts";

export interface RangePlot extends Pick<RowPlot, "description" | "label" | "width"> {
  readonly rows: readonly RangeRow[];
  /** What the axis reaches over, so that several plots can have one; logarithmic where it is wide. */
  readonly values: readonly number[];
}

export interface RangeRow {
  readonly name: string;
  readonly note: string;
  /** Null: there is none, and the line stays empty. */
  readonly center: number | null;
  readonly range: readonly [number, number] | null;
  readonly best: number | null;
}

const RADIUS = 4.5;

export function rangePlot({ rows, values, label, ...plot }: RangePlot): string {
  const scale = (ticks: number) => scaleOf(values, ticks);
  return rowPlot({
    ...plot,
    label: scale(2).kind === "log" ? `${label}, log scale` : label,
    rows,
    noteWeight: 400,
    scale,
    mark: (row, x, y) => range(rows[row], x, y),
  });
}

/** Told apart by shape: a bar, a dot on it, and a short stroke for the best. */
function range({ name, center, range, best }: RangeRow, x: Place, y: number): string {
  if (center === null || range === null) return "";
  const [accent, ink, grey] = INKS;
  const [low, high] = range;
  const bar = { stroke: grey, "stroke-width": 5, "stroke-opacity": 0.45 };
  const stroke = { stroke: ink, "stroke-width": 2 };
  const bestAt = best === null ? undefined : { x1: x(best), x2: x(best), y1: y - 6, y2: y + 6 };
  return [
    `<line${coordinates({ x1: x(low), x2: x(high), y1: y, y2: y })}${attributes(bar)}/>`,
    bestAt === undefined ? "" : `<line${coordinates(bestAt)}${attributes(stroke)}/>`,
    `<circle${coordinates({ cx: x(center), cy: y, r: RADIUS })}${attributes({ fill: accent })}><title>${escapeMarkup(name)}</title></circle>`,
  ].join("");
}
