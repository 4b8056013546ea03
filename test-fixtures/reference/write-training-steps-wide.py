"""Writes training-steps-wide.json: training steps in float64 with every word of a spec's model and
training. Gradients are PyTorch's automatic differentiation, updates are Keras 3's formulas, random
masks come from a port of Threefry; nothing here is shared with the engines that are tested.

    /usr/bin/python3 test-fixtures/reference/write-training-steps-wide.py

Written with PyTorch 1.13.1 and NumPy 1.24.2 (Debian 12).
"""

import json
import math
import pathlib

import numpy as np
import torch

torch.set_default_dtype(torch.float64)
F = torch.nn.functional

# ---------------------------------------------------------------- random numbers by counter

MASK = 0xFFFFFFFF
DROPOUT_STREAM, NOISE_STREAM = 0x3000, 0x4000


def threefry2x32(key, counter):
    """Threefry-2x32-20 of Salmon et al., "Parallel random numbers: as easy as 1, 2, 3"."""
    ks = [key[0], key[1], key[0] ^ key[1] ^ 0x1BD11BDA]
    x = [(counter[0] + ks[0]) & MASK, (counter[1] + ks[1]) & MASK]
    rotations = [[13, 15, 26, 6], [17, 29, 16, 24]]
    for block in range(5):
        for r in rotations[block % 2]:
            x[0] = (x[0] + x[1]) & MASK
            x[1] = ((x[1] << r) | (x[1] >> (32 - r))) & MASK
            x[1] ^= x[0]
        x[0] = (x[0] + ks[(block + 1) % 3]) & MASK
        x[1] = (x[1] + ks[(block + 2) % 3] + block + 1) & MASK
    return x


# Known answer of the Random123 library.
assert threefry2x32([0, 0], [0, 0]) == [0x6B200159, 0x99BA4EFE]


def uniforms(seed, stream, shape, step):
    count = int(np.prod(shape))
    values = [(threefry2x32([seed, stream], [i // 2, step])[i % 2] >> 8) / 2**24 for i in range(count)]
    return torch.tensor(values).reshape(shape)


def normals(seed, stream, shape, step):
    values = []
    for i in range(int(np.prod(shape))):
        a, b = [(word >> 8) / 2**24 for word in threefry2x32([seed, stream], [i, step])]
        values.append(math.sqrt(-2 * math.log(1 - a)) * math.cos(2 * math.pi * b))
    return torch.tensor(values).reshape(shape)


# ---------------------------------------------------------------- layers


def named(word):
    return {"name": word} if isinstance(word, str) else word


def activate(word, z, slopes=None):
    word = named(word)
    name = word["name"]
    if name == "linear":
        return z
    if name == "leakyReLU":
        return F.leaky_relu(z, word.get("alpha", 0.3))
    if name == "prelu":
        return torch.where(z > 0, z, slopes * z)
    if name == "elu":
        return F.elu(z, word.get("alpha", 1.0))
    if name == "gelu":
        return z * (1 + torch.erf(z / math.sqrt(2))) / 2
    if name == "geluTanh":
        return z * (1 + torch.tanh(math.sqrt(2 / math.pi) * (z + 0.044715 * z**3))) / 2
    if name == "hardSigmoid":
        return torch.clamp(z / 6 + 0.5, 0, 1)
    if name == "softsign":
        return z / (1 + z.abs())
    if name == "mish":
        return z * torch.tanh(F.softplus(z))
    if name == "softmax":
        return torch.softmax(z, dim=1)
    return {
        "relu": torch.relu,
        "selu": torch.selu,
        "sigmoid": torch.sigmoid,
        "tanh": torch.tanh,
        "softplus": F.softplus,
        "swish": F.silu,
    }[name](z)


def penalty(weights, values):
    return weights.get("l1", 0) * values.abs().sum() + weights.get("l2", 0) * (values**2).sum()


class Model:
    """The layers of a spec, with their variables in the order of the plan's layout."""

    def __init__(self, case, rng):
        self.case = case
        self.layers = case["model"]["layers"]
        trainable, moving = [], []
        self.variables = {}
        width, block = case["inputs"], -1

        def variable(layer, kind, shape, values, target=trainable):
            values = torch.tensor(np.float32(values).astype(np.float64)).reshape(shape)
            place = {"layer": max(block, 0), "kind": kind, "shape": list(shape), "values": values}
            self.variables[(layer, kind)] = place
            target.append(place)

        def slopes(layer):
            variable(layer, "alpha", [width], rng.uniform(-0.1, 0.5, width))

        for i, layer in enumerate(self.layers):
            kind = layer.get("type", "dense")
            if kind == "dense":
                block += 1
                units = layer["units"]
                limit = math.sqrt(6 / (width + units))
                variable(i, "kernel", [width, units], rng.uniform(-limit, limit, width * units))
                width = units
                if layer.get("useBias", True):
                    variable(i, "bias", [units], rng.uniform(-0.3, 0.3, units))
            if named(layer.get("activation", "linear"))["name"] == "prelu":
                slopes(i)
            if kind in ("batchNormalization", "layerNormalization"):
                if layer.get("scale", True):
                    variable(i, "gamma", [width], rng.uniform(0.5, 1.5, width))
                if layer.get("center", True):
                    variable(i, "beta", [width], rng.uniform(-0.5, 0.5, width))
            if kind == "batchNormalization":
                variable(i, "movingMean", [width], rng.uniform(-0.2, 0.2, width), moving)
                variable(i, "movingVariance", [width], rng.uniform(0.5, 1.5, width), moving)
        self.trainable, self.moving = trainable, moving

    def value(self, layer, kind):
        place = self.variables.get((layer, kind))
        return None if place is None else place["values"]

    def forward(self, x, training, step):
        """The output, what its last activation was given, the last pre-activations, penalties."""
        self.new_statistics = {}
        outputs, penalties = [], torch.zeros(())
        logits = last_input = last_activation = None
        position = 0
        for i, layer in enumerate(self.layers):
            kind = layer.get("type", "dense")
            before = x
            if kind == "dense":
                kernel, bias = self.value(i, "kernel"), self.value(i, "bias")
                z = x @ kernel + (0 if bias is None else bias)
                logits = z
                x = activate(layer.get("activation", "linear"), z, self.value(i, "alpha"))
                last_input, last_activation = z, named(layer.get("activation", "linear"))["name"]
                penalties = penalties + penalty(layer.get("kernelRegularizer", {}), kernel)
                if bias is not None:
                    penalties = penalties + penalty(layer.get("biasRegularizer", {}), bias)
                penalties = penalties + penalty(layer.get("activityRegularizer", {}), x) / len(x)
            else:
                x = self.operation(kind, i, layer, x, training, step, position, outputs)
                position += 1
                name = named(layer["activation"])["name"] if kind == "activation" else None
                if name != "linear":
                    last_input, last_activation = before, name
            outputs.append(x)
        return x, (last_activation, last_input), logits, penalties

    def operation(self, kind, i, layer, x, training, step, position, outputs):
        seed = self.case["trainingSeed"]
        if kind == "activation":
            return activate(layer["activation"], x, self.value(i, "alpha"))
        if kind == "add":
            return x + outputs[layer["from"]]
        if kind in ("dropout", "alphaDropout") and training:
            rate = layer["rate"]
            kept = uniforms(seed, DROPOUT_STREAM + position, x.shape, step) >= rate
            if kind == "dropout":
                return torch.where(kept, x / (1 - rate), torch.zeros(()))
            dropped = -1.6732632423543772848170429916717 * 1.0507009873554804934193349852946
            a = ((1 - rate) * (1 + rate * dropped**2)) ** -0.5
            return a * torch.where(kept, x, torch.tensor(dropped)) - a * dropped * rate
        if kind == "gaussianNoise" and training:
            noise = normals(seed, NOISE_STREAM + position, x.shape, step)
            return x + layer["stddev"] * noise
        if kind in ("batchNormalization", "layerNormalization"):
            gamma, beta = self.value(i, "gamma"), self.value(i, "beta")
            if kind == "layerNormalization":
                mean, variance = x.mean(1, keepdim=True), x.var(1, unbiased=False, keepdim=True)
            elif training:
                mean, variance = x.mean(0), x.var(0, unbiased=False)
                momentum = layer.get("momentum", 0.99)
                for name, batch in (("movingMean", mean), ("movingVariance", variance)):
                    old = self.value(i, name)
                    new = old * momentum + batch.detach() * (1 - momentum)
                    self.new_statistics[(i, name)] = new
            else:
                mean, variance = self.value(i, "movingMean"), self.value(i, "movingVariance")
            x = (x - mean) / torch.sqrt(variance + layer.get("epsilon", 1e-3))
            x = x if gamma is None else x * gamma
            return x if beta is None else x + beta
        return x


# ---------------------------------------------------------------- losses


def loss_of(case, output, head, labels, weights):
    """Mean over the batch; written from Keras 3's keras/src/losses/losses.py and its JAX backend."""
    word = named(case["train"]["loss"])
    name = word["name"]
    units = output.shape[1]
    categorical = "ategorical" in name
    one_hot = F.one_hot(labels.long(), units).double() if units > 1 else labels[:, None]
    if categorical and units == 1:
        one_hot = (labels[:, None] == 0).double()
    smoothing = word.get("labelSmoothing", 0)
    y = one_hot
    if "rossentropy" in name:
        y = y * (1 - smoothing) + smoothing * (1 / units if categorical else 0.5)
    gamma, alpha = word.get("gamma", 2.0), word.get("alpha", 0.25)
    activation, last_input = head
    logits = None
    if word.get("fromLogits", False):
        logits = output
    elif categorical and activation == "softmax" and units > 1:
        logits = last_input
    elif name.startswith("binary") and activation == "sigmoid":
        logits = last_input
    if categorical:
        if logits is None:
            p = output / output.sum(1, keepdim=True)
            log_p = torch.log(torch.clamp(p, 1e-7, 1 - 1e-7))
        else:
            log_p = torch.log_softmax(logits, 1)
        terms = -y * log_p
        if "Focal" in name:
            terms = alpha * (1 - torch.exp(log_p)) ** gamma * terms
        loss = terms.sum(1)
    elif name.startswith("binary"):
        if logits is None:
            p = output
            clipped = torch.clamp(p, 1e-7, 1 - 1e-7)
            terms = -y * torch.log(clipped) - (1 - y) * torch.log(1 - clipped)
        else:
            p = torch.sigmoid(logits)
            terms = -y * F.logsigmoid(logits) - (1 - y) * F.logsigmoid(-logits)
        if "Focal" in name:
            terms = (1 - (y * p + (1 - y) * (1 - p))) ** gamma * terms
            if word.get("applyClassBalancing", False):
                terms = (y * alpha + (1 - y) * (1 - alpha)) * terms
        loss = terms.mean(1)
    elif name == "hinge":
        loss = torch.relu(1 - (2 * y - 1) * output).mean(1)
    elif name == "meanSquaredError":
        loss = ((y - output) ** 2).mean(1)
    else:
        loss = (y - output).abs().mean(1)
    return (loss * weights).sum() / len(loss)


# ---------------------------------------------------------------- learning rates


def rate_at(rate, step):
    """keras/src/optimizers/schedules/learning_rate_schedule.py; one-cycle as PyTorch has it."""
    if not isinstance(rate, dict):
        return rate
    kind = rate["schedule"]
    fall = lambda share: 0.5 * (1 + math.cos(math.pi * share))
    if kind == "piecewiseConstant":
        value = rate["values"][-1]
        for boundary, earlier in reversed(list(zip(rate["boundaries"], rate["values"]))):
            value = earlier if step <= boundary else value
    elif kind in ("exponential", "inverseTime"):
        periods = step / rate["decaySteps"]
        periods = math.floor(periods) if rate.get("staircase", False) else periods
        decay = rate["decayRate"]
        value = rate["initial"] * (decay**periods if kind == "exponential" else 1 / (1 + decay * periods))
    elif kind == "polynomial":
        done = min(step, rate["decaySteps"]) / rate["decaySteps"]
        end = rate.get("end", 0.0001)
        value = (rate["initial"] - end) * (1 - done) ** rate.get("power", 1) + end
    elif kind == "cosine":
        warm = rate.get("warmupSteps", 0)
        top = rate.get("warmupTarget", rate["initial"])
        if step < warm:
            value = rate["initial"] + (top - rate["initial"]) * step / warm
        else:
            share = min(step - warm, rate["decaySteps"]) / rate["decaySteps"]
            alpha = rate.get("alpha", 0)
            value = top * ((1 - alpha) * fall(share) + alpha)
    elif kind == "cosineRestarts":
        period, start, height = rate["firstDecaySteps"], 0, 1.0
        while step >= start + period:
            start, period = start + period, period * rate.get("tMul", 2)
            height *= rate.get("mMul", 1)
        alpha = rate.get("alpha", 0)
        value = rate["initial"] * ((1 - alpha) * height * fall((step - start) / period) + alpha)
    else:
        parameter = torch.nn.Parameter(torch.zeros(1))
        optimizer = torch.optim.SGD([parameter], lr=1, momentum=0.9)
        scheduler = torch.optim.lr_scheduler.OneCycleLR(
            optimizer, rate["peak"], total_steps=rate["totalSteps"], pct_start=rate.get("upShare", 0.3),
            div_factor=rate.get("initialDivisor", 25), final_div_factor=rate.get("finalDivisor", 1e4))
        for _ in range(step):
            optimizer.step()
            scheduler.step()
        value = optimizer.param_groups[0]["lr"]
    return float(np.float32(value))


# ---------------------------------------------------------------- optimizers


class Optimizer:
    """keras/src/optimizers: clipping, then decay of every variable, then the update."""

    def __init__(self, word, rate, count):
        self.o = named(word)
        self.rate = rate
        self.t = 0
        self.state = [{} for _ in range(count)]
        self.u_product = 1.0

    def clip(self, grads):
        o = self.o
        if "clipNorm" in o:
            return [g * o["clipNorm"] / max(float(g.norm()), o["clipNorm"]) for g in grads]
        if "globalClipNorm" in o:
            norm = math.sqrt(sum(float((g**2).sum()) for g in grads))
            return [g * o["globalClipNorm"] / max(norm, o["globalClipNorm"]) for g in grads]
        if "clipValue" in o:
            return [torch.clamp(g, -o["clipValue"], o["clipValue"]) for g in grads]
        return grads

    def apply(self, variables, grads):
        o = self.o
        grads = self.clip(grads)
        lr = rate_at(self.rate, self.t)
        self.t += 1
        decay = o.get("weightDecay", 0.004 if o["name"] == "adamw" else 0)
        if o["name"] == "nadam":
            self.u_product *= self.nadam_u(self.t)
        return [
            self.update(self.state[i], w - w * decay * lr, g, lr)
            for i, (w, g) in enumerate(zip(variables, grads))
        ]

    def nadam_u(self, t):
        return self.o.get("beta1", 0.9) * (1 - 0.5 * 0.96**t)

    def update(self, s, w, g, lr):
        o, t, name = self.o, self.t, self.o["name"]
        eps = o.get("epsilon", 1e-7)
        b1, b2 = o.get("beta1", 0.9), o.get("beta2", 0.99 if name == "lion" else 0.999)
        zero = torch.zeros_like(w)

        def old(key, start=0.0):
            return s.get(key, zero + start)

        if name == "sgd":
            momentum = o.get("momentum", 0)
            if momentum == 0:
                return w - lr * g
            s["m"] = old("m") * momentum - g * lr
            return w + s["m"] * momentum - g * lr if o.get("nesterov", False) else w + s["m"]
        if name in ("adam", "adamw", "nadam"):
            s["m"] = old("m") + (g - old("m")) * (1 - b1)
            s["v"] = old("v") + (g**2 - old("v")) * (1 - b2)
        if name in ("adam", "adamw"):
            alpha = lr * math.sqrt(1 - b2**t) / (1 - b1**t)
            v = s["v"]
            if o.get("amsgrad", False):
                v = s["largest"] = torch.maximum(old("largest"), v)
            return w - s["m"] * alpha / (torch.sqrt(v) + eps)
        if name == "nadam":
            u_now, u_next = self.nadam_u(t), self.nadam_u(t + 1)
            m_hat = u_next * s["m"] / (1 - self.u_product * u_next) + (1 - u_now) * g / (1 - self.u_product)
            return w - m_hat * lr / (torch.sqrt(s["v"] / (1 - b2**t)) + eps)
        if name == "adamax":
            s["m"] = old("m") + (g - old("m")) * (1 - b1)
            s["u"] = torch.maximum(b2 * old("u"), g.abs())
            return w - lr * s["m"] / ((1 - b1**t) * (s["u"] + eps))
        if name == "rmsprop":
            rho = o.get("rho", 0.9)
            s["v"] = rho * old("v") + (1 - rho) * g**2
            denominator = s["v"] + eps
            if o.get("centered", False):
                s["a"] = rho * old("a") + (1 - rho) * g
                denominator = s["v"] - s["a"] ** 2 + eps
            increment = lr * g / torch.sqrt(denominator)
            if o.get("momentum", 0) == 0:
                return w - increment
            s["m"] = o["momentum"] * old("m") + increment
            return w - s["m"]
        if name == "adagrad":
            s["a"] = old("a", o.get("initialAccumulator", 0.1)) + g**2
            return w - lr * g / torch.sqrt(s["a"] + eps)
        if name == "adadelta":
            rho = o.get("rho", 0.95)
            s["a"] = rho * old("a") + (1 - rho) * g**2
            delta = -torch.sqrt(old("d") + eps) * g / torch.sqrt(s["a"] + eps)
            s["d"] = rho * old("d") + (1 - rho) * delta**2
            return w + lr * delta
        assert name == "lion"
        moved = w - lr * torch.sign(old("m") * b1 + g * (1 - b1))
        s["m"] = old("m") * b2 + g * (1 - b2)
        return moved


# ---------------------------------------------------------------- cases


def dense(units, activation="linear", **more):
    return {"units": units, "activation": activation, **more}


def op(kind, **more):
    return {"type": kind, **more}


CASES = []


def case(name, layers, loss="sparseCategoricalCrossentropy", optimizer="sgd", rate=0.1, steps=2, **train):
    CASES.append({"name": name, "layers": layers, "steps": steps,
                  "train": {"loss": loss, "optimizer": optimizer, "learningRate": rate, **train}})


SOFTMAX = dense(3, "softmax")
for first, second in [
    ("linear", "relu"), ("leakyReLU", "prelu"), ("elu", "selu"), ("gelu", "geluTanh"),
    ("sigmoid", "hardSigmoid"), ("tanh", "softplus"), ("softsign", "swish"), ("mish", "softmax"),
]:
    case(f"activations-{first}-{second}", [dense(5, first), dense(4, second), SOFTMAX])
case("alpha", [dense(4, {"name": "leakyReLU", "alpha": 0.05}), dense(4, {"name": "elu", "alpha": 0.6}), SOFTMAX])
case("activation-layers", [dense(4), op("activation", activation={"name": "leakyReLU", "alpha": 0.2}),
                           op("activation", activation="prelu"), dense(3), op("activation", activation="softmax")])
case("activations-before", [op("activation", activation="prelu"), op("activation", activation="linear"),
                            op("activation", activation="tanh"), dense(4, "relu"), SOFTMAX])

HIDDEN = dense(4, "tanh")
for loss in ("binaryCrossentropy", "binaryFocalCrossentropy"):
    case(f"{loss}-sigmoid", [HIDDEN, dense(1, "sigmoid")], loss)
    case(f"{loss}-hard-sigmoid", [HIDDEN, dense(3, "hardSigmoid")], loss)
    case(f"{loss}-relu-clipped", [HIDDEN, dense(3, "relu")], loss)
    case(f"{loss}-from-logits-smoothed", [HIDDEN, dense(3)], {"name": loss, "fromLogits": True, "labelSmoothing": 0.1})
case("binary-focal-balanced", [HIDDEN, dense(1, "sigmoid")],
     {"name": "binaryFocalCrossentropy", "gamma": 1.5, "alpha": 0.3, "applyClassBalancing": True, "labelSmoothing": 0.2})
for loss in ("categoricalCrossentropy", "sparseCategoricalCrossentropy", "categoricalFocalCrossentropy"):
    case(f"{loss}-softmax", [HIDDEN, SOFTMAX], loss)
    case(f"{loss}-sigmoid", [HIDDEN, dense(3, "sigmoid")], {"name": loss, "labelSmoothing": 0.15})
    case(f"{loss}-softmax-twice", [HIDDEN, SOFTMAX], {"name": loss, "fromLogits": True})
case("categorical-focal-numbers", [HIDDEN, SOFTMAX],
     {"name": "categoricalFocalCrossentropy", "gamma": 0.7, "alpha": 0.6, "labelSmoothing": 0.1})
for loss in ("hinge", "meanSquaredError", "meanAbsoluteError"):
    case(f"{loss}-one-output", [HIDDEN, dense(1, "tanh")], loss)
    case(f"{loss}-three-outputs", [HIDDEN, dense(3, "sigmoid")], loss)
case("class-weights-categorical", [HIDDEN, SOFTMAX], classWeight={"0": 0.5, "2": 3})
case("class-weights-binary", [HIDDEN, dense(1, "sigmoid")], "binaryCrossentropy", classWeight={"1": 2.5})

case("dropout", [dense(6, "relu"), op("dropout", rate=0.4), SOFTMAX], steps=3)
case("dropout-twice", [op("dropout", rate=0.2), dense(5, "tanh"), op("dropout", rate=0.5), SOFTMAX], steps=3)
case("alpha-dropout", [dense(5, "selu"), op("alphaDropout", rate=0.3), SOFTMAX], steps=3)
case("gaussian-noise", [op("gaussianNoise", stddev=0.3), dense(5, "tanh"), SOFTMAX], steps=3)
case("batch-normalization", [dense(5, "linear", useBias=False), op("batchNormalization"),
                             op("activation", activation="relu"), SOFTMAX], steps=3)
case("batch-normalization-bare", [op("batchNormalization", momentum=0.8, epsilon=0.01, center=False, scale=False),
                                  dense(4, "tanh"), op("batchNormalization", momentum=0.5, scale=False), SOFTMAX])
case("batch-normalization-head", [HIDDEN, dense(3, useBias=False), op("batchNormalization", center=False),
                                  op("activation", activation="softmax")])
case("layer-normalization", [op("layerNormalization"), dense(5, "tanh"), op("layerNormalization", epsilon=0.1), SOFTMAX])
case("layer-normalization-bare", [dense(5, "swish"), op("layerNormalization", center=False, scale=False), SOFTMAX])
case("add", [dense(4, "tanh"), dense(4, "relu"), op("add", **{"from": 0}), SOFTMAX])
case("residual-blocks", [dense(4, "tanh", useBias=False), op("layerNormalization"),
                         dense(4, "swish"), op("dropout", rate=0.25), op("add", **{"from": 1}),
                         dense(4, "prelu"), op("add", **{"from": 4}), op("add", **{"from": 1}),
                         op("gaussianNoise", stddev=0.1), SOFTMAX], steps=3)
PENALTIES = {"kernelRegularizer": {"l1": 0.01, "l2": 0.02}, "biasRegularizer": {"l1": 0.03, "l2": 0.04},
             "activityRegularizer": {"l1": 0.05, "l2": 0.06}}
case("penalties-hidden", [dense(4, "tanh", **PENALTIES), op("dropout", rate=0.5), SOFTMAX])
case("penalties-head", [HIDDEN, dense(3, "softmax", **PENALTIES)])

NET = [dense(4, "tanh"), SOFTMAX]
for name, optimizer in {
    "sgd": "sgd", "momentum": {"name": "sgd", "momentum": 0.9},
    "nesterov": {"name": "sgd", "momentum": 0.8, "nesterov": True},
    "adam": "adam", "amsgrad": {"name": "adam", "amsgrad": True, "beta2": 0.6},
    "adamw": "adamw", "adam-constants": {"name": "adam", "beta1": 0.7, "beta2": 0.9, "epsilon": 0.01},
    "nadam": "nadam", "adamax": {"name": "adamax", "beta2": 0.5}, "rmsprop": "rmsprop",
    "rmsprop-momentum": {"name": "rmsprop", "rho": 0.7, "momentum": 0.6},
    "rmsprop-centered": {"name": "rmsprop", "centered": True, "momentum": 0.5},
    "adagrad": "adagrad", "adagrad-start": {"name": "adagrad", "initialAccumulator": 0.01},
    "adadelta": "adadelta", "lion": "lion",
    "lion-decayed": {"name": "lion", "beta1": 0.6, "beta2": 0.7, "weightDecay": 0.2},
    "clip-value": {"name": "sgd", "clipValue": 0.05},
    "clip-norm": {"name": "adam", "clipNorm": 0.1, "weightDecay": 0.1},
    "global-clip-norm": {"name": "sgd", "momentum": 0.5, "globalClipNorm": 0.2},
}.items():
    case(f"optimizer-{name}", NET, optimizer=optimizer, rate=1.0 if name == "adadelta" else 0.05, steps=4)
case("decay-of-every-variable", [dense(4, "prelu", useBias=False), op("batchNormalization"), SOFTMAX],
     optimizer={"name": "rmsprop", "weightDecay": 0.1}, rate=0.05)

TINY = [dense(3, "softmax")]
for rate in [
    {"schedule": "piecewiseConstant", "boundaries": [1, 2], "values": [0.3, 0.1, 0.02]},
    {"schedule": "exponential", "initial": 0.3, "decaySteps": 2, "decayRate": 0.5, "staircase": True},
    {"schedule": "inverseTime", "initial": 0.3, "decaySteps": 2, "decayRate": 0.5},
    {"schedule": "polynomial", "initial": 0.3, "decaySteps": 3, "power": 2},
    {"schedule": "cosine", "initial": 0.1, "decaySteps": 3, "alpha": 0.1, "warmupTarget": 0.4, "warmupSteps": 2},
    {"schedule": "cosineRestarts", "initial": 0.3, "firstDecaySteps": 2, "mMul": 0.8},
    {"schedule": "oneCycle", "peak": 0.5, "totalSteps": 5, "upShare": 0.4},
]:
    case(f"schedule-{rate['schedule']}", TINY, rate=rate, steps=5)


def flat(tensor):
    return tensor.detach().flatten().tolist()


def record(index, written):
    rng = np.random.RandomState(1000 + index)
    inputs, batch = 3, 7
    units = [layer["units"] for layer in written["layers"] if "units" in layer][-1]
    classes = max(units, 2)
    x = np.float32(rng.uniform(-1.5, 1.5, (batch, inputs))).astype(np.float64)
    labels = np.arange(batch) % classes
    rng.shuffle(labels)
    steps = written["steps"]
    recorded = {
        "name": written["name"], "batch": batch, "inputs": inputs, "classes": classes,
        "trainingSeed": 40 + index,
        "model": {"layers": written["layers"]},
        "train": {**written["train"], "epochs": steps, "batchSize": batch},
        "X": x.flatten().tolist(), "y": [float(label) for label in labels],
    }
    model = Model(recorded, rng)
    places = model.trainable + model.moving
    recorded["initialParams"] = [{**p, "values": flat(p["values"])} for p in places]
    weights = recorded["train"].get("classWeight", {})
    sample_weights = torch.tensor([float(weights.get(str(label), 1)) for label in labels])
    x, y = torch.tensor(x), torch.tensor(recorded["y"])
    optimizer = Optimizer(recorded["train"]["optimizer"], recorded["train"]["learningRate"], len(model.trainable))
    recorded["steps"] = []
    for step in range(steps):
        for place in model.trainable:
            place["values"] = place["values"].detach().requires_grad_()
        output, head, logits, penalties = model.forward(x, True, step)
        loss = loss_of(recorded, output, head, y, sample_weights)
        (loss + penalties).backward()
        grads = [p["values"].grad for p in model.trainable]
        with torch.no_grad():
            moved = optimizer.apply([p["values"] for p in model.trainable], grads)
        for place, values in zip(model.trainable, moved):
            place["values"] = values
        for key, values in model.new_statistics.items():
            model.variables[key]["values"] = values
        recorded["steps"].append({
            "dataLoss": loss.item(), "regularizationLoss": penalties.item(), "logits": flat(logits),
            "gradients": [flat(g) for g in grads], "paramsAfter": [flat(p["values"]) for p in places],
        })
    with torch.no_grad():
        output, head, logits, penalties = model.forward(x, False, steps)
        loss = loss_of(recorded, output, head, y, torch.ones(batch))
        guess = (output[:, 0] > 0.5).double() if units == 1 else output.argmax(1).double()
        recorded["inference"] = {
            "dataLoss": loss.item(), "regularizationLoss": penalties.item(), "logits": flat(logits),
            "correct": int((guess == y).sum()),
        }
    return recorded


ABOUT = (
    "Training steps in float64, one fixed batch per case. `model` and `train` are a spec's words; classes are named 0, 1, ... "
    "Gradients: PyTorch's automatic differentiation, over the trainable tensors. Updates: Keras 3's formulas. Tensors in the order of "
    "the plan's layout, moving statistics last. `inference`: the same batch after the last step, in inference mode, without class "
    f"weights. Written by write-training-steps-wide.py with PyTorch {torch.__version__}, NumPy {np.__version__}."
)

target = pathlib.Path(__file__).parent / "training-steps-wide.json"
cases = [record(i, written) for i, written in enumerate(CASES)]
target.write_text(json.dumps({"about": ABOUT, "cases": cases}, separators=(",", ":")) + "\n")
print(f"{len(cases)} cases, {target.stat().st_size} bytes")
