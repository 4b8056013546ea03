// Measured numbers as people read them.

import { shortNumber } from "../shared/number-text.ts";

/** "1.53 ms" */
export function durationText(seconds: number): string {
  const [factor, unit] = [
    [1, "s"],
    [1e3, "ms"],
    [1e6, "µs"],
  ].find(([factor]) => seconds * (factor as number) >= 1) ?? [1e9, "ns"];
  return `${shortNumber(seconds * (factor as number))} ${unit}`;
}

/** Three digits, thousands apart: "14,500", "2.36". */
export function rateText(rate: number): string {
  if (rate < 1000) return shortNumber(rate);
  return Number(rate.toPrecision(3)).toLocaleString("en-US");
}

/** "12%", and "0.34%" where little is left. */
export function shareText(share: number | null): string {
  return share === null ? "" : `${shortNumber(100 * share, share < 0.1 ? 2 : 3)}%`;
}
