// A forest plot: one line per change with its effect and 95% interval, and the line of no effect.
// A verdict is told by its word and by the mark's shape as well as by its colour.

import { attributes, escapeMarkup } from "../markup.ts";
import {
  coordinates,
  drawing,
  INKS,
  LINE_HEIGHT,
  line,
  PAPER,
  shorten,
  text,
  textWidth,
} from "./draw.ts";
import { linearScale, tickLabels } from "./scale.ts";

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

/** Below this width names stand above their lines and not beside them. */
const NARROW = 480;
const ROW_HEIGHT = 24;
const RADIUS = 4.5;
const MAX_NAME = 34;
/** How much wider than other text bold text is. */
const BOLD = 1.15;

export function forestPlot({ description, label, rows, width }: ForestPlot): string {
  const isNarrow = width < NARROW;
  const rowHeight = isNarrow ? ROW_HEIGHT + LINE_HEIGHT : ROW_HEIGHT;
  const most = isNarrow ? Math.floor((0.7 * width) / textWidth("x")) : MAX_NAME;
  const names = rows.map(({ name }) => shorten(name, most));
  const left = isNarrow ? 8 : 14 + Math.max(...names.map(textWidth));
  const verdicts = rows.map(({ verdict }) => BOLD * textWidth(verdict));
  const right = isNarrow ? width - 12 : width - 12 - Math.max(...verdicts);
  const ends = rows.flatMap(({ effect, interval }) => [effect, ...(interval ?? [])]);
  const known = ends.filter((end) => end !== null);
  const ticks = Math.max(2, Math.floor((right - left) / 70));
  const scale = linearScale(Math.min(0, ...known), Math.max(0, ...known), ticks);
  const x = (value: number) => left + scale.at(value) * (right - left);
  const top = 4;
  const bottom = top + rowHeight * rows.length;
  const axis = scale.ticks.map((tick, i) => {
    const at = x(tick);
    const label = { x: at, y: bottom + LINE_HEIGHT, "text-anchor": "middle", ...QUIET };
    return line({ x1: at, x2: at, y1: top, y2: bottom }, 0.1) + text(tickLabels(scale)[i], label);
  });
  const zero = { stroke: "currentColor", "stroke-dasharray": "4 4", "stroke-opacity": 0.8 };
  const zeroLine = `<line${coordinates({ x1: x(0), x2: x(0), y1: top, y2: bottom })}${attributes(zero)}/>`;
  const body = rows.map((row, i) => {
    const y = top + rowHeight * (i + 1) - ROW_HEIGHT / 2;
    const name = isNarrow
      ? text(names[i], { x: left, y: y - ROW_HEIGHT / 2 + 1 })
      : text(names[i], { x: left - 10, y: y + 4, "text-anchor": "end" });
    const place = isNarrow
      ? { x: right, y: y - ROW_HEIGHT / 2 + 1, "text-anchor": "end" }
      : { x: right + 10, y: y + 4 };
    const verdict = text(row.verdict, { ...place, "font-weight": 600 });
    return name + interval(row, x, y) + verdict;
  });
  const middle = {
    x: (left + right) / 2,
    y: bottom + 2 * LINE_HEIGHT + 2,
    "text-anchor": "middle",
  };
  const axisLabel = text(shorten(label, Math.floor(width / textWidth("x"))), {
    ...middle,
    ...QUIET,
  });
  const height = bottom + 2.6 * LINE_HEIGHT;
  return drawing({ description, width, height }, [...axis, zeroLine, ...body, axisLabel].join(""));
}

const QUIET = { "fill-opacity": 0.75 } as const;

function interval(
  { effect, interval, mark, name }: ForestRow,
  x: (value: number) => number,
  y: number,
): string {
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
