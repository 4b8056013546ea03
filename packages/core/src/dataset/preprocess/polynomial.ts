// Products of columns: scikit-learn's PolynomialFeatures without the column of ones, which a bias
// does, in its order and with its names.

import { type Fit, UnfitColumns } from "./fitted-step.ts";

export interface PolynomialSettings {
  readonly degree: number;
  readonly interactionOnly: boolean;
}

/** As many inputs as a network takes. */
const MOST_COLUMNS = 4096;

export function polynomial({ degree, interactionOnly }: PolynomialSettings): Fit {
  return ({ names }) => {
    const products: number[][] = [];
    let last = [...names.keys()].map((j) => [j]);
    for (let factors = 1; factors <= degree; factors++) {
      products.push(...last);
      if (products.length > MOST_COLUMNS) {
        throw new UnfitColumns(
          `polynomial gives more than ${MOST_COLUMNS} columns of ${names.length}; name fewer, or take a lower degree`,
        );
      }
      // Factors ascend, so each product is there once.
      last = last.flatMap((product) => {
        const from = product.at(-1)! + (interactionOnly ? 1 : 0);
        return names.slice(from).map((_, k) => [...product, from + k]);
      });
    }
    return {
      outputs: products.map((product, k) =>
        product.length === 1 ? { name: names[k], from: k } : { name: nameOf(product, names) },
      ),
      apply(row, out) {
        for (let k = 0; k < products.length; k++) {
          let value = 1;
          for (const j of products[k]) value *= row[j];
          out[k] = value;
        }
      },
    };
  };
}

/** "a^2 b" */
function nameOf(product: readonly number[], names: readonly string[]): string {
  return [...new Set(product)]
    .map((j) => {
      const power = product.filter((factor) => factor === j).length;
      return power === 1 ? names[j] : `${names[j]}^${power}`;
    })
    .join(" ");
}
