"""Writes sklearn-splits.json, sklearn-generators.json and random-state.json beside this file.

Needs numpy and scikit-learn; the versions used are stored in the files. Small cases are stored
whole. Long sequences are stored as the SHA-256 of their little-endian bytes.

    python3 test-fixtures/reference/write-sklearn-splits.py
"""

import hashlib
import json
from pathlib import Path

import numpy as np
import sklearn
from sklearn.datasets import make_blobs, make_circles, make_classification, make_moons
from sklearn.model_selection import KFold, StratifiedKFold, train_test_split

HERE = Path(__file__).parent
VERSIONS = {"numpy": np.__version__, "scikit-learn": sklearn.__version__}


def rows(indices):
    return np.asarray(indices).tolist()


def digest(indices):
    return hashlib.sha256(np.asarray(indices).astype("<i4").tobytes()).hexdigest()


# One period of each column of labels; the tests repeat it in the same way.
LABELS = {
    "thirds": [0, 1, 1],
    "ties": [0, 1, 2, 3, 4, 5, 6],
    "rare": [0, 0, 0, 0, 1, 0, 0, 0, 0],
    "backwards": [-(i // 4) for i in range(40)],
    "names": [["zebra", "Ant", "ant", "\u00e9lan"][i * 5 % 11 % 4] for i in range(11)],
}


def labels_of(kind, n):
    return [LABELS[kind][i % len(LABELS[kind])] for i in range(n)]


def train_test_cases():
    cases = []
    for n, options, kinds in [
        (10, {}, [None]),
        (23, {"test_size": 0.3, "random_state": 1}, [None, "thirds", "ties", "rare", "names"]),
        (40, {"test_size": 0.3, "random_state": 7}, [None, *LABELS]),
        (40, {"test_size": 11, "train_size": 17, "random_state": 3}, [None, *LABELS]),
        (40, {"train_size": 0.61, "random_state": 42}, [None, *LABELS]),
        (41, {"test_size": 0.25, "train_size": 0.35, "random_state": 5}, [None, "thirds", "ties"]),
        (12, {"test_size": 0.2, "shuffle": False}, [None]),
    ]:
        for kind in kinds:
            if options.get("shuffle", True):
                options = {"random_state": 0, **options}
            stratify = None if kind is None else labels_of(kind, n)
            train, test = train_test_split(np.arange(n), stratify=stratify, **options)
            cases.append(
                {"rows": n, **options, "labels": kind, "train": rows(train), "test": rows(test)}
            )
    return cases


def long_cases():
    cases = []
    for kind in [None, "thirds", "ties", "rare", "names"]:
        for seed in range(6):
            stratify = None if kind is None else labels_of(kind, 5003)
            train, test = train_test_split(
                np.arange(5003), test_size=0.2, random_state=seed, stratify=stratify
            )
            cases.append(
                {
                    "rows": 5003,
                    "test_size": 0.2,
                    "random_state": seed,
                    "labels": kind,
                    "train_sha256": digest(train),
                    "test_sha256": digest(test),
                }
            )
    return cases


def fold_cases():
    cases = []
    for folds, n, kind, seed in [
        (3, 10, None, None),
        (4, 22, None, None),
        (5, 23, None, 0),
        (10, 37, None, 42),
        (2, 10, "thirds", None),
        (5, 33, "ties", None),
        (3, 23, "thirds", 0),
        (4, 41, "ties", 3),
        (5, 40, "rare", 42),
        (4, 40, "backwards", 9),
        (3, 31, "names", 1),
    ]:
        maker = KFold if kind is None else StratifiedKFold
        splitter = maker(n_splits=folds, shuffle=seed is not None, random_state=seed)
        labels = None if kind is None else labels_of(kind, n)
        splits = splitter.split(np.zeros(n), labels)
        cases.append(
            {
                "folds": folds,
                "rows": n,
                "labels": kind,
                "random_state": seed,
                "splits": [{"train": rows(train), "test": rows(test)} for train, test in splits],
            }
        )
    return cases


def generator_cases():
    cases = []
    for function, options in [
        (make_circles, {"n_samples": 11, "random_state": 0}),
        (make_circles, {"n_samples": (6, 3), "noise": 0.1, "factor": 0.3, "random_state": 42}),
        (make_circles, {"n_samples": 8, "shuffle": False, "noise": 0.0, "random_state": 1}),
        (make_moons, {"n_samples": 11, "random_state": 0}),
        (make_moons, {"n_samples": (1, 6), "noise": 0.2, "random_state": 42}),
        (make_moons, {"n_samples": 9, "noise": 0.05, "shuffle": False, "random_state": 3}),
        (make_blobs, {"n_samples": 10, "random_state": 0}),
        (make_blobs, {"n_samples": [3, 0, 5], "n_features": 4, "random_state": 42}),
        (
            make_blobs,
            {
                "n_samples": 7,
                "centers": [[0, 0, 5], [10.5, -3, 1]],
                "cluster_std": [0.5, 2.5],
                "shuffle": False,
                "random_state": 9,
            },
        ),
        (
            make_blobs,
            {"n_samples": 9, "centers": 2, "center_box": (-1.0, 3.0), "random_state": 5},
        ),
        (make_classification, {"n_samples": 12, "n_features": 6, "random_state": 0}),
        (make_classification, {"n_samples": 15, "random_state": 42}),
        (
            make_classification,
            {
                "n_samples": 20,
                "n_features": 11,
                "n_informative": 5,
                "n_redundant": 2,
                "n_repeated": 3,
                "n_classes": 3,
                "n_clusters_per_class": 1,
                "weights": [0.6, 0.3],
                "flip_y": 0.3,
                "class_sep": 1.7,
                "shift": None,
                "scale": None,
                "random_state": 7,
            },
        ),
        (
            make_classification,
            {
                "n_samples": 14,
                "n_features": 10,
                "n_informative": 10,
                "n_redundant": 0,
                "weights": [0.8, 0.2],
                "flip_y": 1.0,
                "hypercube": False,
                "shift": 2.5,
                "scale": [float(i) for i in range(1, 11)],
                "shuffle": False,
                "random_state": 11,
            },
        ),
        (
            make_classification,
            {
                "n_samples": 13,
                "n_features": 5,
                "n_informative": 3,
                "n_redundant": 1,
                "n_classes": 4,
                "n_clusters_per_class": 2,
                "flip_y": 0,
                "random_state": 2,
            },
        ),
        (
            make_classification,
            {
                "n_samples": 6,
                "n_features": 34,
                "n_informative": 33,
                "n_redundant": 0,
                "random_state": 3,
            },
        ),
        (
            make_classification,
            {
                "n_samples": 140,
                "n_features": 9,
                "n_informative": 7,
                "n_redundant": 0,
                "n_classes": 127,
                "n_clusters_per_class": 1,
                "random_state": 4,
            },
        ),
    ]:
        x, y = function(**options)
        cases.append(
            {
                "function": function.__name__,
                "options": options,
                "shape": list(x.shape),
                "x": x.ravel().tolist(),
                "y": y.tolist(),
            }
        )
    return cases


def random_state_calls():
    """Calls on one generator, in order: the method, its arguments, what it gives."""
    random = np.random.RandomState(20230)
    calls = []

    def call(method, *arguments, dtype=None):
        keywords = {} if dtype is None else {"dtype": dtype}
        values = np.asarray(getattr(random, method)(*arguments, **keywords)).ravel().tolist()
        entry = {"method": method, "arguments": list(arguments), "values": values}
        calls.append({**entry, **({} if dtype is None else {"dtype": dtype})})

    call("randint", -5, 12, 8, dtype="int32")
    call("randint", -(2**31), 2**31, 6, dtype="int32")
    call("randint", -(2**31), 2**31, 6, dtype="int64")
    call("randint", 0, 2**32 + 1, 6, dtype="int64")
    call("randint", -(2**45), 3 * 2**46, 6, dtype="int64")
    call("randint", 0, 2**53, 6, dtype="int64")
    call("randint", 7, 8, 4, dtype="int64")
    call("standard_normal", 3)
    call("random_sample", 2)
    call("normal", 5.0, 0.25, 4)
    call("uniform", -2.5, 7.25, 3)
    call("permutation", 17)
    call("rand", 2, 3)
    call("randn", 3, 1)
    call("choice", 12, 5, False)
    return calls


def random_state_digests():
    cases = []
    for seed in [0, 1, 2**31, 2**32 - 1]:
        random = np.random.RandomState(seed)
        values = {
            "random_sample_100000_f64": random.random_sample(100000).astype("<f8"),
            "randint_0_1000_100000_i32": random.randint(0, 1000, 100000).astype("<i4"),
            "permutation_100000_i32": random.permutation(100000).astype("<i4"),
        }
        hashes = {key: hashlib.sha256(value.tobytes()).hexdigest() for key, value in values.items()}
        cases.append({"seed": seed, "sha256_little_endian": hashes})
    return cases


def write(name, value):
    text = json.dumps({"versions": VERSIONS, **value}, separators=(",", ":"))
    (HERE / name).write_text(text + "\n")


write(
    "sklearn-splits.json",
    {
        "labels": LABELS,
        "train_test_split": train_test_cases(),
        "train_test_split_long": long_cases(),
        "folds": fold_cases(),
    },
)
write("sklearn-generators.json", {"generators": generator_cases()})
write(
    "random-state.json",
    {"seed": 20230, "calls": random_state_calls(), "digests": random_state_digests()},
)
