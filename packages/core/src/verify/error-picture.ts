// A quantity that is out of tolerance, as a picture: what was computed, marks under what is wrong,
// what was recorded, what was allowed. Numbers stand under each other, a few to a line.

import type { Network } from "../compile/plan.ts";
import type { ComparedNumber } from "./compare-replay.ts";

const PER_LINE = 5;
/** Lines of numbers with a miss that are shown; a transposed kernel has hundreds. */
const MOST_LINES = 4;

/** @param numbers All of one quantity of one step. */
export function errorPicture(
  name: string,
  network: Network,
  numbers: readonly ComparedNumber[],
): string {
  const [{ quantity, step }] = numbers;
  const misses = numbers.filter(isMiss);
  const largest = misses.reduce((a, b) => (b.error > a.error ? b : a));
  const starts = [...new Set(misses.map(({ index }) => index - (index % PER_LINE)))];
  const lines = starts.slice(0, MOST_LINES).flatMap((start) => {
    const row = numbers.slice(start, start + PER_LINE);
    return ["", placeOf(network, row[0]), ...table(row)];
  });
  const hidden = starts.length - Math.min(starts.length, MOST_LINES);
  return [
    `${name}: ${quantity} of step ${step + 1}, ${misses.length} of ${numbers.length} out of tolerance`,
    ...lines,
    ...(hidden > 0 ? ["", `and ${hidden} more lines like these`] : []),
    "",
    `largest difference ${largest.error.toExponential(2)} at ${placeOf(network, largest)}, ${shareText(largest)}`,
  ].join("\n");
}

function isMiss({ share }: ComparedNumber): boolean {
  return !(share <= 1);
}

function shareText({ share, tolerance }: ComparedNumber): string {
  return `${share.toPrecision(3)} times its tolerance ${tolerance.toExponential(2)}`;
}

function table(row: readonly ComparedNumber[]): string[] {
  const line = (label: string, cell: (number: ComparedNumber) => string) =>
    `  ${label.padEnd(10)}${row.map((number) => cell(number).padStart(16)).join("")}`.trimEnd();
  return [
    line("actual", ({ actual }) => actual.toPrecision(9)),
    line("", (number) => (isMiss(number) ? "xx" : "")),
    line("expected", ({ expected }) => expected.toPrecision(9)),
    line("tolerance", ({ tolerance }) => tolerance.toExponential(2)),
  ];
}

/** Where a number stands in its tensor: "kernel of layer 1 [3, 0]". */
function placeOf({ layers, layout }: Network, { quantity, index }: ComparedNumber): string {
  if (quantity === "logits") {
    const { units } = layers[layers.length - 1];
    return `logits [${Math.floor(index / units)}, ${index % units}]`;
  }
  const tensor = layout.tensors.find(
    ({ offset, size }) => index >= offset && index < offset + size,
  );
  if (tensor === undefined || /Loss$/.test(quantity)) return quantity;
  const { layer, kind, offset, shape } = tensor;
  const last = shape[shape.length - 1];
  const within = index - offset;
  const at = shape.length === 1 ? [within] : [Math.floor(within / last), within % last];
  return `${kind} of layer ${layer} [${at.join(", ")}]`;
}
