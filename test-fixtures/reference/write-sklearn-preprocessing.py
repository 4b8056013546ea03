"""Writes sklearn-preprocessing.json beside this file.

Needs numpy, pandas and scikit-learn; the versions used are stored in the file. Every step is fitted
on the first rows of one small table with missing values, repeated values and outliers, and applied
to all of its rows.

    python3 test-fixtures/reference/write-sklearn-preprocessing.py
"""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import sklearn
from sklearn.decomposition import PCA
from sklearn.feature_selection import VarianceThreshold
from sklearn.impute import SimpleImputer
from sklearn.preprocessing import (
    MinMaxScaler,
    OneHotEncoder,
    OrdinalEncoder,
    PolynomialFeatures,
    RobustScaler,
    StandardScaler,
)
from sklearn.utils import shuffle
from sklearn.utils.class_weight import compute_class_weight

HERE = Path(__file__).parent
NAN = float("nan")
# Columns: skewed, with gaps, constant, codes, nearly the first.
GAPS = np.array(
    [
        [1.0, 2.0, 7.0, 3, 1.1],
        [2.0, NAN, 7.0, 1, 2.0],
        [4.0, 2.0, 7.0, 3, 4.2],
        [8.0, 5.0, 7.0, 2, 7.9],
        [16.0, 5.0, 7.0, 1, 16.0],
        [300.0, -1.5, 7.0, 1, 299.0],
        [0.5, NAN, 7.0, 9, 0.5],
        [-40.0, 11.0, 8.0, 2, 3.0],
    ]
)
FIT_ROWS = 6
NAMES = ["a", "b", "c", "d", "e"]
FULL = np.where(np.isnan(GAPS), 3.25, GAPS)


def cells(x):
    return [[None if np.isnan(v) else float(v) for v in row] for row in np.asarray(x)]


def fitted(transformer, x, columns=None):
    x = x if columns is None else x[:, columns]
    return cells(transformer.fit(x[:FIT_ROWS]).transform(x))


def pca(**settings):
    """With the sign of scikit-learn 1.5 and later, whichever version this is."""
    model = PCA(svd_solver="full", **settings).fit(FULL[:FIT_ROWS])
    largest = np.abs(model.components_).argmax(axis=1)
    signs = np.sign(model.components_[range(len(largest)), largest])
    return cells(model.transform(FULL) * signs)


def dropped(above):
    r = pd.DataFrame(GAPS[:FIT_ROWS], columns=NAMES).corr().abs()
    kept = []
    for name in NAMES:
        if not any(r.loc[other, name] > above for other in kept):
            kept.append(name)
    return kept


def polynomial(**settings):
    x = FULL[:, [0, 1, 3]]
    model = PolynomialFeatures(include_bias=False, **settings).fit(x)
    return {
        "names": model.get_feature_names_out(["a", "b", "d"]).tolist(),
        "x": cells(model.transform(x)),
    }


encoder = OneHotEncoder(sparse=False, handle_unknown="ignore")
unknown = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1)
labels = np.array([0, 0, 0, 1, 2, 2, 0, 0])

result = {
    "versions": {
        "numpy": np.__version__,
        "pandas": pd.__version__,
        "scikit-learn": sklearn.__version__,
    },
    "names": NAMES,
    "gaps": cells(GAPS),
    "full": cells(FULL),
    "fitRows": FIT_ROWS,
    "steps": {
        "standardize": fitted(StandardScaler(), GAPS),
        "minMax": fitted(MinMaxScaler(), GAPS),
        "minMaxRange": fitted(MinMaxScaler(feature_range=(-1, 1)), GAPS),
        "robust": fitted(RobustScaler(), GAPS),
        "imputeMean": fitted(SimpleImputer(), GAPS),
        "imputeMedian": fitted(SimpleImputer(strategy="median"), GAPS),
        "imputeMostFrequent": fitted(SimpleImputer(strategy="most_frequent"), GAPS),
        "imputeConstant": fitted(SimpleImputer(strategy="constant", fill_value=-9), GAPS),
        "imputeIndicator": fitted(SimpleImputer(add_indicator=True), GAPS),
        "log": cells(np.log1p(FULL[:, [3]])),
        "clipQuantiles": cells(
            np.clip(GAPS, *np.nanquantile(GAPS[:FIT_ROWS], [0.1, 0.75], axis=0))
        ),
        "oneHot": fitted(encoder, GAPS, [3]),
        "ordinal": fitted(unknown, GAPS, [3]),
        "dropConstant": fitted(VarianceThreshold(), GAPS),
        "pca": pca(n_components=3),
        "pcaShare": pca(n_components=0.999),
        "whiten": pca(n_components=2, whiten=True),
    },
    "dropCorrelated": {"0.95": dropped(0.95), "0.5": dropped(0.5)},
    "polynomial": polynomial(degree=2),
    "interactions": polynomial(degree=3, interaction_only=True),
    "shuffle": shuffle(np.arange(10), random_state=3).tolist(),
    "balanced": {
        "labels": labels.tolist(),
        "weights": compute_class_weight("balanced", classes=np.unique(labels), y=labels).tolist(),
    },
    # RandomOverSampler of imbalanced-learn draws random_state.randint(low=0, high=rows, size=more)
    # for one class after the other, and takes those rows of the class.
    "oversample": {
        "labels": labels.tolist(),
        "rows": (
            lambda random: list(range(len(labels)))
            + [
                int(np.flatnonzero(labels == k)[i])
                for k in (1, 2)
                for n in [int((labels == k).sum())]
                for i in random.randint(low=0, high=n, size=5 - n)
            ]
        )(np.random.RandomState(4)),
    },
}
(HERE / "sklearn-preprocessing.json").write_text(json.dumps(result) + "\n")
