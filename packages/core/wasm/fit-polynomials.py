"""Prints the coefficients of vector-math.ts and the error of each fit before float32 rounding.

Each is a minimax polynomial: least squares over Chebyshev nodes, reweighted by the size of the
error until its peaks are level (Lawson). Needs Python 3 with NumPy and SciPy:

    python3 packages/core/wasm/fit-polynomials.py
"""

import numpy as np
from scipy.special import erfcx


def minimax(name, low, high, degree, target, weight):
    """Coefficients c[0] + c[1] u + ... of `target` on [low, high]; `weight` makes the error relative."""
    nodes = (low + high) / 2 + (high - low) / 2 * np.cos(np.pi * (np.arange(4000) + 0.5) / 4000)
    wanted, scale = target(nodes), weight(nodes)
    powers = np.vander(nodes, degree + 1, increasing=True)
    lawson = np.ones_like(nodes)
    best = np.inf
    for _ in range(200):
        root = np.sqrt(lawson) * scale
        coefficients = np.linalg.lstsq(powers * root[:, None], wanted * root, rcond=None)[0]
        error = np.abs((powers @ coefficients - wanted) * scale)
        if error.max() < best:
            best, kept = error.max(), coefficients
        lawson *= error / error.max() + 1e-3
        lawson /= lawson.max()
    print(f"{name}: relative error {best:.1e}")
    for power, coefficient in enumerate(kept):
        print(f"  {power}: {np.float32(coefficient):.9g}")


half_log2 = np.log(2) / 2 * 1.01
# expm1(r) = r + r^2 P(r)
minimax(
    "exp P(r)",
    -half_log2,
    half_log2,
    4,
    lambda r: (np.expm1(r) - r) / r**2,
    lambda r: r**2 / np.exp(r),
)
# tanh(x) = x + x^3 P(x^2)
minimax(
    "tanh P(x^2), |x| < 0.625",
    1e-6,
    0.625**2,
    4,
    lambda z: (np.tanh(np.sqrt(z)) - np.sqrt(z)) / np.sqrt(z) ** 3,
    lambda z: np.sqrt(z) ** 3 / np.tanh(np.sqrt(z)),
)
# log((1 + s) / (1 - s)) = 2 s + s^3 P(s^2)
minimax(
    "log P(s^2), s <= 1/3",
    1e-6,
    1 / 9,
    3,
    lambda z: (2 * np.arctanh(np.sqrt(z)) - 2 * np.sqrt(z)) / np.sqrt(z) ** 3,
    lambda z: np.sqrt(z) ** 3 / (2 * np.arctanh(np.sqrt(z))),
)
# erfc(t) exp(t^2) = q P(q), q = 1 / (1 + t / 2), t from 0 to 11
minimax(
    "erfcx P(q)",
    1 / 6.5,
    1,
    8,
    lambda q: erfcx(2 / q - 2) / q,
    lambda q: q / erfcx(2 / q - 2),
)
# sin(x) = x + x^3 P(x^2) and cos(x) = 1 - x^2 / 2 + x^4 P(x^2), |x| <= pi / 4
eighth = (np.pi / 4 * 1.01) ** 2
minimax(
    "sin P(x^2)",
    1e-3,
    eighth,
    2,
    lambda z: (np.sin(np.sqrt(z)) - np.sqrt(z)) / np.sqrt(z) ** 3,
    lambda z: np.sqrt(z) ** 3 / np.sin(np.sqrt(z)),
)
minimax(
    "cos P(x^2)",
    1e-3,
    eighth,
    2,
    lambda z: (np.cos(np.sqrt(z)) - 1 + z / 2) / z**2,
    lambda z: z**2 / np.cos(np.sqrt(z)),
)
