import sklearn from "@convergence-lab/test-fixtures/reference/sklearn-multilabel.json" with {
  type: "json",
};
import { expect, test } from "vitest";
import { RandomState } from "../random-state.ts";
import { makeMultilabelClassification } from "./make-multilabel-classification.ts";

test.each(sklearn.generators)(
  "scikit-learn's make_multilabel_classification of $options",
  ({ options, x, y }) => {
    const data = makeMultilabelClassification({
      rows: options.n_samples,
      columns: options.n_features,
      classes: options.n_classes,
      labels: options.n_labels,
      length: options.length,
      allowUnlabeled: options.allow_unlabeled,
      seed: options.random_state,
    });
    expect([...data.x]).toEqual(x);
    expect([...data.y]).toEqual(y);
  },
);

test.each(sklearn.poisson)("NumPy's poisson($lam)", ({ seed, lam, values }) => {
  const random = new RandomState(seed);
  expect(values.map(() => random.poisson(lam))).toEqual(values);
});
