// A forest plot: one line per change with its effect and 95% interval, and the line of no effect.
// A verdict is told by its word and by the mark's shape as well as by its colour.

import { attributes, escapeMarkup } from "../markup.ts";
import { coordinates, INKS, PAPER } from "./draw.ts";
import { type Place, rowPlot } from "./row-plot.ts";
import { linearScale } from "./scale.ts";

export interface ForestPlot {
  /** What a reader without the picture should know. */
  readonly description: string;
  /** Of the axis. */
  readonly label: string;
  readonly rows: readonly ForestRow[];
  readonly width: number;
}

export interface ForestRow {
  readonly name: string;
  /** What is written at the end of the line. */
  readonly verdict: string;
  /** better: filled, in colour. worse: filled square. open: neither is shown. */
  readonly mark: "better" | "worse" | "open";
  /** Null: it has none, as where every run diverged. */
  readonly effect: number | null;
  readonly interval: readonly [number, number] | null;
}

const RADIUS = 4.5;

export function forestPlot({ rows, ...plot }: ForestPlot): string {
  const ends = rows.flatMap(({ effect, interval }) => [effect, ...(interval ?? [])]);
  const known = ends.filter((end) => end !== null);
  return rowPlot({
    ...plot,
    rows: rows.map(({ name, verdict }) => ({ name, note: verdict })),
    noteWeight: 600,
    scale: (ticks) => linearScale(Math.min(0, ...known), Math.max(0, ...known), ticks),
    behind: (x, [top, bottom]) => {
      const zero = { stroke: "currentColor", "stroke-dasharray": "4 4", "stroke-opacity": 0.8 };
      return `<line${coordinates({ x1: x(0), x2: x(0), y1: top, y2: bottom })}${attributes(zero)}/>`;
    },
    mark: (row, x, y) => interval(rows[row], x, y),
  });
}

function interval({ effect, interval, mark, name }: ForestRow, x: Place, y: number): string {
  if (effect === null) return "";
  const [accent, ink, grey] = INKS;
  const colour = { better: accent, worse: ink, open: grey }[mark];
  const stroke = { stroke: colour, "stroke-width": 2, "stroke-linecap": "round" };
  const rule =
    interval === null
      ? ""
      : `<line${coordinates({ x1: x(interval[0]), x2: x(interval[1]), y1: y, y2: y })}${attributes(stroke)}/>`;
  const title = `<title>${escapeMarkup(name)}</title>`;
  const look = { fill: mark === "open" ? PAPER : colour, stroke: colour, "stroke-width": 2 };
  if (mark !== "worse") {
    return `${rule}<circle${coordinates({ cx: x(effect), cy: y, r: RADIUS })}${attributes(look)}>${title}</circle>`;
  }
  const corner = { x: x(effect) - RADIUS, y: y - RADIUS, width: 2 * RADIUS, height: 2 * RADIUS };
  return `${rule}<rect${coordinates(corner)}${attributes(look)}>${title}</rect>`;
}
