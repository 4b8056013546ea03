"""JAX's time for a population: one network's training step, vmapped over the networks, scanned over
the steps, compiled ahead of time. Adam with Keras's constants; state donated, so that nothing is
copied. Started by against-python.bench.ts.

    python3 jax_vmap.py float32|tf32
"""

import os
import sys
from concurrent.futures import ThreadPoolExecutor

os.environ["XLA_PYTHON_CLIENT_PREALLOCATE"] = "false"

import jax
import jax.numpy as jnp
from population_peer import serve

PRECISION = sys.argv[1] if len(sys.argv) > 1 else "float32"
jax.config.update("jax_default_matmul_precision", "highest" if PRECISION == "float32" else "default")

BETA1, BETA2, EPSILON = 0.9, 0.999, 1e-7
# Steps of one call, a multiple of those compared; long enough that the call itself does not count.
SCANNED_STEPS = 64


def loss_of(parameters, x, y):
    h = x
    for layer, (kernel, bias) in enumerate(parameters):
        h = h @ kernel + bias
        if layer + 1 < len(parameters):
            h = jax.nn.relu(h)
    if h.shape[-1] == 1:
        z = h[:, 0]
        return jnp.mean(jnp.maximum(z, 0) - z * y + jnp.log1p(jnp.exp(-jnp.abs(z))))
    picked = jnp.take_along_axis(h, y.astype(jnp.int32)[:, None], axis=1)[:, 0]
    return jnp.mean(jax.nn.logsumexp(h, axis=1) - picked)


def trainer(learning_rate):
    def step(state, rows, x, y):
        parameters, m, v, t = state
        loss, gradients = jax.value_and_grad(loss_of)(parameters, x[rows], y[rows])
        t = t + 1
        rate = learning_rate * jnp.sqrt(1 - BETA2**t) / (1 - BETA1**t)
        m = jax.tree.map(lambda m, g: BETA1 * m + (1 - BETA1) * g, m, gradients)
        v = jax.tree.map(lambda v, g: BETA2 * v + (1 - BETA2) * g * g, v, gradients)
        parameters = jax.tree.map(
            lambda p, m, v: p - rate * m / (jnp.sqrt(v) + EPSILON), parameters, m, v
        )
        return (parameters, m, v, t), loss

    population_step = jax.vmap(step, in_axes=((0, 0, 0, None), 0, None, None), out_axes=((0, 0, 0, None), 0))

    def train(state, order, x, y):
        return jax.lax.scan(lambda state, rows: population_step(state, rows, x, y), state, order)

    return jax.jit(train, donate_argnums=0)


class Jax:
    def __init__(self):
        self.loaded = {}

    def load(self, cases):
        def make(case):
            parameters = [(jnp.asarray(k), jnp.asarray(b)) for k, b in case.parameters]
            zeros = jax.tree.map(jnp.zeros_like, parameters)
            state = (parameters, zeros, jax.tree.map(jnp.zeros_like, parameters), jnp.float32(0))
            x, y = jnp.asarray(case.x), jnp.asarray(case.y)
            train = trainer(case.learning_rate)
            first = jnp.asarray(case.order)
            repeats = -(-SCANNED_STEPS // len(case.order))
            order = jnp.tile(first, (repeats, 1, 1))[:SCANNED_STEPS]
            compare = train.lower(state, first, x, y).compile()
            timed = train.lower(state, order, x, y).compile()
            return case, compare, timed, state, first, order, x, y

        with ThreadPoolExecutor(8) as pool:
            made = list(pool.map(make, cases))
        losses = {}
        for case, compare, timed, state, first, order, x, y in made:
            state, step_losses = compare(state, first, x, y)
            losses[case.name] = case.epoch_losses(step_losses)
            self.loaded[case.name] = [timed, state, order, x, y]
        version = f"jax {jax.__version__}, {jax.devices()[0].device_kind}, {PRECISION} products"
        return {"losses": losses, "version": version}

    def run(self, name, steps):
        entry = self.loaded[name]
        timed, state, order, x, y = entry
        calls = -(-steps // len(order))
        for _ in range(calls):
            state, losses = timed(state, order, x, y)
        jax.block_until_ready(losses)
        entry[1] = state
        return calls * len(order)


serve(Jax())
