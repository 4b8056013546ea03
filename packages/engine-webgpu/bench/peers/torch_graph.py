"""PyTorch's time for a population: batched products over the networks, autograd, the fused Adam, and
16 steps in one CUDA graph, so that no step waits for Python. With "compile" the gradients and Adam
are written out and go through torch.compile, then into the graph. Started by against-python.bench.ts.

    python3 torch_graph.py autograd|compile
"""

import sys

import torch
import torch.nn.functional as F
from population_peer import serve

HOW = sys.argv[1] if len(sys.argv) > 1 else "autograd"
BETA1, BETA2, EPSILON = 0.9, 0.999, 1e-7
DEVICE = "cuda" if torch.cuda.is_available() else "cpu"
torch.backends.cuda.matmul.allow_tf32 = False


def logits_of(parameters, x):
    h = x
    for layer in range(0, len(parameters), 2):
        h = torch.baddbmm(parameters[layer + 1], h, parameters[layer])
        if layer + 2 < len(parameters):
            h = torch.relu(h)
    return h


def losses_of(z, y):
    """Of each network."""
    if z.shape[-1] == 1:
        return F.binary_cross_entropy_with_logits(z[..., 0], y, reduction="none").mean(dim=1)
    flat = F.cross_entropy(z.flatten(0, 1), y.flatten().long(), reduction="none")
    return flat.view(y.shape).mean(dim=1)


def step_written_out(parameters, m, v, t, x, y, learning_rate):
    """Gradients and Adam by hand; everything in place."""
    outputs = [x]
    for layer in range(0, len(parameters), 2):
        z = torch.baddbmm(parameters[layer + 1], outputs[-1], parameters[layer])
        outputs.append(torch.relu(z) if layer + 2 < len(parameters) else z)
    z = outputs.pop()
    losses = losses_of(z, y)
    if z.shape[-1] == 1:
        d = (torch.sigmoid(z) - y[..., None]) / z.shape[1]
    else:
        d = (torch.softmax(z, -1) - F.one_hot(y.long(), z.shape[-1])) / z.shape[1]
    gradients = [None] * len(parameters)
    for layer in range(len(parameters) - 2, -1, -2):
        before = outputs[layer // 2]
        gradients[layer] = torch.bmm(before.transpose(1, 2), d)
        gradients[layer + 1] = d.sum(dim=1, keepdim=True)
        if layer > 0:
            d = torch.bmm(d, parameters[layer].transpose(1, 2)) * (before > 0)
    t.add_(1)
    rate = learning_rate * torch.sqrt(1 - BETA2**t) / (1 - BETA1**t)
    for p, m1, v1, g in zip(parameters, m, v, gradients):
        m1.mul_(BETA1).add_(g, alpha=1 - BETA1)
        v1.mul_(BETA2).addcmul_(g, g, value=1 - BETA2)
        p.sub_(rate * m1 / (v1.sqrt() + EPSILON))
    return losses


class Torch:
    def __init__(self):
        self.loaded = {}

    def load(self, cases):
        losses = {}
        for case in cases:
            steps, graph, out, tensors = self.make(case)
            graph()
            if DEVICE == "cuda":
                torch.cuda.synchronize()
            losses[case.name] = case.epoch_losses(torch.stack(out).cpu().numpy())
            self.loaded[case.name] = (steps, graph, tensors)
        device = torch.cuda.get_device_name() if DEVICE == "cuda" else "cpu"
        return {"losses": losses, "version": f"torch {torch.__version__}, {device}, {HOW}"}

    def make(self, case):
        """
        The compared steps as one graph, which is then also what is timed. It does not hold the
        tensors that it reads, so they are given back too.
        """
        parameters = []
        for kernel, bias in case.parameters:
            parameters += [torch.tensor(kernel, device=DEVICE), torch.tensor(bias[:, None], device=DEVICE)]
        x, y = torch.tensor(case.x, device=DEVICE), torch.tensor(case.y, device=DEVICE)
        order = torch.tensor(case.order, device=DEVICE).long()
        out = [None] * len(order)
        if HOW == "compile":
            m = [torch.zeros_like(p) for p in parameters]
            v = [torch.zeros_like(p) for p in parameters]
            t = torch.zeros((), device=DEVICE)
            state = [*parameters, *m, *v, t]
            one = torch.compile(step_written_out)
            step = lambda i: one(parameters, m, v, t, x[order[i]], y[order[i]], case.learning_rate)
        else:
            for p in parameters:
                p.requires_grad_(True)
            adam = torch.optim.Adam(
                parameters,
                case.learning_rate,
                (BETA1, BETA2),
                EPSILON,
                fused=True,
                capturable=DEVICE == "cuda",
            )

            def step(i):
                losses = losses_of(logits_of(parameters, x[order[i]]), y[order[i]])
                losses.sum().backward()
                adam.step()
                for p in parameters:
                    p.grad = None
                return losses.detach()

            step(0)
            state = [*parameters, *(s for p in parameters for s in adam.state[p].values())]

        def every_step():
            for i in range(len(order)):
                out[i] = step(i)

        tensors = (state, x, y, order)
        self.reset(case, parameters, state)
        if DEVICE != "cuda":
            return len(order), every_step, out, tensors
        # What warming up did to the state is undone before anything counts.
        stream = torch.cuda.Stream()
        with torch.cuda.stream(stream):
            for _ in range(2):
                step(0)
        torch.cuda.current_stream().wait_stream(stream)
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph):
            every_step()
        self.reset(case, parameters, state)
        return len(order), graph.replay, out, tensors

    @staticmethod
    def reset(case, parameters, state):
        with torch.no_grad():
            for s in state[len(parameters) :]:
                s.zero_()
            for i, (kernel, bias) in enumerate(case.parameters):
                parameters[2 * i].copy_(torch.tensor(kernel))
                parameters[2 * i + 1].copy_(torch.tensor(bias[:, None]))

    def run(self, name, steps):
        per_call, graph, _ = self.loaded[name]
        calls = -(-steps // per_call)
        for _ in range(calls):
            graph()
        if DEVICE == "cuda":
            torch.cuda.synchronize()
        return calls * per_call


serve(Torch())
