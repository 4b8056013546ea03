// Parallel coordinates: an axis for each quantity, one below the other, and a line through all of them
// for each case. Axes lie so that their names and any number of them fit, on phones too.

import { attributes, escapeMarkup } from "../markup.ts";
import {
  drawing,
  FONT_SIZE,
  HALO,
  INKS,
  LINE_HEIGHT,
  line,
  shorten,
  text,
  textWidth,
} from "./draw.ts";
import { type Scale, scaleOf, tickLabels } from "./scale.ts";
import { spreadLabels } from "./spread-labels.ts";

export interface ParallelPlot {
  /** What a reader without the picture should know. */
  readonly description: string;
  readonly axes: readonly ParallelAxis[];
  readonly lines: readonly ParallelLine[];
  readonly width: number;
}

export interface ParallelAxis {
  readonly name: string;
  /** Words in the order of their places; absent: numbers. */
  readonly choices?: readonly string[];
  /** What is written where lines without a value pass. */
  readonly absent: string;
}

export interface ParallelLine {
  /** By axis: a number, or the place of a choice; null where there is none. */
  readonly values: readonly (number | null)[];
  /** Lines with a label stand out, the first of them most; it is written at the last axis. */
  readonly label?: string;
}

const AXIS_DISTANCE = 68;
const MARGIN = 22;
/** Of the place beside an axis for lines without a value. */
const GUTTER = 62;

/** A horizontal axis. */
interface Axis {
  readonly y: number;
  readonly at: (value: number | null) => number;
  readonly svg: string;
}

export function parallelPlot({ description, axes, lines, width }: ParallelPlot): string {
  const isAbsent = axes.map((_, i) => lines.some(({ values }) => values[i] === null));
  const right = width - MARGIN - (isAbsent.includes(true) ? GUTTER : 0);
  const drawn = axes.map((axis, i) => {
    const y = 2 * LINE_HEIGHT + i * AXIS_DISTANCE;
    const numbers = lines.flatMap(({ values }) => values[i] ?? []);
    return axisAt(axis, { y, right, width, numbers, isAbsent: isAbsent[i] });
  });
  const named = lines.filter(({ label }) => label !== undefined);
  const rest = lines.filter(({ label }) => label === undefined);
  const bottom = drawn.at(-1)!.y;
  const body = [
    ...rest.map((each) => path(each, drawn, { stroke: INKS[2], opacity: quiet(rest.length) })),
    // The first last, so that nothing covers it.
    ...named.map((each, i) => path(each, drawn, namedLook(i))).reverse(),
    ...drawn.map(({ svg }) => svg),
    lineLabels(named, drawn.at(-1)!, [MARGIN, width - MARGIN]),
  ];
  const height = bottom + 4 * LINE_HEIGHT + (named.length > 0 ? LINE_HEIGHT : 0);
  return drawing({ description, width, height }, body.join(""));
}

/** So that hundreds of lines over each other are a shade, and ten can be followed. */
function quiet(lines: number): number {
  return Math.max(0.12, Math.min(0.6, 12 / lines));
}

interface AxisPlace {
  readonly y: number;
  readonly right: number;
  readonly width: number;
  readonly numbers: readonly number[];
  readonly isAbsent: boolean;
}

function axisAt(axis: ParallelAxis, { y, right, width, numbers, isAbsent }: AxisPlace): Axis {
  const { name, choices, absent } = axis;
  const span = right - MARGIN;
  const scale: Scale =
    choices === undefined
      ? scaleOf(numbers, Math.max(2, Math.floor(span / 90)))
      : choiceScale(choices.length);
  const place = (value: number) => MARGIN + scale.at(value) * span;
  const gutter = width - MARGIN - GUTTER / 2;
  const room = choices === undefined ? width : span / choices.length;
  const labels = choices ?? tickLabels(scale);
  const ticks = scale.ticks.map((tick, i) => {
    const x = place(tick);
    const label = shorten(labels[i], Math.max(1, Math.floor(room / textWidth("x")) - 1));
    return (
      line({ x1: x, x2: x, y1: y, y2: y + 4 }, 0.7) +
      haloed(label, x, y + LINE_HEIGHT + 2, "middle")
    );
  });
  const most = Math.floor((width - 2 * MARGIN) / textWidth("x"));
  const title = shorten(scale.kind === "log" ? `${name}, log scale` : name, most);
  const svg = [
    line({ x1: MARGIN, x2: right, y1: y, y2: y }, 0.7),
    ...ticks,
    isAbsent ? haloed(absent, gutter, y + LINE_HEIGHT + 2, "middle") : "",
    haloed(title, MARGIN, y - 8, "start", 600),
  ];
  return { y, at: (value) => (value === null ? gutter : place(value)), svg: svg.join("") };
}

/** Each choice in the middle of its part of the axis. */
function choiceScale(count: number): Scale {
  const ticks = Array.from({ length: count }, (_, i) => i);
  return {
    kind: "linear",
    domain: [-0.5, count - 0.5],
    at: (value) => (value + 0.5) / count,
    ticks,
  };
}

function haloed(content: string, x: number, y: number, anchor: string, weight = 400): string {
  return text(content, { x, y, "text-anchor": anchor, "font-weight": weight, ...HALO });
}

function path(
  { values, label }: ParallelLine,
  axes: readonly Axis[],
  look: Readonly<Record<string, string | number | undefined>>,
): string {
  const points = axes.map(({ at, y }, i) => `${Number(at(values[i]).toFixed(1))},${y}`);
  const shape = { d: `M${points.join("L")}`, fill: "none", "stroke-linejoin": "round", ...look };
  const title = label === undefined ? "" : `<title>${escapeMarkup(label)}</title>`;
  return `<path${attributes(shape)}>${title}</path>`;
}

/** The first in colour and bold; the others by their dashes too. */
function namedLook(i: number): Record<string, string | number | undefined> {
  const dash = [undefined, undefined, "7 3", "2 3", "9 3 2 3"][i % 5];
  return i === 0
    ? { stroke: INKS[0], "stroke-width": 3 }
    : { stroke: INKS[1], "stroke-width": 1.5, "stroke-dasharray": dash };
}

/** Under the last axis, moved apart, each with a leader to its line. */
function lineLabels(
  lines: readonly ParallelLine[],
  axis: Axis,
  [left, right]: readonly [number, number],
): string {
  const wanted = lines.map(({ values }) => axis.at(values.at(-1)!));
  const placed = spreadLabels(wanted, FONT_SIZE + 8, left, right);
  const y = axis.y + 3 * LINE_HEIGHT;
  return lines
    .map(({ label = "" }, i) => {
      const leader = { x1: wanted[i], x2: placed[i], y1: axis.y + LINE_HEIGHT + 7, y2: y - 12 };
      const look = { fill: i === 0 ? INKS[0] : INKS[1], "font-weight": 600 };
      return line(leader, 0.4) + text(label, { x: placed[i], y, "text-anchor": "middle", ...look });
    })
    .join("");
}
