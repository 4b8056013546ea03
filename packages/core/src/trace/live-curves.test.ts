import { expect, test } from "vitest";
import { simd, sweptSpec } from "../../test/sweep-of.ts";
import { compile, loadDatasets } from "../compile/compile.ts";
import { parseSpec } from "../spec/parse-spec.ts";
import { LiveCurves } from "./live-curves.ts";
import { TraceRecorder } from "./record-trace.ts";

const spec = parseSpec({
  ...sweptSpec,
  variants: { quick: { train: { learningRate: 0.1 } }, slow: { train: { learningRate: 0.001 } } },
  seeds: { training: 3 },
});
const table = loadDatasets(spec);
const datasets = [...table.values()];
const plan = compile(spec, table);
const LEAST = { name: "loss", goal: "minimize" } as const;

function watched(...told: readonly (readonly [run: number, ...losses: number[]])[]): LiveCurves {
  const recorder = new TraceRecorder(spec, plan, datasets, simd.info);
  for (const [run, ...losses] of told) {
    recorder.add({
      ...{ kind: "epochs", run, firstEpoch: 0 },
      signals: { loss: Float32Array.from(losses), accuracy: Float32Array.from(losses) },
    });
  }
  return new LiveCurves(recorder, plan);
}

test("before the first epoch there is nothing to see", () => {
  expect(watched().all("loss", 10)).toEqual([]);
  expect(watched().leading(LEAST, 10)).toBeUndefined();
});

test("the median over the networks that have come so far", () => {
  expect(plan.runs.map(({ variant }) => variant).slice(0, 3)).toEqual(["quick", "quick", "quick"]);
  const live = watched([0, 4, 3, 2], [1, 8, 5], [2, 6, Number.NaN, Number.NaN]);
  expect(live.all("loss", 10)).toEqual([{ variant: "quick", epochs: 3, values: [6, 4, 2] }]);
  expect(live.all("loss", 2)).toEqual([{ variant: "quick", epochs: 3, values: [6, 2] }]);
  expect(live.all("valLoss", 2)).toEqual([]);
});

test("ahead is what stands best at its last epoch, with no network that failed", () => {
  const slow = [3, 0.5, 0.25] as const;
  expect(watched([0, 4, 1], slow).leading(LEAST, 5)).toMatchObject({ variant: "slow", epochs: 2 });
  const most = { name: "accuracy", goal: "maximize" } as const;
  expect(watched([0, 4, 1], slow).leading(most, 5)!.variant).toBe("quick");
  const failed = [4, Number.NaN] as const;
  expect(watched([0, 4, 1], slow, failed).leading(LEAST, 5)!.variant).toBe("quick");
  expect(watched(slow, failed).leading(LEAST, 5)!.variant).toBe("slow");
});

test("a training tells of its curves while it goes on, and ends where the trace does", async () => {
  const { runExperiment } = await import("../run-experiment.ts");
  const seen: number[] = [];
  let last: LiveCurves | undefined;
  const { trace } = await runExperiment(spec, simd, {
    onProgress(_, live) {
      last = live;
      seen.push(...live.all("loss", 100).map(({ epochs }) => epochs));
    },
  });
  expect(seen.length).toBeGreaterThan(0);
  const ends = last!.all("loss", 100).map(({ variant, epochs, values }) => {
    const finals = trace.runs
      .filter((run) => run.variant === variant)
      .map(({ signals }) => signals.loss!.at(-1)!)
      .sort((a, b) => a - b);
    expect(values.at(-1)).toBe(finals[1]);
    return [variant, epochs];
  });
  expect(ends).toEqual([
    ["quick", 6],
    ["slow", 6],
  ]);
});
