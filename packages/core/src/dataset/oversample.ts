// Rows of rare classes once more, so that all classes have equally many: imbalanced-learn's
// RandomOverSampler, row for row.

import { RandomState } from "./numpy/random-state.ts";

/**
 * The rows, then the copies: class by class in the order of their indices, each drawn with
 * replacement from the class's rows (`random_state.randint`), as many as the largest class has more.
 */
export function oversampled(rows: Int32Array, y: Float32Array, seed: number): Int32Array {
  const ofClass = new Map<number, number[]>();
  for (const row of rows) {
    const members = ofClass.get(y[row]);
    if (members === undefined) ofClass.set(y[row], [row]);
    else members.push(row);
  }
  const most = Math.max(...[...ofClass.values()].map((members) => members.length));
  const random = new RandomState(seed);
  const copies = [...ofClass.keys()]
    .sort((a, b) => a - b)
    .flatMap((label) => {
      const members = ofClass.get(label)!;
      if (members.length === most) return [];
      return Array.from(
        random.randint(0, members.length, most - members.length),
        (draw) => members[Number(draw)],
      );
    });
  return Int32Array.from([...rows, ...copies]);
}
