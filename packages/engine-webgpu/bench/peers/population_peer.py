"""What the peers have in common: the cases as against-python.bench.ts writes them, and its protocol.

A peer reads one JSON line per request and answers with one. "load" gives it all cases at once, which
it makes ready and trains for the compared epochs; "run" lets one case go on by so many steps.
"""

import json
import sys
import time
from pathlib import Path

import numpy as np


class Case:
    """One population: widths, initial weights, data, and the order of rows of the compared epochs."""

    def __init__(self, request):
        self.name = request["name"]
        self.widths = request["widths"]
        self.networks = request["networks"]
        self.batch = request["batch"]
        self.learning_rate = request["learningRate"]
        folder = Path(request["folder"])
        rows = request["rows"]
        self.x = np.fromfile(folder / "x.f32", np.float32).reshape(rows, self.widths[0])
        self.y = np.fromfile(folder / "y.f32", np.float32)
        # (steps, networks, batch): rows of each step of each network.
        order = np.fromfile(folder / "order.u32", np.int32).reshape(-1, self.networks, rows)
        steps_per_epoch = rows // self.batch
        self.epochs = len(order)
        self.order = np.ascontiguousarray(
            order.reshape(self.epochs, self.networks, steps_per_epoch, self.batch)
            .transpose(0, 2, 1, 3)
            .reshape(-1, self.networks, self.batch)
        )
        flat = np.fromfile(folder / "parameters.f32", np.float32).reshape(self.networks, -1)
        self.parameters = []
        at = 0
        for inputs, units in zip(self.widths, self.widths[1:]):
            kernel = flat[:, at : at + inputs * units].reshape(-1, inputs, units)
            at += inputs * units
            self.parameters.append((np.ascontiguousarray(kernel), flat[:, at : at + units].copy()))
            at += units

    def epoch_losses(self, step_losses):
        """(steps, networks) to the mean loss of each epoch of each network."""
        losses = np.asarray(step_losses, np.float64)
        return losses.reshape(self.epochs, -1, self.networks).mean(axis=1).T.tolist()


def serve(peer):
    """Answers requests until there are no more. Only answers go to stdout."""
    answers, sys.stdout = sys.stdout, sys.stderr
    for line in sys.stdin:
        request = json.loads(line)
        if request["do"] == "load":
            answer = peer.load([Case(case) for case in request["cases"]])
        else:
            start = time.perf_counter()
            steps = peer.run(request["name"], request["steps"])
            answer = {"seconds": time.perf_counter() - start, "steps": steps}
        print(json.dumps(answer), file=answers, flush=True)
