import { expect, test } from "vitest";
import { madeUpTrials } from "../../../test/made-up-trials.ts";
import { sweepOf } from "../../../test/sweep-of.ts";
import { uniformAt } from "../../shared/random.ts";
import type { Sweep } from "../sweep.ts";
import type { TrialRecord } from "../trial-record.ts";
import { SweepReporter } from "./sweep-reporter.ts";
import { TrialSample } from "./trial-sample.ts";

const drawnSweep = () =>
  sweepOf({
    method: "random",
    run_cap: 400,
    parameters: {
      learning_rate: { distribution: "log_uniform_values", min: 1e-4, max: 1 },
      "train.batchSize": [2, 4, 8],
      optimizer: ["adam", "sgd"],
      momentum: { values: [0, 0.9], when: { optimizer: "sgd" } },
    },
  });

const noise = (index: number) => uniformAt(11, 0, index);

function reportOf(sweep: Sweep, records: Iterable<TrialRecord>) {
  const reporter = new SweepReporter(sweep);
  for (const record of records) reporter.add(record);
  return reporter.report({ name: sweep.name, folders: ["runs/small"] });
}

const shareOf = ({ parameters }: ReturnType<typeof reportOf>, wanted: string) =>
  parameters.find(({ name }) => name === wanted)!.importance!;

test("one parameter explains everything, another nothing", () => {
  const sweep = drawnSweep();
  // Best in the middle: a straight line would see nothing of it.
  const bowl = ({ learning_rate: rate }: TrialRecord["params"]) =>
    Math.abs(Math.log10(rate as number) + 2);
  const report = reportOf(sweep, madeUpTrials(sweep, bowl));
  // Ten ranges leave what happens within a range.
  expect(shareOf(report, "learning_rate").share).toBeGreaterThan(0.9);
  for (const name of ["train.batchSize", "optimizer", "momentum"]) {
    expect(shareOf(report, name).share).toBeLessThan(0.03);
    expect(shareOf(report, name).chance).toBeGreaterThan(0.001);
  }
  const [rate] = report.parameters;
  expect(rate.levels).toHaveLength(10);
  expect(rate.levels.map(({ trials }) => trials)).toEqual(new Array(10).fill(40));
  const best = rate.levels.toSorted((a, b) => a.place - b.place)[0];
  expect(best.range![0]).toBeLessThan(0.01);
  expect(best.range![1]).toBeGreaterThan(0.005);
});

test("two that decide alike share it, and a loss that explodes does not change that", () => {
  const sweep = sweepOf({ parameters: { lr: [0.1, 0.2, 0.3], "train.batchSize": [2, 4, 8] } });
  const sum = ({ lr, "train.batchSize": batch }: TrialRecord["params"]) =>
    (lr as number) * 10 + Math.log2(batch as number);
  const plain = reportOf(sweep, madeUpTrials(sweep, sum));
  const exploded = reportOf(
    sweep,
    madeUpTrials(sweep, (params) => (sum(params) > 5.5 ? 1e30 : sum(params))),
  );
  expect(shareOf(plain, "lr").share).toBeCloseTo(shareOf(plain, "train.batchSize").share, 12);
  expect(shareOf(exploded, "lr")).toEqual(shareOf(plain, "lr"));
});

test("a parameter that makes networks diverge matters, though no value says so", () => {
  const sweep = drawnSweep();
  const report = reportOf(
    sweep,
    madeUpTrials(sweep, ({ optimizer }, i) => (optimizer === "sgd" ? null : noise(i))),
  );
  expect(shareOf(report, "optimizer").share).toBeGreaterThan(0.5);
  const [adam, sgd] = report.parameters.find(({ name }) => name === "optimizer")!.levels;
  expect([adam.label, adam.withoutValue]).toEqual(["adam", 0]);
  expect(sgd).toMatchObject({ label: "sgd", median: null, spread: null, best: null });
  expect(sgd.withoutValue).toBe(sgd.trials);
  expect(report.trials.withoutValue).toBe(sgd.trials);
  // Among trials with sgd all places are equal.
  expect(report.parameters.find(({ name }) => name === "momentum")!.importance).toBeNull();
});

test("a trial that was cut stands behind those that trained on, whatever its value", () => {
  const sweep = sweepOf({ parameters: { lr: [0.1, 0.2], "train.batchSize": [2, 4, 8] } });
  const cut = (epochs: number) => ({ state: "pruned", epochs }) as const;
  const report = reportOf(
    sweep,
    madeUpTrials(
      sweep,
      ({ lr }, i) => (lr === 0.1 ? 5 : 1) + noise(i) / 100,
      ({ lr }, i) => (lr === 0.1 ? {} : cut(1 + (i % 2))),
    ),
  );
  const [complete, pruned] = report.parameters[0].levels;
  expect(complete.place).toBeLessThan(pruned.place);
  expect(complete.median!).toBeGreaterThan(pruned.median!);
  expect(report.best.slice(0, 3).map(({ epochs }) => epochs)).toEqual([6, 6, 6]);
  // Values of fewer epochs are not subtracted from those of more.
  expect(report.best.map(({ behind }) => behind !== null)).toEqual([
    ...[false, true, true],
    ...[false, false, false],
  ]);
});

test("of those that were cut the longer trained stand first", () => {
  const sweep = sweepOf({ parameters: { lr: [0.1, 0.2], "train.batchSize": [2, 4, 8] } });
  const report = reportOf(
    sweep,
    madeUpTrials(
      sweep,
      ({ lr }) => (lr === 0.1 ? 5 : 1),
      ({ lr }) => ({ state: "pruned", epochs: lr === 0.1 ? 3 : 1 }),
    ),
  );
  expect(report.parameters[0].levels.map(({ place }) => place)).toEqual([0.25, 0.75]);
});

test("records in any order, one by one or all at once, give the same report", () => {
  const sweep = drawnSweep();
  const records = [
    ...madeUpTrials(sweep, (_, i) => (i % 7 === 0 ? null : Math.round(noise(i) * 20) / 20)),
  ];
  const report = reportOf(sweep, records);
  expect(reportOf(sweep, records.toReversed())).toEqual(report);
  expect(reportOf(sweep, JSON.parse(JSON.stringify(records)))).toEqual(report);
  expect(report.best[0].value).toBe(
    Math.min(...records.flatMap(({ value }) => (value === null ? [] : [value]))),
  );
});

test("of a large sweep a sample is held that does not depend on the order", () => {
  const record = (index: number) =>
    ({ index, params: {}, value: 0, state: "complete", epochs: 1 }) as unknown as TrialRecord;
  const sampled = (indices: readonly number[]) => {
    const sample = new TrialSample(10_000, 1000);
    for (const index of indices) sample.add(record(index));
    return sample.trials.map(({ index }) => index);
  };
  const all = Array.from({ length: 10_000 }, (_, i) => i);
  const held = sampled(all);
  // Binomial: mean 1000, sd 30.
  expect(Math.abs(held.length - 1000)).toBeLessThan(120);
  expect(sampled(all.toReversed())).toEqual(held);
});

test("intervals are over seeds, and differences seed by seed", () => {
  const sweep = sweepOf({
    spec: { seeds: { training: 3 } },
    parameters: { lr: [0.1, 0.2], "train.batchSize": [2, 4] },
  });
  const { best } = reportOf(
    sweep,
    madeUpTrials(sweep, (_, i) => i / 10),
  );
  // Seeds at 0, 0.001, 0.002: t(0.975, 2) * 0.001 / sqrt(3) = 0.002484.
  expect(best[0].ci95![1] - 0.001).toBeCloseTo(0.002484, 6);
  expect(best[1].behind!.mean).toBeCloseTo(0.1, 12);
  expect(best[1].behind!.ci95[0]).toBeCloseTo(0.1, 12);
  expect(best[0].n).toBe(3);
});
