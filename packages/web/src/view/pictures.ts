// The plots of a population, and the line that says how to read them. Loaded when something trains.

import type { Metric } from "@convergence-lab/core";
import type { OpenedVariant, Surface, VariantCurves } from "../messages.ts";
import { deadPlot, gradientPlot, metricPlot } from "./curve-plots.ts";
import { PlotFigure } from "./plot-figure.ts";
import { SurfaceFigure } from "./surface-figure.ts";

export interface Pictured {
  readonly curves: readonly VariantCurves[];
  readonly surfaces: readonly Surface[];
  readonly opened: readonly OpenedVariant[];
  readonly metric: Metric;
  /** Whose layers and surface are shown. */
  readonly variant: string;
}

export class Pictures {
  readonly #main = new PlotFigure();
  readonly #gradient = new PlotFigure();
  readonly #dead = new PlotFigure();
  readonly #surface: SurfaceFigure;
  readonly #legend: HTMLElement;

  /** @param plots Where the plots stand; the colours of their series are set there or above. */
  constructor(plots: HTMLElement, legend: HTMLElement) {
    this.#surface = new SurfaceFigure(plots);
    this.#legend = legend;
    plots.append(
      this.#main.element,
      this.#surface.element,
      this.#gradient.element,
      this.#dead.element,
    );
  }

  show({ curves, surfaces, opened, metric, variant }: Pictured): void {
    this.#main.show(metricPlot(curves, metric, opened));
    const chosen = curves.find(({ name }) => name === variant) ?? curves[0];
    this.#gradient.show(chosen && gradientPlot(chosen));
    this.#dead.show(chosen && deadPlot(chosen));
    this.#surface.show(surfaces.find((surface) => surface.variant === variant) ?? surfaces[0]);
    // Layers are told of before the first epoch is.
    this.#legend.hidden = chosen === undefined || chosen.runs === 0;
    if (chosen === undefined) return;
    const of = curves.length > 1 ? ` Layers are those of ${chosen.name}.` : "";
    this.#legend.textContent = `Lines are medians over ${chosen.runs} training seeds; a band holds four of five seeds. Dashed: the best constant predictor.${of}`;
  }

  destroy(): void {
    for (const figure of [this.#main, this.#gradient, this.#dead, this.#surface]) figure.destroy();
  }
}
