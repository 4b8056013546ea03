// What a network answers over the plane of its two features, with the rows it was trained on. Classes
// differ in tint and in the shape of their rows; the fainter a place, the less sure
// the network is.

import { percent, shortNumber, withMinus } from "@convergence-lab/core";
import type { Surface } from "../messages.ts";
import { h } from "./dom.ts";
import { tableOf } from "./table.ts";

/** Pixels of the drawing along each side; it is shown at the width that there is. */
const PIXELS = 432;
const RADIUS = 4;
const STRONGEST = 0.42;
const MOST_LISTED = 50;

export class SurfaceFigure {
  readonly element = h("figure", { part: "figure", class: "tall-figure", hidden: true });
  readonly #host: HTMLElement;
  #surface: Surface | undefined;
  readonly #themed = matchMedia("(prefers-color-scheme: dark)");
  readonly #redraw = () => this.show(this.#surface);

  /** @param host Where the colours of the series are set. */
  constructor(host: HTMLElement) {
    this.#host = host;
    this.#themed.addEventListener("change", this.#redraw);
  }

  show(surface: Surface | undefined): void {
    this.#surface = surface;
    this.element.hidden = surface === undefined;
    if (surface === undefined) return;
    const { variant, columns, accuracy, x, y, classes } = surface;
    const says = `What one network of ${variant} answers over ${columns.join(" and ")}: it is right in ${percent(accuracy)} of its training rows.`;
    const canvas = h("canvas", { width: PIXELS, height: PIXELS, role: "img", "aria-label": says });
    const inks = this.#inks(classes.length);
    draw(canvas, surface, inks);
    const legend = classes.map((name, k) => h("li", {}, legendMark(k, inks[k]), ` ${name}`));
    this.element.replaceChildren(
      h("figcaption", {}, h("strong", {}, `decision surface, ${variant}`)),
      h(
        "div",
        { class: "surface" },
        canvas,
        h("span", { class: "axis across quiet" }, axisText(columns[0], x)),
        h("span", { class: "axis up quiet" }, axisText(columns[1], y)),
      ),
      h("ul", { class: "legend" }, ...legend),
      h(
        "p",
        { class: "quiet" },
        `${says} Columns as they reach the network; the fainter, the less sure.`,
      ),
      h("details", {}, h("summary", {}, "Show as table"), rowsTable(surface)),
    );
  }

  destroy(): void {
    this.#themed.removeEventListener("change", this.#redraw);
  }

  /** The colours as the page computes them. */
  #inks(count: number): string[] {
    const probe = h("span", { hidden: true });
    this.#host.append(probe);
    const inks = Array.from({ length: count }, (_, k) => {
      probe.style.color = `var(--series-${(k % 8) + 1})`;
      return getComputedStyle(probe).color;
    });
    probe.remove();
    return inks;
  }
}

function axisText(column: string, [from, to]: readonly [number, number]): string {
  return `${column}, ${numberText(from)} to ${numberText(to)}`;
}

function numberText(value: number): string {
  return withMinus(shortNumber(value));
}

function draw(canvas: HTMLCanvasElement, surface: Surface, inks: readonly string[]): void {
  const pen = canvas.getContext("2d");
  if (pen === null) return;
  const { points, x, y } = surface;
  // Drawn small and blown up, cells flow into each other.
  pen.drawImage(cells(surface, inks), 0, 0, PIXELS, PIXELS);
  for (let i = 0; i < points.length; i += 3) {
    const at = {
      x: (PIXELS * (points[i] - x[0])) / (x[1] - x[0]),
      y: PIXELS - (PIXELS * (points[i + 1] - y[0])) / (y[1] - y[0]),
    };
    mark(pen, at, points[i + 2], inks[points[i + 2] % inks.length]);
  }
}

/** One pixel for each cell. */
function cells({ size, classOf, sureness }: Surface, inks: readonly string[]): HTMLCanvasElement {
  const canvas = h("canvas", { width: size, height: size });
  const pen = canvas.getContext("2d")!;
  for (let i = 0; i < classOf.length; i++) {
    pen.globalAlpha = STRONGEST * sureness[i];
    pen.fillStyle = inks[classOf[i] % inks.length];
    pen.fillRect(i % size, size - 1 - Math.floor(i / size), 1, 1);
  }
  return canvas;
}

/** Circle, square, triangle and diamond in turn. */
function mark(
  pen: CanvasRenderingContext2D,
  { x, y }: { readonly x: number; readonly y: number },
  index: number,
  ink: string,
): void {
  const r = RADIUS;
  pen.beginPath();
  if (index % 4 === 0) pen.arc(x, y, r, 0, 2 * Math.PI);
  else if (index % 4 === 1) pen.rect(x - r + 0.5, y - r + 0.5, 2 * r - 1, 2 * r - 1);
  else {
    const corners =
      index % 4 === 2 ? [0, -r, r, r, -r, r] : [0, -r - 1, r + 1, 0, 0, r + 1, -r - 1, 0];
    for (let i = 0; i < corners.length; i += 2) pen.lineTo(x + corners[i], y + corners[i + 1]);
    pen.closePath();
  }
  pen.fillStyle = ink;
  pen.fill();
  pen.strokeStyle = "rgb(255 255 255 / 0.9)";
  pen.lineWidth = 1;
  pen.stroke();
}

function legendMark(index: number, ink: string): HTMLElement {
  const canvas = h("canvas", { width: 16, height: 16, "aria-hidden": "true", class: "mark" });
  const pen = canvas.getContext("2d");
  if (pen !== null) mark(pen, { x: 8, y: 8 }, index, ink);
  return canvas;
}

function rowsTable({ columns, points, classes }: Surface): HTMLElement {
  const listed = Math.min(MOST_LISTED, points.length / 3);
  const rows = Array.from({ length: listed }, (_, i) => [
    String(i + 1),
    numberText(points[3 * i]),
    numberText(points[3 * i + 1]),
    classes[points[3 * i + 2]] ?? String(points[3 * i + 2]),
  ]);
  return h(
    "div",
    { class: "scroll tall", role: "region", tabindex: "0", "aria-label": "Rows of the plot" },
    tableOf(["row", ...columns, "class"], rows),
  );
}
