"""Prints training-steps-weighted.json: steps whose samples have weights, in plain Python.

The loss is written down as Keras 3 reduces it: the sum of weight times loss over the batch, divided
by the number of samples (keras/src/losses/loss.py, reduce_weighted_values). Gradients are taken by
the complex step, Im f(w + ih) / h with h = 1e-30, which is exact to rounding and knows nothing of
backpropagation. Every network is tanh of 4 units and a head; the optimizer is SGD at 0.1.

    python3 test-fixtures/reference/write-training-steps-weighted.py > test-fixtures/reference/training-steps-weighted.json
"""

import cmath
import json
import random

BATCH, INPUTS, HIDDEN, RATE, STEPS, H = 7, 3, 4, 0.1, 2, 1e-30


def softplus(z):
    return z + cmath.log(1 + cmath.exp(-z)) if z.real > 0 else cmath.log(1 + cmath.exp(z))


def binary_crossentropy(z, label):
    return softplus(z[0]) - label * z[0]


def categorical_crossentropy(z, label):
    return cmath.log(sum(cmath.exp(v) for v in z)) - z[label]


def mean_squared_error(z, label):
    return sum((cmath.tanh(v) - (j == label)) ** 2 for j, v in enumerate(z)) / len(z)


def logits(w, x, units):
    """Kernel (3, 4), bias (4), kernel (4, units), bias (units), flat."""
    kernel, bias, rest = w[:12], w[12:16], w[16:]
    hidden = [cmath.tanh(sum(x[i] * kernel[i * 4 + j] for i in range(3)) + bias[j]) for j in range(4)]
    return [
        sum(hidden[i] * rest[i * units + j] for i in range(4)) + rest[4 * units + j]
        for j in range(units)
    ]


def case(name, units, loss_name, head, loss, class_weight, weights):
    draw = random.Random(name)
    w = [draw.uniform(-1, 1) for _ in range(16 + 5 * units)]
    x = [[draw.uniform(-2, 2) for _ in range(INPUTS)] for _ in range(BATCH)]
    labels = [b % max(2, units) for b in range(BATCH)]
    samples = [weight * class_weight.get(str(y), 1) for weight, y in zip(weights, labels)]
    sizes = [12, 4, 4 * units, units]

    def split(flat):
        parts, first = [], 0
        for size in sizes:
            parts.append(flat[first : first + size])
            first += size
        return parts

    def data_loss(at):
        each = [loss(logits(at, row, units), y) for row, y in zip(x, labels)]
        return sum(s * value for s, value in zip(samples, each)) / BATCH

    steps, start = [], w
    for _ in range(STEPS):
        gradient = [
            data_loss([v + 1j * H if i == k else v for i, v in enumerate(w)]).imag / H
            for k in range(len(w))
        ]
        after = [v - RATE * g for v, g in zip(w, gradient)]
        steps.append(
            {
                "dataLoss": complex(data_loss(w)).real,
                "logits": [z.real for row in x for z in logits(w, row, units)],
                "gradients": split(gradient),
                "paramsAfter": split(after),
            }
        )
        w = after
    return {
        "name": name,
        "batch": BATCH,
        "inputs": INPUTS,
        "classes": max(2, units),
        "model": {"layers": [{"units": HIDDEN, "activation": "tanh"}, {"units": units, "activation": head}]},
        "train": {
            "loss": loss_name,
            "optimizer": "sgd",
            "learningRate": RATE,
            **({"classWeight": class_weight} if class_weight else {}),
            "epochs": STEPS,
            "batchSize": BATCH,
        },
        "X": [v for row in x for v in row],
        "y": labels,
        "sampleWeight": weights,
        "initialParams": [{"values": part} for part in split(start)],
        "steps": steps,
    }


WEIGHTS = [0.5, 2, 1, 0, 3.25, 1, 0.125]
print(
    json.dumps(
        {
            "about": "Weighted training steps, float64; written by write-training-steps-weighted.py.",
            "cases": [
                case("weighted-binary", 1, "binaryCrossentropy", "sigmoid", binary_crossentropy, {}, WEIGHTS),
                case(
                    "weighted-categorical-with-classes",
                    3,
                    "sparseCategoricalCrossentropy",
                    "softmax",
                    categorical_crossentropy,
                    {"0": 0.5, "2": 3},
                    WEIGHTS,
                ),
                case("weighted-squares", 3, "meanSquaredError", "tanh", mean_squared_error, {}, WEIGHTS),
            ],
        }
    )
)
