"""Writes unseen.json beside this file: networks that nobody had tuned the doctor to.

Needs Python alone. The tables are drawn here, by generators that no other suite has, or taken from
../data, and stand in the file as rows.

    python3 test-fixtures/benchmark/write-unseen.py
    python3 test-fixtures/benchmark/write-unseen.py 1 FILE     the same networks on another draw
"""

import csv
import json
import math
import random
import sys
from pathlib import Path

HERE = Path(__file__).parent
HERE_WRITTEN = "written for this suite"
OTHER = len(sys.argv) > 2
DRAW, FILE = (int(sys.argv[1]), Path(sys.argv[2])) if OTHER else (0, HERE / "unseen.json")


def numbers(seed):
    return random.Random(seed + 1000 * DRAW)


# Tables: each gives rows with the label last.


def rings(seed, rows=300, radii=(0.6, 1.5, 2.4), noise=0.2):
    rng = numbers(seed)
    out = []
    for i in range(rows):
        label = i % len(radii)
        radius, angle = radii[label] + rng.gauss(0, noise), rng.uniform(0, 2 * math.pi)
        out.append([radius * math.cos(angle), radius * math.sin(angle), label])
    return out


def spirals(seed, rows=420, arms=3, turns=0.8, noise=0.08):
    rng = numbers(seed)
    out = []
    for i in range(rows):
        label, t = i % arms, rng.uniform(0.1, 1)
        angle = 2 * math.pi * (turns * t + label / arms)
        out.append([2 * t * math.cos(angle) + rng.gauss(0, noise),
                    2 * t * math.sin(angle) + rng.gauss(0, noise), label])
    return out


def correlated(seed, rows=360, columns=6, classes=4, apart=1.6, correlation=0.7):
    """Gaussians whose columns share one factor."""
    rng = numbers(seed)
    centers = [[rng.gauss(0, apart) for _ in range(columns)] for _ in range(classes)]
    out = []
    for i in range(rows):
        shared = rng.gauss(0, 1)
        own = math.sqrt(1 - correlation**2)
        out.append([c + correlation * shared + own * rng.gauss(0, 1) for c in centers[i % classes]]
                   + [i % classes])
    return out


def poisson(rng, mean):
    limit, product, count = math.exp(-mean), rng.random(), 0
    while product > limit:
        product, count = product * rng.random(), count + 1
    return count


def counts(seed, rows=360, columns=8, classes=3, largest=9):
    """Events per kind: Poisson numbers whose means differ between the classes."""
    rng = numbers(seed)
    means = [[rng.uniform(0.5, largest) for _ in range(columns)] for _ in range(classes)]
    return [[poisson(rng, m) for m in means[i % classes]] + [i % classes] for i in range(rows)]


def churn(seed, rows=420):
    """What a bank knows of its customers: euros, years, codes of countries, yes or no."""
    rng = numbers(seed)
    out = []
    for _ in range(rows):
        age, products = rng.randint(18, 80), rng.choice((1, 1, 2, 2, 3))
        country, active = rng.randint(0, 2), rng.randint(0, 1)
        balance = 0 if rng.random() < 0.3 else round(rng.gauss(110000, 30000), 2)
        salary, score = round(rng.uniform(12000, 190000), 2), rng.randint(350, 850)
        logit = 0.14 * (age - 46) + 1.6 * (country == 1) - 1.8 * active + 2.2 * (products == 3)
        left = int(rng.random() < 1 / (1 + math.exp(-2.2 * (logit + 0.4))))
        out.append([score, country, age, balance, products, active, salary, left])
    return out


CHURN = ["score", "country", "age", "balance", "products", "active", "salary", "left"]


def kelvin(seed, rows=400):
    """Weather: what varies is a few percent of where the numbers stand."""
    rng = numbers(seed)
    out = []
    for _ in range(rows):
        year, warm, pressure = rng.randint(1990, 2020), rng.gauss(0, 6), rng.gauss(0, 9)
        humid, wind = rng.gauss(0, 12), abs(rng.gauss(0, 4))
        rain = humid / 12 - pressure / 9 - 0.5 * abs(warm) / 6 + 0.3 * rng.gauss(0, 1) > -0.3
        out.append([year, 287 + warm, 1013 + pressure, 70 + humid, wind, int(rain)])
    return out


WEATHER = ["year", "kelvin", "hectopascal", "humidity", "wind", "rain"]


def scaled(table, factors):
    return [[x * f for x, f in zip(row, factors)] + [row[-1]] for row in table]


def heavy(seed, rows=360, columns=5):
    """Cauchy noise: now and then a number is thousands of times as large as the rest."""
    rng = numbers(seed)
    out = []
    for i in range(rows):
        label = i % 2
        sign = 1 if label else -1
        out.append([sign * 1.1 + math.tan(math.pi * (rng.random() - 0.5)) for _ in range(columns)]
                   + [label])
    return out


def checkers(seed, rows=500, cells=3):
    rng = numbers(seed)
    points = [(rng.uniform(-1, 1), rng.uniform(-1, 1)) for _ in range(rows)]
    cell = lambda x: min(cells - 1, int((x + 1) / 2 * cells))
    return [[x, y, (cell(x) + cell(y)) % 2] for x, y in points]


def linear(seed, rows=300, columns=8, noise=0.5, positive=0.0):
    """A weighted sum of all columns, cut in two."""
    rng = numbers(seed)
    weights = [rng.gauss(0, 1) for _ in range(columns)]
    size = math.sqrt(sum(w * w for w in weights))
    out = []
    for _ in range(rows):
        x = [rng.gauss(0, 1) for _ in range(columns)]
        s = sum(a * w for a, w in zip(x, weights)) / size + noise * rng.gauss(0, 1) - positive
        out.append(x + [int(s > 0)])
    return out


def with_label_of_nothing(seed, table, classes):
    rng = numbers(seed)
    return [row[:-1] + [rng.randrange(classes)] for row in table]


def read(name, rows=None, of=None, seed=3):
    """A table of ../data with classes as numbers, in an order of its own; missing cells are None."""
    with open(HERE.parent / "data" / f"{name}.csv", newline="") as file:
        header, *lines = list(csv.reader(file))
    if name == "house-votes":
        header = header[1:] + header[:1]
        lines = [line[1:] + line[:1] for line in lines]
    names = sorted({line[-1] for line in lines})
    if of is not None:
        lines = [line for line in lines if names.index(line[-1]) < of]
    numbers(seed).shuffle(lines)
    answer = {"y": 1.0, "n": 0.0}
    number = lambda cell: None if cell == "" else answer[cell] if cell in answer else float(cell)
    table = [[number(c) for c in line[:-1]] + [names.index(line[-1])] for line in lines[:rows]]
    return header, table


def halved(header, table):
    """Digits of 4 x 4 pixels: means of four each."""
    at = lambda row, y, x: sum(row[8 * (2 * y + i) + 2 * x + j] for i in (0, 1) for j in (0, 1)) / 4
    places = [(y, x) for y in range(4) for x in range(4)]
    return ([f"pixel_{y}_{x}" for y, x in places] + ["class"],
            [[at(row, y, x) for y, x in places] + row[-1:] for row in table])


def filled(table, value):
    return [[value if x is None else x for x in row] for row in table]


# Cases: what a reader of the file sees.


def rounded(x):
    """Three digits of small numbers, five of others, which may vary in the last ones."""
    if x is None or x == int(x):
        return x if x is None else int(x)
    return float(f"{x:.3g}" if abs(x) < 10 else f"{x:.5g}")


def data(table, columns=None, target="int01", split=None, **more):
    names = columns or [f"x{j}" for j in range(len(table[0]) - 1)] + ["class"]
    return {"generator": "table", "columns": names,
            "rows": [[rounded(x) for x in row] for row in table], "target": target,
            "split": {"testFraction": 0.4} if split is None else split, **more}


def dense(units, activation="relu", **more):
    return {"units": units, "activation": activation, **more}


def adam(lr):
    return {"name": "adam", "lr": lr}


def case(id, title, table, layers, classes, roots, fix=(), source=HERE_WRITTEN, output=None,
         **more):
    root, _, contributing = roots.partition("+")
    faults = [{"code": code, "severity": severity}
              for codes, severity in ((root, "root"), (contributing, "contributing"))
              for code in codes.split()]
    two = {"units": 1, "activation": "sigmoid"}
    many = {"units": classes, "activation": "softmax"}
    binary = classes == 2 and (output is None or output["units"] == 1)
    if not binary and table["target"] == "int01":
        table["target"] = "onehot"
    written = {"id": f"un-{id}", "title": title, "source": source,
               "task": "binary" if classes == 2 else "multiclass", "data": table,
               "layers": layers, "output": output or (two if binary else many),
               "loss": "binary_crossentropy" if binary else "categorical_crossentropy",
               "optimizer": adam(0.01), "batch": 32, "epochs": 40, "faults": faults,
               "fix": [{"set": path, "value": value} for path, value in fix]}
    return {**written, **more}


def control(id, title, table, layers, classes, **more):
    return case(id, title, table, layers, classes, "NONE", control=True, **more)


def leaking(table, seed=5, told=0.6):
    """A column that holds the class in the first rows, and noise behind them."""
    rng = numbers(seed)
    classes = len({row[-1] for row in table})
    cut = int(told * len(table))
    shown = lambda i, row: row[-1] if i < cut else rng.randrange(classes)
    return [row[:-1] + [100 * shown(i, row) + rng.gauss(0, 8), row[-1]]
            for i, row in enumerate(table)]


def in_order(table, told=0.6):
    train = int(told * len(table))
    return {"train": train, "val": len(table) - train, "shuffle": False}


def with_noise_columns(seed, table, count):
    rng = numbers(seed)
    return [row[:-1] + [rng.gauss(0, 1) for _ in range(count)] + row[-1:] for row in table]


def with_missing(seed, table, share, value, columns):
    rng = numbers(seed)
    return [[value if j in columns and rng.random() < share else x for j, x in enumerate(row)]
            for row in table]


def beside(seed, table, draw):
    """One more column, in front of the class."""
    rng = numbers(seed)
    return [row[:-1] + [draw(rng)] + row[-1:] for row in table]


def shifted(table, by, times):
    return [[b + t * x for x, b, t in zip(row, by, times)] + row[-1:] for row in table]


def with_conflicts(seed, table, share, classes):
    """Rows once more, under another class; in between the others."""
    rng = numbers(seed)
    again = [row[:-1] + [(row[-1] + 1) % classes] for row in table if rng.random() < share]
    out = table + again
    rng.shuffle(out)
    return out


def drifting(seed, rows=500, columns=5):
    """What tells the classes apart turns with time; the rows stand in its order."""
    rng = numbers(seed)
    out = []
    for i in range(rows):
        x = [rng.gauss(0, 1) for _ in range(columns)]
        turn = 0.9 * math.pi / 2 * i / rows
        s = math.cos(turn) * x[0] + math.sin(turn) * x[1] + 0.2 * rng.gauss(0, 1)
        out.append(x + [int(s > 0)])
    return out


def upon(labels, table):
    """The classes under other numbers."""
    return [row[:-1] + [labels[row[-1]]] for row in table]


STANDARDIZED = ("preprocess", "standardize")
WINE, wine = read("wine")
IRIS, iris = read("iris")
BREAST, breast = read("breast-cancer", rows=360)
BREAST, breast = BREAST[:10] + BREAST[-1:], [row[:10] + row[-1:] for row in breast]
PIMA, pima = read("pima-diabetes", rows=500)
VOTES, votes = read("house-votes")
DIGITS, digits = halved(*read("digits", rows=600))
_, digits5 = halved(*read("digits", rows=450, of=5, seed=8))

CASES = [
    # Rates, optimizers, batches, epochs.
    case("rings-rate-high", "three rings, Adam at 0.5", data(rings(1)),
         [dense(24, "tanh"), dense(12, "tanh")], 3, "LR_HIGH", [("optimizer.lr", 0.01)],
         optimizer=adam(0.5), batch=50, epochs=60),
    case("counts-rate-low", "counts of events, Nadam at 2e-5", data(counts(2)),
         [dense(24, "elu")], 3, "LR_LOW + EPOCHS SCALE", [("optimizer.lr", 0.005)],
         optimizer={"name": "nadam", "lr": 2e-5}),
    case("votes-rate-4", "votes, a momentum of 0.9 at rate 4", data(filled(votes, 0.5), VOTES),
         [dense(16, "sigmoid"), dense(8, "sigmoid")], 2, "LR_HIGH", [("optimizer.lr", 0.1)],
         optimizer={"name": "sgd", "lr": 4, "momentum": 0.9}, batch=7, epochs=25,
         source="https://github.com/lionelmessi6410/Neural-Networks-from-Scratch/issues/2"),
    case("gauss-adadelta", "correlated clouds, Adadelta at its new default",
         data(correlated(3)), [dense(20, "relu")], 4, "OPT LR_LOW + EPOCHS",
         [("optimizer", adam(0.005))], optimizer={"name": "adadelta", "lr": 0.001},
         source="https://github.com/tensorflow/tensorflow/issues/36785"),
    case("wine-three-epochs", "wine, three epochs at 2e-4", data(wine, WINE), [dense(20, "gelu")],
         3, "EPOCHS + LR_LOW", [("epochs", 120)], optimizer=adam(2e-4), epochs=3, batch=7,
         preprocess="standardize"),
    case("spirals-full-batch", "spirals, all rows in one batch", data(spirals(4)),
         [dense(32, "tanh"), dense(32, "tanh")], 3, "BATCH + EPOCHS LR_LOW", [("batch", 7)],
         optimizer={"name": "rmsprop", "lr": 0.002}, batch=512, epochs=40),

    # First weights and activations.
    case("clouds-tiny-weights", "four layers whose first weights are near 0",
         data(correlated(5, classes=3)), [dense(12, "relu", init="normal0.001")] * 4, 3,
         "INIT + VANISH", [("layers.*.init", "he_normal")], optimizer=adam(0.002), epochs=20),
    case("digits-wide-weights", "digits, sigmoid units drawn with a deviation of 6",
         data(digits5, DIGITS), [dense(24, "sigmoid", init="normal6.0"),
                                 dense(12, "sigmoid", init="normal6.0")],
         5, "INIT", [("layers.*.init", "glorot_uniform")], preprocess="minmax", epochs=30),
    case("rings-linear", "rings, hidden layers without an activation", data(rings(6)),
         [dense(16, "linear"), dense(16, "linear")], 3, "ACT_HID",
         [("layers.*.activation", "elu")], epochs=60),
    case("clouds-seven-sigmoids", "seven hard sigmoid layers", data(correlated(7)),
         [dense(10, "hard_sigmoid", init="uniform05")] * 7, 4, "VANISH + ACT_HID INIT",
         [("layers.*.activation", "elu"), ("layers.*.init", "he_uniform")], epochs=40),
    case("digits-relu-logits", "digits, ReLU in front of the softmax of the loss",
         data(digits5, DIGITS), [dense(10, "relu")], 5, "ACT_OUT + DYING_RELU",
         [("output.activation", "linear")], output={"units": 5, "activation": "relu"},
         loss="categorical_crossentropy_from_logits", preprocess="minmax",
         optimizer={"name": "sgd", "lr": 0.1}, epochs=25,
         source="https://github.com/pytorch/examples/pull/117"),
    case("clouds-narrow-relus", "nine narrow ReLU layers", data(correlated(8, classes=5, rows=400)),
         [dense(5, "relu")] * 9, 5, "DYING_RELU + CAPACITY VANISH",
         [("layers.*.activation", "elu")], optimizer=adam(0.005), epochs=40),
    case("digits-exploding", "digits, six layers that make numbers larger",
         data(digits5, DIGITS), [dense(40, "relu", init="normal1.0")] * 6, 5,
         "EXPLODE INIT + LR_HIGH", [("layers.*.init", "he_uniform")], preprocess="standardize",
         optimizer={"name": "sgd", "lr": 0.02}, epochs=15,),

    # Losses and sizes.
    case("counts-absolute-error", "six kinds of counts, mean absolute error",
         data(counts(9, rows=420, columns=6, classes=6)), [dense(24, "relu")], 6, "LOSS",
         [("loss", "categorical_crossentropy")], loss="mae", preprocess="standardize",
         optimizer={"name": "sgd", "lr": 0.3}, epochs=30),
    case("digits-softmax-twice", "digits, softmax and a loss of logits",
         data(digits, DIGITS), [dense(16, "relu")], 10, "REDUNDANT_ACT + LOSS ACT_OUT",
         [("loss", "categorical_crossentropy")], loss="categorical_crossentropy_from_logits",
         preprocess="minmax", optimizer={"name": "sgd", "lr": 0.2, "momentum": 0.5}, epochs=25,
         source="https://github.com/raghakot/keras-vis/pull/87"),
    case("spirals-three-units", "three spirals, three units", data(spirals(10)),
         [dense(3, "tanh")], 3, "CAPACITY",
         [("layers", [dense(48, "tanh"), dense(24, "tanh")])], epochs=80),
    case("pima-by-heart", "diabetes, learned by heart", data(pima, PIMA),
         [dense(64, "relu"), dense(64, "relu")], 2, "OVERFIT + EPOCHS CAPACITY",
         [("epochs", 5)], preprocess="impute_median+standardize", optimizer=adam(0.003),
         epochs=80),

    # Columns.
    case("churn-raw", "bank customers, euros beside yes and no", data(churn(11), CHURN),
         [dense(6, "relu", init="uniform05"), dense(6, "relu", init="uniform05")], 2, "SCALE",
         [STANDARDIZED], optimizer=adam(0.005), batch=10, epochs=30,
         source="https://www.neuraldesigner.com/learning/examples/bank-churn/"),
    case("concentrations", "concentrations of a millionth",
         data(scaled(linear(12, noise=0.2, columns=5), [1e-6] * 5)), [dense(16, "tanh")], 2,
         "SCALE", [STANDARDIZED], optimizer=adam(0.005)),
    case("scales-of-all-sizes", "columns from 1e-6 to 1e6, SGD",
         data(scaled(correlated(13, classes=3), [1e-6, 1e-3, 1, 30, 1e3, 1e6])),
         [dense(16, "relu")], 3, "SCALE + EXPLODE LR_HIGH", [STANDARDIZED],
         optimizer={"name": "sgd", "lr": 0.02, "momentum": 0.9},
         source="https://github.com/keras-team/keras/issues/18919"),
    case("missing-as-minus-9999", "gauges that write -9999 where they saw nothing",
         data(with_missing(14, linear(14, columns=6, noise=0.2, rows=360), 0.12, -9999, {0, 2, 3}),
              params={"sentinel": -9999}),
         [dense(16, "selu")], 2, "MISSING + SCALE OUTLIER",
         [("preprocess", "sentinel_to_mean+standardize")], preprocess="standardize",
         optimizer=adam(0.005)),
    case("cauchy", "columns with Cauchy noise, standardized", data(heavy(15)), [dense(16, "relu")],
         2, "OUTLIER + SCALE", [("preprocess", "signedlog+standardize")],
         preprocess="standardize", optimizer=adam(0.003), epochs=20),
    case("noise-columns", "four columns that matter and eighty that do not",
         data(with_noise_columns(16, correlated(16, rows=180, columns=4, classes=3), 80)),
         [dense(32, "relu")], 3, "NOISE_FEATURES + OVERFIT DATA_SMALL",
         oracleFix="the columns that matter"),
    case("refund-column", "customers, and a column that is filled in afterwards",
         data(leaking(linear(17, noise=0.4)), [*[f"x{j}" for j in range(8)], "refund", "left"],
              split=in_order(linear(17))),
         [dense(16, "relu")], 2, "LEAK", preprocess="standardize", oracleFix="the column dropped"),

    # Labels and rows.
    case("rare-class", "one row of twelve is of the other class",
         data(linear(18, rows=500, noise=0.7, positive=1.75)), [dense(16, "relu")], 2, "IMBALANCE",
         optimizer=adam(0.003), epochs=15, oracleFix="rows of the rare class",
         source="https://github.com/keras-team/keras/issues/10292"),
    case("wrong-labels", "clouds, half of the labels drawn anew",
         data(correlated(19, rows=400, classes=3), labelNoise=0.55),
         [dense(64, "relu"), dense(32, "relu")], 3, "LABEL_NOISE + OVERFIT", epochs=60,
         oracleFix="the true labels"),
    case("labels-in-tens", "classes called 10, 20, 30 and 40, sparse cross-entropy",
         data(upon((10, 20, 30, 40), correlated(20)), target="int"), [dense(16, "relu")], 4,
         "LABEL_ENC", [("data.target", "onehot"), ("loss", "categorical_crossentropy")],
         loss="sparse_categorical_crossentropy"),
    case("few-rows", "four rows of each digit",
         data(digits, DIGITS, split={"train": 40, "val": 400, "shuffle": True}),
         [dense(16, "tanh")], 10, "DATA_SMALL + OVERFIT", preprocess="minmax", batch=7,
         oracleFix="more rows"),
    case("validation-takes-the-tail", "rows by class, the last fifth for validation",
         data(sorted(correlated(21, classes=5, rows=400), key=lambda row: row[-1]),
              split={"train": 320, "val": 80, "shuffle": False}),
         [dense(20, "elu")], 5, "NO_SHUFFLE", [("data.split.shuffle", True)],
         source="https://github.com/keras-team/keras/issues/8346"),

    # Penalties, dropout, batch normalization.
    case("digits-l2-and-dropout", "digits, sigmoid units under L2 and dropout",
         data(digits, DIGITS), [dense(36, "sigmoid", dropoutAfter=0.5)], 10, "OVERREG",
         [("regularizer", {"l2": 0}), ("layers.*.dropoutAfter", 0)], preprocess="minmax",
         regularizer={"l2": 0.05}, optimizer={"name": "rmsprop", "lr": 0.01}, epochs=40,
         source="https://stackoom.com/en/question/4HpqD"),
    case("batch-norm-few-steps", "batch normalization, fewer steps than its memory",
         data(counts(22, rows=300)), [dense(16, "relu", bnAfter=True, bnMomentum=0.999)] * 2, 3,
         "METRIC + EPOCHS", [("layers.*.bnMomentum", 0.8)], batch=50, epochs=20,
         source="https://github.com/keras-team/keras/issues/6014"),

    # Two faults at once.
    case("two-weather", "raw weather, and SGD at 1e-6", data(kelvin(23), WEATHER),
         [dense(16, "relu")], 2, "SCALE LR_LOW",
         [STANDARDIZED, ("optimizer.lr", 0.1)], optimizer={"name": "sgd", "lr": 1e-6}, epochs=30),
    case("two-rings-linear-short", "rings, no activation, four epochs", data(rings(24)),
         [dense(24, "linear")], 3, "ACT_HID EPOCHS + LR_LOW",
         [("layers.*.activation", "relu"), ("epochs", 80)], epochs=4),
    case("two-zeros-slow", "cells, weights of 0 and a rate of 1e-5", data(breast, BREAST),
         [dense(16, "relu", init="zeros"), dense(8, "relu", init="zeros")], 2, "INIT LR_LOW",
         [("layers.*.init", "he_uniform"), ("optimizer.lr", 0.005)], optimizer=adam(1e-5),
         preprocess="standardize", epochs=20, output=dense(1, "sigmoid", init="zeros")),
    case("two-wine-raw-missing", "raw wine with empty cells",
         data(with_missing(25, wine, 0.04, None, set(range(13))), WINE), [dense(16, "swish")], 3,
         "MISSING SCALE", [("preprocess", "impute_median+standardize")]),
    case("two-dropped-and-relu-out", "digits, dropout of 0.8 and a ReLU for the last layer",
         data(digits5, DIGITS), [dense(24, "relu", dropoutAfter=0.8)] * 2, 5, "OVERREG ACT_OUT",
         [("layers.*.dropoutAfter", 0.1), ("output.activation", "softmax")],
         output={"units": 5, "activation": "relu"}, preprocess="minmax",
         optimizer=adam(0.003), epochs=25),
    case("two-penalty-and-sgd", "cells, a slow SGD under a penalty", data(breast, BREAST),
         [dense(16, "tanh"), dense(8, "tanh")], 2, "OVERREG LR_LOW + OPT EPOCHS",
         [("regularizer", {"l2": 0}), ("optimizer.lr", 0.1)], regularizer={"l2": 0.5},
         optimizer={"name": "sgd", "lr": 0.001}, preprocess="standardize", epochs=30),

    # Fainter ones.
    case("timestamps", "seconds since 1970 beside columns of size one",
         data(beside(40, linear(40, columns=4, noise=0.3), lambda rng: 1.7e9 + rng.gauss(0, 2e6)),
              ["a", "b", "c", "d", "time", "class"]),
         [dense(16, "relu")], 2, "SCALE", [STANDARDIZED]),
    case("digits-rate-0.05", "digits, Adam at 0.05 in four layers", data(digits, DIGITS),
         [dense(32, "relu")] * 4, 10, "LR_HIGH + DYING_RELU", [("optimizer.lr", 0.003)],
         preprocess="minmax", optimizer=adam(0.05), epochs=30),
    case("counts-slow-sgd", "counts, plain SGD and few epochs",
         data(counts(41, columns=6, classes=4, largest=5)), [dense(16, "tanh")], 4,
         "LR_LOW EPOCHS + OPT", [("optimizer.lr", 0.1)], preprocess="standardize",
         optimizer={"name": "sgd", "lr": 0.003}, epochs=20),
    case("zeros-that-are-missing", "meters that write 0 where they saw nothing",
         data(with_missing(42, shifted(linear(42, columns=5, noise=0.15, rows=420),
                                       [60, 80, 30, 9, 40], [9, 14, 5, 2, 7]),
                           0.4, 0, {0, 1, 3, 4}),
              ["a", "b", "c", "d", "e", "class"], params={"sentinel": 0}),
         [dense(16, "relu")], 2, "MISSING", [("preprocess", "sentinel_to_mean+standardize")],
         preprocess="standardize", epochs=25),
    case("eight-dropped-units", "eight units, half of them dropped twice", data(digits, DIGITS),
         [dense(12, "relu", dropoutAfter=0.5), dense(8, "relu", dropoutAfter=0.5)], 10,
         "OVERREG + CAPACITY", [("layers.*.dropoutAfter", 0)], preprocess="minmax", epochs=60),
    case("l1-penalty", "cells under an L1 penalty", data(correlated(43, classes=5, rows=400)),
         [dense(24, "elu")], 5, "OVERREG", [("regularizer", {"l1": 0})],
         regularizer={"l1": 0.06}, preprocess="standardize"),
    case("decayed-rate", "a rate that is divided by the number of steps",
         data(correlated(44, classes=4)), [dense(16, "tanh")], 4, "LR_LOW",
         [("optimizer.decay", 0)], optimizer={"name": "sgd", "lr": 0.02, "decay": 0.5},
         preprocess="standardize"),
    case("one-row-batches", "batches of one row under momentum", data(rings(45, noise=0.3)),
         [dense(16, "relu")], 3, "BATCH LR_HIGH", [("batch", 50)],
         optimizer={"name": "sgd", "lr": 0.1, "momentum": 0.9}, batch=1, epochs=25),
    case("conflicting-rows", "half of the rows once more with another class",
         data(with_conflicts(46, correlated(46, rows=300, classes=3), 0.5, 3)),
         [dense(24, "relu")], 3, "LABEL_NOISE", oracleFix="the true labels"),
    case("station-number", "a station's number in every row, and small columns",
         data(beside(47, linear(47, columns=5, noise=0.3), lambda rng: 10384),
              ["a", "b", "c", "d", "e", "station", "class"]),
         [dense(12, "relu")], 2, "CONST_FEATURE SCALE", [STANDARDIZED],
         optimizer={"name": "sgd", "lr": 0.05}),
    case("checkers-without-hidden", "a checkerboard and no hidden layer", data(checkers(48)), [], 2,
         "CAPACITY", [("layers", [dense(48, "tanh"), dense(24, "tanh")]), ("epochs", 200)],
         epochs=80),
    case("bottleneck", "one unit between two wide layers", data(digits5, DIGITS),
         [dense(32, "relu"), dense(1, "relu"), dense(16, "relu")], 5, "CAPACITY + DYING_RELU",
         [("layers", [dense(32, "relu"), dense(16, "relu")])], preprocess="minmax"),
    case("sorted-sgd", "training rows by class, never shuffled",
         data(sorted(correlated(49, rows=300, classes=4)[:180], key=lambda row: row[-1])
              + correlated(49, rows=300, classes=4)[180:],
              split={"train": 180, "val": 120, "shuffle": False}),
         [dense(16, "relu")], 4, "NO_SHUFFLE", [("shuffle", True)], shuffle=False, batch=10,
         optimizer={"name": "sgd", "lr": 0.1}, epochs=30),
    case("sigmoid-squares", "squared errors of sigmoids, slow SGD",
         data(correlated(50, classes=5, rows=400)), [dense(16, "sigmoid")], 5,
         "LOSS LR_LOW + ACT_OUT ACT_HID",
         [("loss", "categorical_crossentropy"), ("output.activation", "softmax"),
          ("optimizer.lr", 0.5)],
         output={"units": 5, "activation": "sigmoid"}, loss="mse",
         optimizer={"name": "sgd", "lr": 0.01}, preprocess="standardize"),
    case("batch-norm-default", "batch normalization as it comes, forty steps",
         data(counts(51, rows=340, columns=5, classes=4, largest=6)),
         [dense(24, "relu", bnAfter=True)] * 2, 4, "METRIC + EPOCHS",
         [("layers.*.bnMomentum", 0.8)], batch=64, epochs=10),
    case("uniform-hinge", "hinge loss behind a sigmoid, SGD", data(filled(votes, 0.5), VOTES),
         [dense(8, "sigmoid")], 2, "LOSS + LR_LOW ACT_OUT", [("loss", "binary_crossentropy")],
         loss="hinge", optimizer={"name": "sgd", "lr": 0.2}, epochs=15),
    case("raw-vitals", "diabetes, raw, a small network",
         data(pima, PIMA), [dense(8, "relu")], 2, "SCALE + EPOCHS",
         [("preprocess", "impute_median+standardize")], preprocess="impute_median",
         optimizer=adam(0.003), epochs=20),
    case("small-and-noisy", "forty rows, twenty columns, a big network",
         data(linear(52, rows=240, columns=20, noise=0.3),
              split={"train": 40, "val": 200, "shuffle": True}),
         [dense(64, "relu"), dense(64, "relu")], 2, "DATA_SMALL + OVERFIT CAPACITY",
         oracleFix="more rows"),

    # Nothing to learn.
    case("no-signal-counts", "counts whose labels are dice",
         data(with_label_of_nothing(26, counts(26), 3)), [dense(24, "relu"), dense(12, "relu")], 3,
         "NO_SIGNAL", optimizer=adam(0.003), oracleFix="nothing can"),
    case("no-signal-churn", "raw bank customers whose labels are a coin",
         data(with_label_of_nothing(27, churn(27), 2), CHURN), [dense(12, "elu")], 2,
         "NO_SIGNAL + SCALE", oracleFix="nothing can"),
    case("no-signal-wide", "sixty columns, ninety rows, a coin",
         data(with_label_of_nothing(28, with_noise_columns(28, rings(28, rows=90), 58), 2)),
         [dense(32, "tanh", dropoutAfter=0.2)], 2, "NO_SIGNAL + DATA_SMALL",
         oracleFix="nothing can", output={"units": 2, "activation": "softmax"}),

    # Healthy.
    control("ctl-small-table", "control: sixty flowers, batches of seven",
            data(iris[:60], IRIS), [dense(8, "elu")], 3, batch=7, epochs=80,
            preprocess="standardize", optimizer=adam(0.02)),
    control("ctl-wide-table", "control: more columns than rows",
            data(correlated(29, rows=120, columns=100, classes=3, apart=0.5), None),
            [dense(16, "relu", dropoutAfter=0.2)], 3, regularizer={"l2": 1e-3}),
    control("ctl-ten-digits", "control: ten classes", data(digits, DIGITS), [dense(48, "relu")],
            10, preprocess="minmax", epochs=60),
    control("ctl-rare-but-apart", "control: one row of ten, learned well, two outputs",
            data([row for i, row in enumerate(linear(30, rows=600, columns=4, noise=0.03))
                  if row[-1] == 0 or i % 9 == 0]),
            [dense(16, "relu")], 2, output={"units": 2, "activation": "softmax"}, epochs=60),
    control("ctl-hard-classes", "control: classes that overlap for the most part",
            data(linear(31, rows=500, columns=3, noise=1.2)), [dense(6, "tanh")], 2,
            optimizer=adam(0.005), epochs=25),
    control("ctl-rings-momentum", "control: rings, SGD with momentum", data(rings(32)),
            [dense(24, "tanh")], 3, optimizer={"name": "sgd", "lr": 0.05, "momentum": 0.9},
            batch=10, epochs=100),
    control("ctl-votes-rmsprop", "control: votes, RMSprop", data(filled(votes, 0.5), VOTES),
            [dense(12, "gelu")], 2, optimizer={"name": "rmsprop", "lr": 0.002}, batch=7,
            epochs=25),
    control("ctl-breast-dropout", "control: cells, dropout that does no harm",
            data(breast, BREAST), [dense(24, "selu", init="lecun_normal", dropoutAfter=0.2)], 2,
            preprocess="standardize", optimizer=adam(0.003), epochs=30),
    control("ctl-counts-batch-norm", "control: raw counts, batch normalization",
            data(counts(33, rows=400)), [dense(24, "relu", bnAfter=True, bnMomentum=0.9)], 3,
            optimizer=adam(0.005)),
    control("ctl-wrong-labels-borne", "control: a tenth of the labels wrong, learned all the same",
            data(correlated(34, rows=500, classes=3, apart=2), labelNoise=0.1),
            [dense(8, "tanh")], 3, optimizer={"name": "nadam", "lr": 0.003}, epochs=30),
    control("ctl-more-outputs", "control: twelve outputs for three classes",
            data(correlated(53, classes=3)), [dense(16, "relu")], 3,
            output={"units": 12, "activation": "softmax"},
            loss="sparse_categorical_crossentropy"),
    control("ctl-squares", "control: squared errors that are learned all the same",
            data(correlated(54, classes=3)), [dense(16, "tanh")], 3, loss="mse"),
    control("ctl-raw-flowers", "control: raw flowers", data(iris, IRIS), [dense(12, "relu")], 3,
            epochs=120, batch=10),
    control("ctl-large-network", "control: far more weights than rows", data(wine, WINE),
            [dense(96, "relu"), dense(96, "relu")], 3, preprocess="standardize",
            optimizer=adam(0.001), epochs=30),
    control("ctl-useless-columns", "control: a constant column and copies of another",
            data([row[:-1] + [7, row[0], 2 * row[0]] + row[-1:]
                  for row in linear(55, rows=400, columns=5, noise=0.2)]),
            [dense(12, "gelu")], 2, preprocess="standardize"),
    control("ctl-some-outliers", "control: a few wild numbers, bounded by tanh",
            data([[x * 40 if j == i % 6 and i % 37 == 0 and j < 6 else x
                   for j, x in enumerate(row)] for i, row in enumerate(correlated(56, classes=3))]),
            [dense(16, "tanh")], 3),
    control("ctl-drift", "control: what tells the classes apart drifts, the last rows are judged",
            data(drifting(57), split={"train": 400, "val": 100, "shuffle": False}),
            [dense(12, "relu")], 2, preprocess="standardize", epochs=20),
    control("ctl-tiny-test", "control: twelve rows to be judged on", data(wine[:80], WINE,
            split={"train": 68, "val": 12, "shuffle": True}), [dense(12, "tanh")], 3,
            preprocess="standardize", optimizer=adam(0.02)),
    control("ctl-plain-sgd", "control: sigmoid units, plain SGD, long enough",
            data(correlated(58, classes=2)), [dense(8, "sigmoid")], 2,
            optimizer={"name": "sgd", "lr": 0.5}, epochs=60, batch=7),
    control("ctl-logistic", "control: no hidden layer is needed",
            data(linear(59, rows=400, noise=0.6)), [], 2, optimizer=adam(0.02)),
]

META = {
    "title": "Small networks with faults, and healthy ones, that nobody had tuned the doctor to",
    "version": 1,
    "form": "that of published.json; rows stand in the file, and what a fix reaches is trained anew",
    "source": "the thread or page that a case is a small analogue of, or that it was written for "
              "this suite",
}


def line(value):
    return json.dumps(value, separators=(",", ":"))


def main():
    head = f'{{"meta":{line(META)},\n"cases":[\n'
    text = head + ",\n".join(line(written) for written in CASES) + "\n]}\n"
    FILE.write_text(text)


main()
