// Which checks speak of which networks: the benchmark's cases as they stand and mended, and healthy
// and faulty networks on real tables, eight seeds each. A check that speaks of a healthy network
// raises a false alarm; the thresholds of core/src/diagnose/checks were chosen by these tables. The
// second one shows what a threshold lies between: the number that a check compares, in healthy
// networks that have learned and in those that it names.
//
//   npx tsx --conditions=source packages/core/bench/checks-over-cases.bench.ts [FILE] [--each]
//
// FILE has the form of test-fixtures/benchmark/published.json, which is the default. With --each every
// network is listed with its findings.

/// <reference types="node" />
import { readFileSync } from "node:fs";
import { compile, loadDatasets } from "../src/compile/compile.ts";
import { DIAGNOSE_CHECKS } from "../src/diagnose/all-checks.ts";
import type { Subject } from "../src/diagnose/check.ts";
import { deadShares } from "../src/diagnose/checks/dead-units.ts";
import { gapOf } from "../src/diagnose/checks/dropout-gap.ts";
import { roughness } from "../src/diagnose/checks/loss-oscillates.ts";
import { lastShare } from "../src/diagnose/checks/loss-still-falling.ts";
import { noiseOf } from "../src/diagnose/checks/noisy-gradient.ts";
import { turnOf } from "../src/diagnose/checks/overfitting.ts";
import { largestShare } from "../src/diagnose/checks/penalty-dominates.ts";
import { pathOf } from "../src/diagnose/checks/tiny-updates.ts";
import { diagnose, subjectsOf } from "../src/diagnose/diagnose.ts";
import { hasLearned, latestInferenceGap } from "../src/diagnose/learned.ts";
import { createSimdEngine } from "../src/engine/simd/index.ts";
import { benchmarkFileSchema, UnsupportedCase } from "../src/evaluate/benchmark-case.ts";
import { caseSpec, withChanges } from "../src/evaluate/case-spec.ts";
import { type Finding, SEVERITIES } from "../src/lint/finding.ts";
import { isDropout } from "../src/lint/interventions.ts";
import { trainExperiment } from "../src/run-experiment.ts";
import { shortNumber } from "../src/shared/number-text.ts";
import { median } from "../src/shared/statistics.ts";
import { SpecError } from "../src/spec/errors.ts";
import { parseSpec } from "../src/spec/parse-spec.ts";
import { gradientRatios, updateRatios } from "../src/trace/derived/layers.ts";
import { latestMedian } from "../src/trace/derived/series.ts";
import { type LayerSeries, layerSeries, seriesByLayer } from "../src/trace/signals.ts";
import type { TraceRun } from "../src/trace/trace.ts";
import { fixture } from "../test/learnability-case.ts";

const SEEDS = 8;
/** More multiplications than this per network take minutes: such cases are named and left out. */
const MOST_WORK = 2e10;

const GROUPS = ["faulty", "mended", "control", "healthy table", "faulty table"] as const;
type Group = (typeof GROUPS)[number];

interface Network {
  readonly name: string;
  readonly group: Group;
  readonly source: () => unknown;
}

const [path = "test-fixtures/benchmark/published.json"] = process.argv
  .slice(2)
  .filter((word) => !word.startsWith("--"));
const isEach = process.argv.includes("--each");
/** Of each network that was trained. */
const measured: { group: Group; hasLearned: boolean; named: Set<string>; values: number[] }[] = [];
const engine = await createSimdEngine({ reason: "A benchmark." });
const found = new Map<Group, Finding[][]>(GROUPS.map((group) => [group, []]));
async function findingsOf(source: unknown, group: Group): Promise<Finding[]> {
  const seeded = { ...(source as object), seeds: { training: SEEDS }, probes: "all" };
  const spec = parseSpec(seeded, { allowUntrainable: true });
  const datasets = loadDatasets(spec);
  const plan = compile(spec, datasets);
  const [bucket] = plan.buckets;
  const [rows] = [...datasets.values()].map(({ train }) => train.rows);
  if (3 * rows * spec.train.epochs * bucket.network.parameters > MOST_WORK) {
    throw new UnsupportedCase("too large for this table");
  }
  const { trace } = await trainExperiment({ spec, datasets, findings: [], plan }, engine);
  const { findings, unclear } = diagnose(trace);
  for (const { check, says } of unclear) throw new Error(`${check}: ${says}`);
  const [trained] = subjectsOf(trace);
  measured.push({
    group,
    hasLearned: trained.runs.every(hasLearned),
    named: new Set(findings.map(({ id }) => id)),
    values: MEASURES.map(({ of }) => {
      const known = trained.runs.map((run) => of(run, trained) ?? Number.NaN);
      return median(known.filter(Number.isFinite));
    }),
  });
  return [...findings];
}

interface Measure {
  readonly check: string;
  readonly what: string;
  /** Which side of it is named. */
  readonly side: "above" | "below";
  readonly of: (run: TraceRun, subject: Subject) => number | undefined;
}

const most = (values: readonly number[] | undefined) =>
  values?.length ? Math.max(...values) : undefined;
const latest = (series: LayerSeries[] | undefined) =>
  series?.flatMap(({ values }) => latestMedian(values, 8) ?? []);
const hidden = ({ blocks }: Subject) => blocks.slice(0, -1).map((_, layer) => layer);

const MEASURES: readonly Measure[] = [
  {
    check: "vanishing-gradients",
    what: "least gradient over the output layer's",
    side: "below",
    of: (run) => {
      const ratios = latest(gradientRatios(run))?.filter((ratio) => ratio > 0);
      return ratios?.length ? Math.min(...ratios) : undefined;
    },
  },
  {
    check: "exploding-gradients",
    what: "largest gradient over the output layer's",
    side: "above",
    of: (run) => most(latest(gradientRatios(run))),
  },
  {
    check: "exploding-gradients",
    what: "largest gradient over its first",
    side: "above",
    of: (run) =>
      most(
        seriesByLayer(run, "gradientNorm")?.map(
          ({ values }) => (latestMedian(values, 8) ?? 0) / values[0],
        ),
      ),
  },
  {
    check: "dead-units",
    what: "largest share of dead units",
    side: "above",
    of: (run, subject) => most(deadShares(run, subject).map(({ share }) => share)),
  },
  {
    check: "saturated-units",
    what: "largest saturated share",
    side: "above",
    of: (run, subject) =>
      most(
        hidden(subject).flatMap((layer) => {
          const series = layerSeries(run, "saturatedShare", layer);
          return series ? (latest([series]) ?? []) : [];
        }),
      ),
  },
  { check: "noisy-gradient", what: "gradient noise", side: "above", of: noiseOf },
  { check: "tiny-updates", what: "steps times update over weight", side: "below", of: pathOf },
  {
    check: "large-updates",
    what: "largest update over weight",
    side: "above",
    of: (run) =>
      most(updateRatios(run)?.flatMap(({ values }) => [...values].filter(Number.isFinite))),
  },
  { check: "loss-oscillates", what: "scatter of the loss", side: "above", of: roughness },
  {
    check: "loss-still-falling",
    what: "fall of the last tenth",
    side: "above",
    of: (run) => ((run.signals.loss?.length ?? 0) < 6 ? undefined : lastShare(run)),
  },
  {
    check: "overfitting",
    what: "rise of the validation loss",
    side: "above",
    of: (run) => turnOf(run)?.rise,
  },
  {
    check: "penalty-dominates",
    what: "largest share of penalties",
    side: "above",
    of: (run) => largestShare(run) || undefined,
  },
  {
    check: "dropout-gap",
    what: "what dropout costs",
    side: "above",
    of: (run, { variant }) => (variant.model.layers.some(isDropout) ? gapOf(run) : undefined),
  },
  {
    check: "batch-norm-gap",
    what: "what moving statistics cost",
    side: "above",
    of: (run, { variant }) =>
      variant.model.layers.some(({ type }) => type === "batchNormalization")
        ? latestInferenceGap(run)
        : undefined,
  },
];

/** Medians over the seeds: their range over healthy networks, and over those that are named. */
function printMeasures() {
  const header = ["check", "measure", "names", "healthy networks", "named networks"];
  const range = (values: readonly number[]) => {
    const known = values.filter(Number.isFinite);
    if (known.length === 0) return "none";
    return `${shortNumber(Math.min(...known))} to ${shortNumber(Math.max(...known))} (${known.length})`;
  };
  const rows = MEASURES.map(({ check, what, side }, i) => {
    const healthy = measured.filter(
      ({ group, hasLearned }) => hasLearned && !/^faulty/.test(group),
    );
    const named = measured.filter(({ named }) => named.has(check));
    const values = (networks: typeof measured) => networks.map(({ values }) => values[i]);
    return [check, what, side, range(values(healthy)), range(values(named))];
  });
  for (const row of [header, header.map(() => "---"), ...rows]) {
    console.log(`| ${row.join(" | ")} |`);
  }
}

function casesOf(file: string): Network[] {
  const { cases, generators } = benchmarkFileSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  // What the file's own check did not run is too large to draw here as well.
  const checked = cases.filter(
    ({ checked }) => (checked as { verdict?: string } | undefined)?.verdict !== "not-run",
  );
  return checked.flatMap((written) => {
    const spec = (changes: typeof written.fix) => () =>
      caseSpec(withChanges(written, changes), generators);
    const group = written.control ? "control" : "faulty";
    return [
      { name: written.id, group, source: spec([]) },
      ...(written.fix.length > 0
        ? [{ name: `${written.id}, mended`, group: "mended", source: spec(written.fix) } as const]
        : []),
    ] satisfies Network[];
  });
}

function networksOnTables(): Network[] {
  return (
    [
      ["iris", "class"],
      ["wine", "class"],
      ["breast-cancer", "class"],
      ["pima-diabetes", "diabetes"],
    ] as const
  ).flatMap(([table, target]) => {
    const { rows, labels } = fixture(table, target);
    const classes = new Set(labels).size;
    const head =
      classes === 2
        ? { units: 1, activation: "sigmoid" }
        : { units: classes, activation: "softmax" };
    const loss = classes === 2 ? "binaryCrossentropy" : "sparseCategoricalCrossentropy";
    return NETWORKS.map(({ name, group, layers, train, raw = false }) => ({
      name: `${name} on ${table}`,
      group,
      source: () => ({
        name: "table",
        data: {
          source: { kind: "inline", rows, labels },
          split: { testSize: 0.25, stratify: true },
          preprocess: ["imputeMedian", ...(raw ? [] : ["standardize"])],
        },
        model: { layers: [...layers, head] },
        train: { loss, epochs: 50, ...train },
      }),
    }));
  });
}

interface NetworkOnTable {
  readonly name: string;
  readonly group: Group;
  readonly layers: readonly object[];
  readonly train?: object;
  readonly raw?: boolean;
}

const NETWORKS: readonly NetworkOnTable[] = (() => {
  const dense = (units: number, more: object = {}) => ({ units, activation: "relu", ...more });
  const usual = [dense(64), dense(32)];
  const deep = (activation: string) => Array.from({ length: 8 }, () => dense(16, { activation }));
  const dropout = (rate: number, units: number) => [dense(units), { type: "dropout", rate }];
  const l2 = (value: number) => [64, 32].map((u) => dense(u, { kernelRegularizer: { l2: value } }));
  const normalized = [
    { units: 64 },
    { type: "batchNormalization" },
    { type: "activation", activation: "relu" },
  ];
  const healthy: Omit<NetworkOnTable, "group">[] = [
    { name: "usual", layers: usual },
    { name: "small", layers: [dense(16)], train: { epochs: 100 } },
    { name: "logistic regression", layers: [], train: { learningRate: 0.01 } },
    { name: "adam 0.01", layers: usual, train: { learningRate: 0.01, epochs: 20 } },
    { name: "sgd 0.1", layers: usual, train: { optimizer: "sgd", learningRate: 0.1 } },
    { name: "rmsprop", layers: [dense(64)], train: { optimizer: "rmsprop" } },
    { name: "batches of 4", layers: [dense(32)], train: { batchSize: 4, epochs: 20 } },
    {
      name: "tanh",
      layers: [dense(32, { activation: "tanh" }), dense(32, { activation: "tanh" })],
    },
    { name: "dropout 0.2", layers: [...dropout(0.2, 64), ...dropout(0.2, 32)] },
    { name: "l2 0.001", layers: l2(0.001) },
    { name: "l2 0.01", layers: l2(0.01) },
    { name: "batch normalization", layers: normalized },
  ];
  const faulty: Omit<NetworkOnTable, "group">[] = [
    { name: "adam 1", layers: usual, train: { learningRate: 1 } },
    { name: "adam 1e-6", layers: usual, train: { learningRate: 1e-6 } },
    { name: "sgd 10", layers: usual, train: { optimizer: "sgd", learningRate: 10 } },
    { name: "eight sigmoid layers", layers: deep("sigmoid") },
    { name: "zero weights", layers: [dense(32, { kernelInitializer: "zeros" })] },
    {
      name: "wide weights",
      layers: [
        dense(32, { activation: "tanh", kernelInitializer: { name: "randomNormal", stddev: 5 } }),
      ],
    },
    { name: "dropout 0.9", layers: [...dropout(0.9, 16), ...dropout(0.9, 16)] },
    { name: "l2 1", layers: l2(1) },
    { name: "batch normalization, 5 epochs", layers: normalized, train: { epochs: 5 }, raw: true },
  ];
  return [
    ...healthy.map((each) => ({ ...each, group: "healthy table" as const })),
    ...faulty.map((each) => ({ ...each, group: "faulty table" as const })),
  ];
})();

/** A row per check, with the number of networks that it names: errors and warnings + notes. */
function printTable() {
  const header = ["check", ...GROUPS.map((group) => `${group} (${found.get(group)!.length})`)];
  const rows = DIAGNOSE_CHECKS.map(({ id }) => [
    id,
    ...GROUPS.map((group) => {
      const severities = found
        .get(group)!
        .flatMap((findings) => findings.find((finding) => finding.id === id)?.severity ?? []);
      const notes = severities.filter((severity) => severity === SEVERITIES[2]).length;
      const others = severities.length - notes;
      return notes === 0 ? String(others) : `${others} + ${notes}`;
    }),
  ]);
  const any = GROUPS.map((group) => {
    const loud = found
      .get(group)!
      .filter((findings) => findings.some(({ severity }) => severity !== "note"));
    return String(loud.length);
  });
  for (const row of [header, header.map(() => "---"), ...rows, ["any error or warning", ...any]]) {
    console.log(`| ${row.join(" | ")} |`);
  }
}

for (const network of [...casesOf(path), ...networksOnTables()]) {
  try {
    const findings = await findingsOf(network.source(), network.group);
    found.get(network.group)!.push(findings);
    if (!isEach) continue;
    const words = findings.map(({ id, severity }) => `${severity} ${id}`).join(", ");
    console.log(`${network.name} (${network.group}): ${words || "nothing"}`);
  } catch (error) {
    if (!(error instanceof UnsupportedCase || error instanceof SpecError)) throw error;
    console.log(`${network.name} (${network.group}) left out: ${error.message.split("\n")[0]}`);
  }
}
printTable();
console.log();
printMeasures();
