// Some of many places, evenly spaced.

/**
 * Places from 0 below `length`, `most` at the most, ascending; the first and the last are among them,
 * and of one place it is the last.
 */
export function evenlySpaced(length: number, most: number): number[] {
  const count = Math.min(length, most);
  return Array.from({ length: count }, (_, i) =>
    count === 1 ? length - 1 : Math.round((i * (length - 1)) / (count - 1)),
  );
}
