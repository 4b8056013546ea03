import { expect, test } from "vitest";
import type { Measurement } from "../engine/benchmark.ts";
import { benchmarkText } from "./as-text.ts";
import {
  type BenchmarkResult,
  benchmarkResult,
  isAllRight,
  parseBenchmark,
} from "./benchmark-result.ts";
import { compareBenchmarks } from "./compare.ts";
import { comparisonHtml } from "./comparison-html.ts";
import { comparisonText } from "./comparison-text.ts";

const settings = { quick: true, only: null };
const machine = { platform: "linux x64", cpu: { model: "CPU", cores: 2 } };

/** A product of 2e9 flops and a step of 64 networks, `speed` times as fast as in 1 ms and 10 ms. */
function result(
  adapter: string,
  speed: number,
  changed: Partial<Measurement> = {},
): BenchmarkResult {
  const times = (ms: number) => {
    const seconds = ms / 1000 / speed;
    return { seconds, fastest: 0.9 * seconds, slowest: 1.2 * seconds, repetitions: 100 };
  };
  const measurement: Measurement = {
    engine: { name: "webgpu", adapter, reason: "A test.", versions: { node: "20.20.2" } },
    device: { name: adapter, isSoftware: false, limits: { maxBufferSize: 1024 } },
    rounds: 3,
    seed: 42,
    peak: { status: "measured", perSecond: 10e12 * speed, kernel: "8 chains of vec4f (fma)" },
    bandwidth: { status: "measured", perSecond: 100e9, kernel: "copy of 256 MiB" },
    rows: [
      {
        kind: "gemm-dx",
        shape: "1000-1000",
        networks: 1,
        batch: 1000,
        flops: 2e9,
        bytes: 16e6,
        modelSteps: 0,
        status: "measured",
        tier: "L, 64 invocations",
        workgroups: 1000,
        launches: 1,
        ...times(1),
        says: "right",
      },
      {
        kind: "persistent-step",
        shape: "20-4-1",
        networks: 64,
        batch: 32,
        flops: 704_512,
        bytes: 308_736,
        modelSteps: 64,
        status: "measured",
        tier: "persistent, 32 invocations",
        workgroups: 64,
        launches: 0.01,
        ...times(10),
        says: "right",
      },
      {
        kind: "gemm-dw",
        shape: "4096-4096",
        networks: 1,
        batch: 4096,
        flops: 2e11,
        bytes: 2e8,
        modelSteps: 0,
        status: "skipped",
        says: "it would take about 99 s, and 8 s are allowed.",
      },
    ],
    ...changed,
  };
  return benchmarkResult(measurement, settings, machine);
}

test("rates and shares follow from times, counts and ceilings", () => {
  const [product, step, skipped] = result("GPU", 1).rows;
  // 2e9 flops in 1 ms of 10e12 a second; 16 MB in 1 ms of 100 GB/s.
  expect(product.rates).toEqual({
    modelStepsPerSecond: null,
    gigaflops: 2000,
    shareOfPeak: 0.2,
    gigabytesPerSecond: 16,
    shareOfBandwidth: 0.16,
  });
  expect(step.rates!.modelStepsPerSecond).toBe(6400);
  expect(skipped.rates).toBeNull();
  const [lonely] = result("GPU", 1, { peak: null }).rows;
  expect(lonely.rates).toMatchObject({ shareOfPeak: null, shareOfBandwidth: 0.16 });
});

test("the table shows what was measured, skipped and wrong", () => {
  const wrong = { status: "wrong", says: "word 7 was not copied." } as const;
  const text = benchmarkText(result("GPU\u001b[31m", 1, { bandwidth: wrong }));
  expect(text).toMatchInlineSnapshot(`
    "GPU, webgpu engine, node 20.20.2; 2 x CPU, linux x64

    float32 peak      10,000 GFLOP/s  8 chains of vec4f (fma)
    memory bandwidth           WRONG  word 7 was not copied.

    operation        shape      networks  batch     time  spread  model-steps/s  GFLOP/s   of peak    GB/s  of bandwidth
    gemm-dx          1000-1000         1   1000  1.00 ms   30.0%                   2,000     20.0%    16.0
    persistent-step  20-4-1           64     32  10.0 ms   30.0%          6,400   0.0705  0.00070%  0.0309
    gemm-dw          4096-4096         1   4096  skipped

    gemm-dw 4096-4096 x1 skipped: it would take about 99 s, and 8 s are allowed.

    gemm-dx: L, 64 invocations
    persistent-step: persistent, 32 invocations
    "
  `);
  expect(isAllRight(result("GPU", 1))).toBe(true);
  expect(isAllRight(result("GPU", 1, { bandwidth: wrong }))).toBe(false);
});

test("a result survives its file, and its rates are not taken from there", () => {
  const made = result("GPU", 3);
  expect(parseBenchmark("a.json", JSON.stringify(made))).toEqual(made);
  const forged = JSON.stringify(made).replace(/"gigaflops":[0-9.]+/, '"gigaflops":1e9');
  expect(parseBenchmark("a.json", forged)).toEqual(made);
});

test.each([
  ["{", "BENCHMARK_NOT_A_RESULT", /^a\.json is no benchmark result \(it is no JSON: /],
  ["null", "BENCHMARK_NOT_A_RESULT", /^a\.json is no benchmark result/],
  [
    '{"version":1,"claims":[]}',
    "BENCHMARK_NOT_A_RESULT",
    /\(environment is missing; it must be an object\)/,
  ],
  [
    '{"version":2,"rows":[]}',
    "BENCHMARK_OTHER_VERSION",
    /of version 2, and this clab reads version 1/,
  ],
  [
    JSON.stringify(result("GPU", 1)).replace('"networks":64', '"networks":"64"'),
    "BENCHMARK_NOT_A_RESULT",
    /\(rows\[1\]\.networks is "64"; it must be a number\)/,
  ],
  [
    JSON.stringify(result("GPU", 1)).replace('"20-4-1"', '"<b>"'),
    "BENCHMARK_NOT_A_RESULT",
    /\(rows\[1\]\.shape is "<b>"; it must be sizes, /,
  ],
])("%.40s is refused", (content, code, message) => {
  expect(() => parseBenchmark("a.json", content)).toThrowError(
    expect.objectContaining({ code, message: expect.stringMatching(message) }),
  );
});

const compared = () => {
  const slow = result("Slow GPU", 1);
  const fast = result("<i>Fast</i> GPU", 7, { bandwidth: null });
  return compareBenchmarks([
    { file: "slow.json", result: slow },
    { file: "fast.json", result: { ...fast, rows: fast.rows.slice(1) } },
  ]);
};

test("results stand side by side, missing rows as missing, ratios to the first", () => {
  expect(comparisonText(compared())).toMatchInlineSnapshot(`
    "A  Slow GPU, webgpu engine, node 20.20.2; 2 x CPU, linux x64 (slow.json)
    B  <i>Fast</i> GPU, webgpu engine, node 20.20.2; 2 x CPU, linux x64 (fast.json)

    operation         shape      networks  batch  unit                 A        B   B/A
    float32 peak                                  GFLOP/s         10,000   70,000  7.0x
    memory bandwidth                              GB/s               100  missing
    gemm-dx           1000-1000         1   1000  GFLOP/s          2,000  missing
    persistent-step   20-4-1           64     32  model-steps/s    6,400   44,800  7.0x
    gemm-dw           4096-4096         1   4096  GFLOP/s        skipped  skipped
    "
  `);
});

test("rows that only a later result has come too; equal names are told apart by their files", () => {
  const a = result("GPU", 1);
  const { adapters, rows } = compareBenchmarks([
    { file: "a.json", result: { ...a, rows: a.rows.slice(1) } },
    { file: "b.json", result: a },
  ]);
  expect(adapters.map(({ name }) => name)).toEqual(["GPU (a.json)", "GPU (b.json)"]);
  expect(rows.find(({ kind }) => kind === "gemm-dx")!.cells).toEqual([
    { status: "missing" },
    { status: "measured", value: 2000, ratio: null },
  ]);
});

test("the page holds plots and table, and no markup from a file", () => {
  const html = comparisonHtml(compared());
  expect(html).not.toContain("<i>");
  expect(html).toContain("&lt;i&gt;Fast&lt;/i&gt; GPU");
  expect(html.match(/<svg/g)).toHaveLength(4);
  expect(html).toContain("<title>A Slow GPU: 2.00e+3</title>");
  expect(html).not.toMatch(/(?:src|href)=/);
});
