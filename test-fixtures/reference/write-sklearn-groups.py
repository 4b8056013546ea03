"""Writes sklearn-groups.json beside this file.

Needs numpy and scikit-learn; the versions used are stored in the file. Splits that keep groups
together, and cross-validations that are repeated, as row numbers of the test parts.

    python3 test-fixtures/reference/write-sklearn-groups.py
"""

import json
from pathlib import Path

import numpy as np
import sklearn
from sklearn.model_selection import (
    GroupKFold,
    GroupShuffleSplit,
    RepeatedKFold,
    RepeatedStratifiedKFold,
)

HERE = Path(__file__).parent
GROUPS = {
    "numbers": [3, 1, 1, 2, 2, 2, 9, 9, 3, 3, 3, 5, 5, 7, 8, 8],
    "names": ["b", "a", "c", "a", "b", "d", "d", "d", "e", "a", "f", "f"],
}
LABELS = [0, 1, 1, 0, 2, 1, 0, 1, 2, 0, 1, 0, 2]


def tested(splits):
    return [test.tolist() for _, test in splits]


def repeated(kind, folds, repeats, seed):
    y = np.array(LABELS)
    model = kind(n_splits=folds, n_repeats=repeats, random_state=seed)
    return {
        "folds": folds,
        "repeats": repeats,
        "seed": seed,
        "test": tested(model.split(np.zeros((len(y), 1)), y)),
    }


result = {
    "versions": {"numpy": np.__version__, "scikit-learn": sklearn.__version__},
    "groups": GROUPS,
    "labels": LABELS,
    "groupKFold": [
        {
            "groups": name,
            "folds": folds,
            "test": tested(GroupKFold(folds).split(np.zeros((len(groups), 1)), groups=groups)),
        }
        for name, groups in GROUPS.items()
        for folds in (2, 3, 5)
    ],
    "groupShuffleSplit": [
        {
            "groups": name,
            "testSize": size,
            "seed": seed,
            "test": tested(
                GroupShuffleSplit(1, test_size=size, random_state=seed).split(
                    np.zeros((len(groups), 1)), groups=groups
                )
            )[0],
        }
        for name, groups in GROUPS.items()
        for size in (0.25, 0.5, 2)
        for seed in (0, 42)
    ],
    "repeatedKFold": [repeated(RepeatedKFold, 3, 2, 0), repeated(RepeatedKFold, 5, 3, 42)],
    "repeatedStratifiedKFold": [
        repeated(RepeatedStratifiedKFold, 3, 2, 0),
        repeated(RepeatedStratifiedKFold, 2, 4, 7),
    ],
}
(HERE / "sklearn-groups.json").write_text(json.dumps(result) + "\n")
