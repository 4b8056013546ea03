"""PyTorch's time for a population of networks as one batched matmul, Adam written out, float32.

The workload of simd-engine.bench.ts: networks 20-64-32-1, relu relu sigmoid, binary cross-entropy
from logits, batch 32, Adam with Keras's constants; gradients written out too, because autograd
would only add to the time. Batches are drawn once, outside the clock, which the SIMD engine does
inside it. Needs Debian's python3-torch (1.13) and nothing else:

    python3 packages/core/bench/peers/torch-population.py [networks] [widths] [threads]
"""

import sys
import time

import torch

networks = int(sys.argv[1]) if len(sys.argv) > 1 else 256
widths = [int(w) for w in (sys.argv[2] if len(sys.argv) > 2 else "20-64-32-1").split("-")]
threads = int(sys.argv[3]) if len(sys.argv) > 3 else 2
BATCH, BATCHES, STEPS, REPEATS = 32, 25, 50, 7
RATE, BETA1, BETA2, EPSILON = 1e-3, 0.9, 0.999, 1e-7

torch.set_num_threads(threads)
torch.manual_seed(0)


def population():
    """Kernels (networks, inputs, units), biases (networks, 1, units) and moments, all glorotUniform or 0."""
    parameters = []
    for inputs, units in zip(widths, widths[1:]):
        limit = (6 / (inputs + units)) ** 0.5
        parameters.append((torch.rand(networks, inputs, units) * 2 - 1) * limit)
        parameters.append(torch.zeros(networks, 1, units))
    moments = [(torch.zeros_like(p), torch.zeros_like(p)) for p in parameters]
    return parameters, moments


def loss_and_gradients(parameters, x, y):
    outputs, h = [x], x
    for layer in range(0, len(parameters), 2):
        z = torch.baddbmm(parameters[layer + 1], h, parameters[layer])
        h = z if layer + 2 == len(parameters) else torch.relu_(z)
        outputs.append(h)
    loss = torch.nn.functional.binary_cross_entropy_with_logits(h, y, reduction="none")
    d = (torch.sigmoid(h) - y) / BATCH
    gradients = [None] * len(parameters)
    for layer in range(len(parameters) - 2, -1, -2):
        gradients[layer] = torch.bmm(outputs[layer // 2].transpose(1, 2), d)
        gradients[layer + 1] = d.sum(dim=1, keepdim=True)
        if layer > 0:
            d = torch.bmm(d, parameters[layer].transpose(1, 2))
            d *= outputs[layer // 2] > 0
    return loss.mean(dim=(1, 2)), gradients


def adam(parameters, moments, gradients, step):
    rate = RATE * (1 - BETA2**step) ** 0.5 / (1 - BETA1**step)
    for p, (m, v), g in zip(parameters, moments, gradients):
        m.mul_(BETA1).add_(g, alpha=1 - BETA1)
        v.mul_(BETA2).addcmul_(g, g, value=1 - BETA2)
        p.addcdiv_(m, v.sqrt().add_(EPSILON), value=-rate)


def check():
    """The written-out gradients are autograd's; no time is printed otherwise."""
    parameters, _ = population()
    for p in parameters:
        p.requires_grad_(True)
    x, y = torch.rand(networks, BATCH, widths[0]), torch.ones(networks, BATCH, 1)
    h = x
    for layer in range(0, len(parameters), 2):
        h = torch.baddbmm(parameters[layer + 1], h, parameters[layer])
        h = h if layer + 2 == len(parameters) else torch.relu(h)
    losses = torch.nn.functional.binary_cross_entropy_with_logits(h, y, reduction="none")
    losses.mean(dim=(1, 2)).sum().backward()
    with torch.no_grad():
        _, gradients = loss_and_gradients(parameters, x, y)
    for p, g in zip(parameters, gradients):
        assert torch.allclose(p.grad, g, rtol=1e-4, atol=1e-6), "gradients differ from autograd's"


check()
with torch.no_grad():
    xs = torch.rand(BATCHES, networks, BATCH, widths[0])
    ys = (torch.rand(BATCHES, networks, BATCH, 1) < 0.5).float()
    parameters, moments = population()
    step, samples = 0, []
    for repeat in range(REPEATS + 1):
        start = time.perf_counter()
        for _ in range(STEPS):
            step += 1
            _, gradients = loss_and_gradients(parameters, xs[step % BATCHES], ys[step % BATCHES])
            adam(parameters, moments, gradients, step)
        samples.append((time.perf_counter() - start) * 1e3 / (STEPS * networks))
samples = sorted(samples[1:])
print(
    f"PyTorch {torch.__version__}, {threads} threads, {networks} networks {'-'.join(map(str, widths))}: "
    f"{samples[len(samples) // 2]:.4f} ms per model-step "
    f"(median of {REPEATS}, {samples[0]:.4f} to {samples[-1]:.4f})"
)
