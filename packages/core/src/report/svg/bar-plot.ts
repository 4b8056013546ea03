// One bar per case, from 0, for shares.

import { attributes } from "../markup.ts";
import { coordinates, INKS } from "./draw.ts";
import { type RowPlot, rowPlot } from "./row-plot.ts";
import { linearScale } from "./scale.ts";

export interface BarPlot extends Pick<RowPlot, "description" | "label" | "width"> {
  /** A hollow bar is one that may be nothing. */
  readonly rows: readonly {
    readonly name: string;
    readonly note: string;
    readonly value: number;
    readonly isHollow: boolean;
  }[];
}

const THICKNESS = 12;

/** Up to 1. */
export function barPlot({ rows, ...plot }: BarPlot): string {
  return rowPlot({
    ...plot,
    rows,
    noteWeight: 600,
    scale: (ticks) => linearScale(0, 1, ticks),
    mark: (row, x, y) => {
      const { value, isHollow } = rows[row];
      const size = { x: x(0), y: y - THICKNESS / 2, width: x(value) - x(0), height: THICKNESS };
      const look = isHollow ? { fill: "none", stroke: INKS[2] } : { fill: INKS[0] };
      return `<rect${coordinates(size)}${attributes(look)}/>`;
    },
  });
}
