// What plots of one line per thing share: names on the left, a note on the right, one axis below. On
// narrow pages both stand above the line.

import { drawing, LINE_HEIGHT, line, QUIET, shorten, text, textWidth } from "./draw.ts";
import { type Scale, tickLabels } from "./scale.ts";

export interface RowPlot {
  /** What a reader without the picture should know. */
  readonly description: string;
  /** Of the axis. */
  readonly label: string;
  readonly width: number;
  /** The note is written at the end of the line. */
  readonly rows: readonly { readonly name: string; readonly note: string }[];
  /** Of the note; 600 is bold. */
  readonly noteWeight: number;
  /** What stands above the lines. Absent: nothing. */
  readonly head?: { readonly svg: string; readonly height: number };
  readonly scale: (ticks: number) => Scale;
  /** Under the marks, from top to bottom of the plot. */
  readonly behind?: (x: Place, ends: readonly [top: number, bottom: number]) => string;
  /** What a line shows. */
  readonly mark: (row: number, x: Place, y: number) => string;
}

/** Where a value is drawn. */
export type Place = (value: number) => number;

/** Below this width names stand above their lines and not beside them. */
const NARROW = 480;
const ROW_HEIGHT = 24;
const MAX_NAME = 34;
const LEAST_NAME = 8;
/** How much wider than other text bold text is. */
const BOLD = 1.15;

export function rowPlot(plot: RowPlot): string {
  const { description, label, rows, width } = plot;
  const isNarrow = width < NARROW;
  const rowHeight = isNarrow ? ROW_HEIGHT + LINE_HEIGHT : ROW_HEIGHT;
  const notes = rows.map(({ note }) => BOLD * textWidth(note));
  // A note stands on the line of its name.
  const room = width - 28 - Math.max(...notes);
  const most = isNarrow ? Math.max(LEAST_NAME, Math.floor(room / textWidth("x"))) : MAX_NAME;
  const names = rows.map(({ name }) => shorten(name, most));
  const left = isNarrow ? 8 : 14 + Math.max(...names.map(textWidth));
  const right = isNarrow ? width - 12 : width - 12 - Math.max(...notes);
  const scale = plot.scale(Math.max(2, Math.floor((right - left) / 70)));
  const x = (value: number) => left + scale.at(value) * (right - left);
  const top = 4 + (plot.head?.height ?? 0);
  const bottom = top + rowHeight * rows.length;
  const axis = scale.ticks.map((tick, i) => {
    const at = x(tick);
    const label = { x: at, y: bottom + LINE_HEIGHT, "text-anchor": "middle", ...QUIET };
    return line({ x1: at, x2: at, y1: top, y2: bottom }, 0.1) + text(tickLabels(scale)[i], label);
  });
  const body = rows.map(({ note }, i) => {
    const y = top + rowHeight * (i + 1) - ROW_HEIGHT / 2;
    const name = isNarrow
      ? text(names[i], { x: left, y: y - ROW_HEIGHT / 2 + 1 })
      : text(names[i], { x: left - 10, y: y + 4, "text-anchor": "end" });
    const place = isNarrow
      ? { x: right, y: y - ROW_HEIGHT / 2 + 1, "text-anchor": "end" }
      : { x: right + 10, y: y + 4 };
    return name + plot.mark(i, x, y) + text(note, { ...place, "font-weight": plot.noteWeight });
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
  const behind = plot.behind?.(x, [top, bottom]) ?? "";
  const head = plot.head?.svg ?? "";
  return drawing(
    { description, width, height },
    [head, ...axis, behind, ...body, axisLabel].join(""),
  );
}
