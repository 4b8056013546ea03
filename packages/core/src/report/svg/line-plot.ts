// Curves over epochs as an SVG string: medians with their bands, a dashed reference line, names at
// the line ends. Presentation attributes only, no style and no script, so that it is drawn under
// the strictest content-security policy; no DOM, so that it is drawn anywhere.
//
// Colours are CSS variables with a fallback (see INKS), and text is currentColor: a page that sets
// them themes the plot, and the file alone is still legible.

import { attributes, escapeMarkup } from "../markup.ts";
import {
  coordinates,
  drawing,
  FONT_SIZE,
  HALO,
  INKS,
  LINE_HEIGHT,
  line,
  QUIET,
  shorten,
  text,
  textWidth,
} from "./draw.ts";
import { epochScale, type Scale, scaleOf, tickLabels } from "./scale.ts";
import { spreadLabels } from "./spread-labels.ts";

export interface LinePlot {
  /** What a reader without the picture should know: the finding in words. */
  readonly description: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly lines: readonly PlotLine[];
  /** What stands under the axis in place of epochs, at values' places from 1. */
  readonly xTicks?: readonly { readonly at: number; readonly label: string }[];
  /** A level to compare with, drawn dashed. */
  readonly reference?: { readonly value: number; readonly label: string } | undefined;
  /** Colours in turn. Absent: those of reports. */
  readonly inks?: readonly string[];
  readonly width: number;
  readonly height: number;
}

/** One value per epoch, from epoch 1; null is a gap. */
export interface PlotLine {
  readonly name: string;
  readonly values: readonly (number | null)[];
  readonly low?: readonly (number | null)[];
  readonly high?: readonly (number | null)[];
}

const DASHES = [undefined, "7 3", "2 3", "9 3 2 3"] as const;

const MAX_NAME = 18;
/** More points than this along an axis are below a pixel. */
const MAX_POINTS = 600;

interface Frame {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly x: Scale;
  readonly y: Scale;
}

/** Where a value is drawn. */
type Place = (epoch: number, value: number) => readonly [x: number, y: number];
/** The colour of a line by its position. */
type InkOf = (index: number) => string;

export function linePlot(plot: LinePlot): string {
  const { lines, inks = INKS } = plot;
  const inkOf: InkOf = (index) => inks[index % inks.length];
  const frame = layOut(plot);
  const place: Place = (epoch, value) => [
    frame.left + frame.x.at(epoch) * (frame.right - frame.left),
    frame.bottom - frame.y.at(value) * (frame.bottom - frame.top),
  ];
  const body = [
    axes(plot, frame, place),
    ...lines.map((line, i) => band(line, inkOf(i), place)),
    reference(plot, frame, place),
    ...lines.map((line, i) => curve(line, { ink: inkOf(i), dash: dashOf(i) }, place)),
    lineEnds(lines, inkOf, frame, place),
    referenceLabel(plot, frame, place),
  ];
  return drawing(plot, body.join(""));
}

function layOut({ lines, reference, width, height }: LinePlot): Frame {
  const values = lines
    .flatMap(({ values, low = [], high = [] }) => [...values, ...low, ...high])
    .filter((value) => value !== null);
  if (reference !== undefined) values.push(reference.value);
  const epochs = Math.max(1, ...lines.map((line) => line.values.length));
  const y = scaleOf(values, Math.max(2, Math.floor(height / 55)));
  const left = 10 + Math.max(...tickLabels(y).map(textWidth));
  const names = lines.map((line) => textWidth(shorten(line.name, MAX_NAME)));
  const right = width - Math.min(14 + Math.max(0, ...names), width * 0.36);
  const x = epochScale(1, epochs, Math.max(2, Math.floor((right - left) / 70)));
  return { left, right, top: 2 * LINE_HEIGHT, bottom: height - 2.6 * LINE_HEIGHT, x, y };
}

function axes({ xLabel, yLabel, xTicks, height }: LinePlot, frame: Frame, place: Place): string {
  const { left, right, bottom, x, y } = frame;
  const yTexts = tickLabels(y);
  const horizontal = y.ticks.map((tick, i) => {
    const at = place(x.domain[0], tick)[1];
    const rule = line({ x1: left, x2: right, y1: at, y2: at }, i === 0 ? 0.55 : 0.13);
    return rule + text(yTexts[i], { x: left - 6, y: at + 4, "text-anchor": "end", ...QUIET });
  });
  const ticks = xTicks ?? x.ticks.map((tick) => ({ at: tick, label: String(tick) }));
  const vertical = ticks.map((tick) => {
    const at = place(tick.at, y.domain[0])[0];
    const mark = line({ x1: at, x2: at, y1: bottom, y2: bottom + 4 }, 0.55);
    const label = { x: at, y: bottom + LINE_HEIGHT + 2, "text-anchor": "middle", ...QUIET };
    return mark + text(tick.label, label);
  });
  const title = y.kind === "log" ? `${yLabel}, log scale` : yLabel;
  const middle = { x: (left + right) / 2, y: height - 3, "text-anchor": "middle", ...QUIET };
  return [
    ...horizontal,
    ...vertical,
    text(title, { x: 0, y: FONT_SIZE, "font-weight": 600 }),
    text(xLabel, middle),
  ].join("");
}

/** The area between the low and the high curve, where both are known. */
function band({ low, high }: PlotLine, ink: string, place: Place): string {
  if (low === undefined || high === undefined) return "";
  const shapes = segments(high).flatMap(([from, to]) => {
    const upper = points(high, from, to, place);
    const lower = points(low, from, to, place).reverse();
    return lower.length === 0 ? [] : [`M${[...upper, ...lower].map(coordinate).join("L")}Z`];
  });
  if (shapes.length === 0) return "";
  const fill = {
    d: shapes.join(""),
    fill: ink,
    "fill-opacity": BAND_OPACITY,
    stroke: "none",
  };
  return `<path${attributes(fill)}/>`;
}

/** Three bands over each other can still be told apart. */
const BAND_OPACITY = 0.14;

/** Every third line changes its dashes, so that colour is not all that tells lines apart. */
function dashOf(index: number): string | undefined {
  return DASHES[Math.floor(index / INKS.length) % DASHES.length];
}

function curve(
  { name, values }: PlotLine,
  { ink, dash }: { readonly ink: string; readonly dash: string | undefined },
  place: Place,
): string {
  const pieces = segments(values).map(([from, to]) => {
    const path = points(values, from, to, place).map(coordinate);
    // A single epoch between gaps: a line of no length is a dot under a round cap.
    return `M${path.length === 1 ? [path[0], path[0]].join("L") : path.join("L")}`;
  });
  if (pieces.length === 0) return "";
  const stroke = {
    d: pieces.join(""),
    fill: "none",
    stroke: ink,
    "stroke-width": 2,
    "stroke-linejoin": "round",
    "stroke-linecap": "round",
    "stroke-dasharray": dash,
  };
  return `<path${attributes(stroke)}><title>${escapeMarkup(name)}</title></path>`;
}

/** Names beside the last point of each line, with a thin leader where they had to move. */
function lineEnds(lines: readonly PlotLine[], inkOf: InkOf, frame: Frame, place: Place): string {
  const ends = lines.flatMap((line, index) => {
    const last = line.values.findLastIndex((value) => value !== null);
    return last < 0 ? [] : [{ name: line.name, index, at: place(last + 1, line.values[last]!) }];
  });
  const labelled = thinOut(ends, Math.floor((frame.bottom - frame.top) / LINE_HEIGHT) + 1);
  const wanted = labelled.map(({ at }) => at[1]);
  const placed = spreadLabels(wanted, LINE_HEIGHT, frame.top, frame.bottom);
  return labelled
    .map(({ name, index, at }, i) => {
      const isMoved = Math.abs(placed[i] - at[1]) > 3 || at[0] < frame.right - 1;
      const leader = { x1: at[0] + 2, y1: at[1], x2: frame.right + 7, y2: placed[i] };
      const label = {
        x: frame.right + 9,
        y: placed[i] + 4,
        fill: inkOf(index),
        "font-weight": 600,
      };
      return (isMoved ? line(leader, 0.3) : "") + text(shorten(name, MAX_NAME), label);
    })
    .join("");
}

/** Where there are more names than lines of text, every so many of them from top to bottom. */
function thinOut<T extends { readonly at: readonly [number, number] }>(
  ends: T[],
  room: number,
): T[] {
  if (ends.length <= room) return ends;
  const ordered = ends.toSorted((a, b) => a.at[1] - b.at[1]);
  return Array.from(
    { length: room },
    (_, i) => ordered[Math.round((i * (ends.length - 1)) / (room - 1))],
  );
}

function reference({ reference }: LinePlot, { left, right }: Frame, place: Place): string {
  if (reference === undefined) return "";
  const y = place(1, reference.value)[1];
  const dashed = { stroke: "currentColor", "stroke-dasharray": "4 4", "stroke-opacity": 0.8 };
  return `<line${coordinates({ x1: left, x2: right, y1: y, y2: y })}${attributes(dashed)}/>`;
}

/** On the dashed line's emptier side, at the end or the start of it, where fewest curves pass. */
function referenceLabel(plot: LinePlot, frame: Frame, place: Place): string {
  const { reference, lines } = plot;
  if (reference === undefined) return "";
  const y = place(1, reference.value)[1];
  const width = textWidth(reference.label);
  const drawn = lines.flatMap(({ values }) =>
    segments(values).flatMap(([from, to]) => points(values, from, to, place)),
  );
  const spots = [frame.right - width - 4, frame.left + 6, (frame.left + frame.right - width) / 2]
    .flatMap((x) => [
      { x, baseline: y - 5 },
      { x, baseline: y + LINE_HEIGHT - 1 },
    ])
    .filter(({ baseline }) => baseline < frame.bottom - 2 && baseline - FONT_SIZE > frame.top - 4);
  const covered = ({ x, baseline }: { x: number; baseline: number }) =>
    drawn.filter(
      ([px, py]) =>
        px > x - 4 && px < x + width + 4 && py > baseline - FONT_SIZE - 2 && py < baseline + 4,
    ).length;
  const best = spots.toSorted((a, b) => covered(a) - covered(b))[0];
  if (best === undefined) return "";
  return text(reference.label, {
    x: best.x,
    y: best.baseline,
    "font-style": "italic",
    ...HALO,
  });
}

/** Runs of epochs without a gap, as [from, to) over indices. */
function segments(values: readonly (number | null)[]): [number, number][] {
  const found: [number, number][] = [];
  let from = -1;
  for (let i = 0; i <= values.length; i++) {
    const isKnown = i < values.length && values[i] !== null;
    if (isKnown && from < 0) from = i;
    if (!isKnown && from >= 0) {
      found.push([from, i]);
      from = -1;
    }
  }
  return found;
}

/** The points of a segment; of a long one, the lowest and the highest in every pixel or so. */
function points(
  values: readonly (number | null)[],
  from: number,
  to: number,
  place: Place,
): (readonly [number, number])[] {
  const known = (i: number) => values[i] ?? Number.NaN;
  const perBucket = Math.ceil((2 * (to - from)) / MAX_POINTS);
  const chosen: number[] = [];
  for (let start = from; start < to; start += perBucket) {
    const bucket = Array.from({ length: Math.min(perBucket, to - start) }, (_, i) => start + i);
    const lowest = bucket.reduce((a, b) => (known(b) < known(a) ? b : a));
    const highest = bucket.reduce((a, b) => (known(b) > known(a) ? b : a));
    if (to - from <= MAX_POINTS) chosen.push(...bucket);
    else chosen.push(...new Set([Math.min(lowest, highest), Math.max(lowest, highest)]));
  }
  return chosen.filter((i) => !Number.isNaN(known(i))).map((i) => place(i + 1, known(i)));
}

function coordinate([x, y]: readonly [number, number]): string {
  return `${Number(x.toFixed(1))},${Number(y.toFixed(1))}`;
}
