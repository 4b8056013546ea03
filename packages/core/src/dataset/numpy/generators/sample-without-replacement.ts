import type { RandomState } from "../random-state.ts";

/**
 * `count` different integers from 0 to `population - 1`, in the order and with the draws of
 * `sklearn.utils.random.sample_without_replacement(method="auto")`, which changes its method with
 * the ratio of the two (thresholds 0.01, 0.99 and 0.2 are scikit-learn's).
 */
export function sampleWithoutReplacement(
  population: number,
  count: number,
  random: RandomState,
): Float64Array {
  const ratio = population === 0 ? 1 : count / population;
  if (ratio > 0.01 && ratio < 0.99) {
    return Float64Array.from(random.permutation(population).subarray(0, count));
  }
  return ratio < 0.2
    ? withRejection(population, count, random)
    : withReservoir(population, count, random);
}

/** Draws again when a value has been drawn before. */
function withRejection(population: number, count: number, random: RandomState): Float64Array {
  const taken = new Set<number>();
  while (taken.size < count) taken.add(random.randint(0, population, 1)[0]);
  return Float64Array.from(taken);
}

/** Starts with the first `count` values and lets the later ones replace them at random. */
function withReservoir(population: number, count: number, random: RandomState): Float64Array {
  const kept = Float64Array.from({ length: count }, (_, i) => i);
  for (let value = count; value < population; value++) {
    const place = random.randint(0, value + 1, 1)[0];
    if (place < count) kept[place] = value;
  }
  return kept;
}
