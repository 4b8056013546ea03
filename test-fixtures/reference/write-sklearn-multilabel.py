"""Writes sklearn-multilabel.json: what scikit-learn's make_multilabel_classification gives, and
NumPy's Poisson numbers, which it draws.

    python3 test-fixtures/reference/write-sklearn-multilabel.py
"""

import json
import pathlib

import numpy as np
import sklearn
from sklearn.datasets import make_multilabel_classification

CASES = [
    dict(n_samples=12, n_features=4, n_classes=1, n_labels=2, length=50, random_state=0),
    dict(n_samples=9, n_features=6, n_classes=3, n_labels=2, length=7, random_state=5),
    dict(n_samples=9, n_features=5, n_classes=4, n_labels=1, length=20, allow_unlabeled=False, random_state=3),
]


def case(options):
    x, y = make_multilabel_classification(**options)
    return dict(options=options, x=x.astype(int).ravel().tolist(), y=y.ravel().tolist())


def poisson(seed, lam, count):
    values = np.random.RandomState(seed).poisson(lam, count)
    return dict(seed=seed, lam=lam, values=values.tolist())


written = dict(
    versions={"numpy": np.__version__, "scikit-learn": sklearn.__version__},
    generators=[case(options) for options in CASES],
    poisson=[poisson(5, lam, 40) for lam in (0, 0.3, 9.99, 10, 50, 1234.5)],
)
path = pathlib.Path(__file__).with_name("sklearn-multilabel.json")
path.write_text(json.dumps(written, separators=(",", ":")) + "\n")
