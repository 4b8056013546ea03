// A confusion matrix: a row per true class, a column per predicted one; a cell is as dark as the
// share of its row, and says that share.

import { percent } from "../../shared/number-text.ts";
import { attributes } from "../markup.ts";
import {
  coordinates,
  drawing,
  FONT_SIZE,
  INKS,
  LINE_HEIGHT,
  shorten,
  text,
  textWidth,
} from "./draw.ts";

export interface ConfusionPlot {
  readonly description: string;
  readonly title: string;
  readonly classes: readonly string[];
  /** True class, predicted class. */
  readonly counts: readonly (readonly number[])[];
  readonly width: number;
}

const MAX_NAME = 12;
/** A share is written where its cell has room for "100%". */
const MIN_CELL = 34;
const MAX_CELL = 64;

export function confusionPlot(plot: ConfusionPlot): string {
  const { description, title, counts, width } = plot;
  const names = plot.classes.map((name) => shorten(name, MAX_NAME));
  const left = 12 + Math.max(textWidth("true"), ...names.map(textWidth));
  const cell = Math.min(MAX_CELL, (width - left - 4) / counts.length);
  const height = Math.min(cell, 40);
  const top = 3.6 * LINE_HEIGHT;
  const isLabelled = (name: string) => textWidth(name) <= cell;
  const heads = names.map((name, j) => {
    const at = { x: left + cell * (j + 0.5), y: top - 6, "text-anchor": "middle" };
    return isLabelled(name) || cell >= MIN_CELL
      ? text(shorten(name, Math.max(2, Math.floor(cell / textWidth("x")))), at)
      : "";
  });
  const rows = counts.map((row, i) => {
    const total = row.reduce((sum, count) => sum + count, 0);
    const y = top + height * i;
    const name = { x: left - 8, y: y + height / 2 + 4, "text-anchor": "end" };
    const cells = row.map((count, j) => {
      const share = total === 0 ? 0 : count / total;
      return square(left + cell * j, y, cell, height, share, i === j);
    });
    return (height >= FONT_SIZE ? text(names[i], name) : "") + cells.join("");
  });
  const bottom = top + height * counts.length;
  return drawing(
    { description, width, height: Math.ceil(bottom + 4) },
    [
      text(title, { x: 0, y: FONT_SIZE, "font-weight": 600 }),
      text("true", { x: left - 8, y: top - 6, "text-anchor": "end", "fill-opacity": 0.75 }),
      text("predicted", {
        x: left + (cell * counts.length) / 2,
        y: top - 6 - LINE_HEIGHT,
        "text-anchor": "middle",
        "fill-opacity": 0.75,
      }),
      ...heads,
      ...rows,
    ].join(""),
  );
}

/** Darker than this a cell is too dark for text in the ink of the page. */
const STRONGEST = 0.45;

function square(
  x: number,
  y: number,
  width: number,
  height: number,
  share: number,
  isRight: boolean,
): string {
  const [accent, ink] = INKS;
  const look = {
    fill: isRight ? accent : ink,
    "fill-opacity": (STRONGEST * share).toFixed(3),
    stroke: "currentColor",
    "stroke-opacity": 0.2,
  };
  const place = { x: x + width / 2, y: y + height / 2 + 4, "text-anchor": "middle" };
  const label = width >= MIN_CELL && height >= FONT_SIZE ? text(percent(share), place) : "";
  return `<rect${coordinates({ x, y, width, height })}${attributes(look)}/>${label}`;
}
