// Turns what was written into a Sweep with every default filled in, or says everything that is wrong
// with it at once.

import { isLoss } from "../claims/final-value.ts";
import { letters } from "../models/keras-objects.ts";
import { contentHash } from "../shared/content-hash.ts";
import { didYouMean } from "../shared/did-you-mean.ts";
import { SpecError, type SpecProblem } from "../spec/errors.ts";
import { mergePatch } from "../spec/merge-patch.ts";
import { parseSpec } from "../spec/parse-spec.ts";
import { schemaProblems } from "../spec/schema-problems.ts";
import type { Metric, Spec } from "../spec/spec.ts";
import { type ParsedParameters, parseParameters } from "./parse-parameters.ts";
import { spaceOf } from "./space.ts";
import type { Rungs, Sweep, SweepParameter } from "./sweep.ts";
import { sweepSchema } from "./sweep-schema.ts";
import { trialProblems } from "./trial-problems.ts";

export interface ParseSweepOptions {
  /** Draw what `bayes` would choose: for lists of variants, which are made before any is trained. */
  readonly drawsBayes?: boolean;
}

/**
 * @throws SpecError with all problems: of the sweep, of its spec, and of trials that the spec cannot
 *   say. Paths start at the sweep.
 */
export function parseSweep(source: unknown, options: ParseSweepOptions = {}): Sweep {
  if (typeof source !== "object" || source === null || Array.isArray(source)) {
    throw new SpecError([
      {
        code: "SPEC_NOT_AN_OBJECT",
        path: [],
        message: "is not a mapping; a sweep starts with spec, method and parameters.",
      },
    ]);
  }
  const parsed = sweepSchema.safeParse(source, { reportInput: true });
  const problems: SpecProblem[] = parsed.success
    ? []
    : schemaProblems(sweepSchema, parsed.error, source);
  const { spec: written, parameters: named, variant } = source as Record<string, unknown>;
  const spec = baseOf(written, variant, problems);
  const read = parseParameters(
    typeof named === "object" && named !== null ? (named as Record<string, unknown>) : {},
  );
  const { parameters } = read;
  problems.push(...read.problems);
  const sound = soundParts(source);
  problems.push(...methodProblems(sound, parameters, options));
  problems.push(...zipProblems(sound.zip ?? [], read));
  const metric = metricOf(sound.metric, spec, problems);
  if (!parsed.success || spec === undefined || problems.length > 0) throw new SpecError(problems);
  const { data: sweep } = parsed;
  const seeds = seedsOf(sweep.seeds) ?? spec.seeds;
  const rungs = rungsOf(sweep);
  const { run_cap: runCap } = sweep;
  const resolved: Sweep = {
    version: 1,
    name: sweep.name ?? spec.name,
    spec: { ...spec, seeds },
    method: sweep.method === "grid" ? "grid" : "random",
    metric,
    parameters,
    zip: sweep.zip,
    seed: sweep.seed,
    ...(runCap === undefined ? {} : { runCap }),
    ...(rungs === undefined ? {} : { rungs }),
    chunk: sweep.chunk ?? (rungs === undefined ? USUAL_CHUNK : USUAL_COHORT),
  };
  const ofTrials = sizeProblems(resolved) ?? trialProblems(resolved);
  if (ofTrials.length > 0) throw new SpecError(ofTrials);
  return resolved;
}

/** Networks of a chunk: enough to fill a GPU, few enough to lose one when a machine is lost. */
const USUAL_CHUNK = 256;

/** Where trials of a chunk are compared with each other, more of them leave a better best. */
const USUAL_COHORT = 1024;

/** 64 hexadecimal digits; equal sweeps have equal hashes. */
export function sweepHash(sweep: Sweep): string {
  return contentHash(sweep);
}

/** The one network of a spec. */
function baseOf(written: unknown, variant: unknown, problems: SpecProblem[]): Spec | undefined {
  if (written === undefined) return undefined;
  try {
    const spec = parseSpec(written);
    const names = Object.keys(spec.variants);
    const chosen = names.find((name) => name === variant);
    if (names.length > 1 || variant !== undefined) {
      if (chosen === undefined) {
        problems.push({
          code: variant === undefined ? "SPEC_MISSING" : "SPEC_UNKNOWN_NAME",
          path: ["variant"],
          message: `${variant === undefined ? "is missing" : `is ${JSON.stringify(variant)}`}; a sweep varies one network, name one of the spec's variants: ${names.join(", ") || "it has none"}.${didYouMean(String(variant), names)}`,
        });
        return undefined;
      }
    }
    const { probes: _, ...base } = spec;
    const patch = spec.variants[chosen ?? names[0]];
    const patched = patch === undefined ? base : (mergePatch(base, patch) as typeof base);
    // Once more, because a patch is not parsed with the spec that it stands in.
    return parseSpec({ ...patched, variants: {}, claims: [] });
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    problems.push(
      ...error.problems.map((problem) => ({ ...problem, path: ["spec", ...problem.path] })),
    );
    return undefined;
  }
}

type Written = ReturnType<typeof sweepSchema.parse>;

/** Those that are sound in themselves, so that what is between them can be told beside the rest. */
function soundParts(source: object): Partial<Written> {
  const parts = Object.entries(sweepSchema.shape).flatMap(([key, schema]) => {
    const parsed = schema.safeParse((source as Record<string, unknown>)[key]);
    return parsed.success ? [[key, parsed.data] as const] : [];
  });
  return Object.fromEntries(parts) as Partial<Written>;
}

function seedsOf(seeds: Written["seeds"]): Spec["seeds"] | undefined {
  if (seeds === undefined) return undefined;
  return typeof seeds === "number" || Array.isArray(seeds) ? { training: seeds, data: 1 } : seeds;
}

const METRIC_WORDS: ReadonlyMap<string, Metric> = new Map([
  ["loss", "loss"],
  ["trainloss", "loss"],
  ["accuracy", "accuracy"],
  ["acc", "accuracy"],
  ["trainaccuracy", "accuracy"],
  ["valloss", "valLoss"],
  ["validationloss", "valLoss"],
  ["valaccuracy", "valAccuracy"],
  ["valacc", "valAccuracy"],
  ["validationaccuracy", "valAccuracy"],
]);

function metricOf(
  written: Written["metric"],
  spec: Spec | undefined,
  problems: SpecProblem[],
): Sweep["metric"] {
  const hasTest = spec === undefined || spec.data.split !== undefined;
  const usual = hasTest ? "valLoss" : "loss";
  const name = written === undefined ? usual : METRIC_WORDS.get(letters(written.name));
  if (name === undefined || (name.startsWith("val") && !hasTest)) {
    problems.push({
      code: name === undefined ? "SPEC_UNKNOWN_NAME" : "SPEC_INVALID_VALUE",
      path: ["metric", "name"],
      message:
        name === undefined
          ? `is "${written?.name}"; it must be loss, accuracy, val_loss or val_accuracy.`
          : `is "${written?.name}", and the spec's data has no split; take loss or accuracy, or add one.`,
    });
  }
  const metric = name ?? usual;
  return { name: metric, goal: written?.goal ?? (isLoss(metric) ? "minimize" : "maximize") };
}

function methodProblems(
  { method, early_terminate: early }: Partial<Written>,
  parameters: readonly SweepParameter[],
  { drawsBayes = false }: ParseSweepOptions,
): SpecProblem[] {
  const problems: SpecProblem[] = [];
  const add = (path: SpecProblem["path"], message: string) =>
    problems.push({ code: "SPEC_INVALID_VALUE", path, message });
  if (method === "bayes" && !drawsBayes) {
    add(
      ["method"],
      'is "bayes", which would choose each trial by the ones before it: there is no kept library for it, and a population trains all at once. Take random or halving.',
    );
  }
  if (method === "grid") {
    for (const { name, from } of parameters) {
      if (from.kind !== "values") add(["parameters", name], "is a range; a grid needs values.");
    }
  }
  if (early && (early.min_iter === undefined) === (early.max_iter === undefined)) {
    add(["early_terminate"], "needs min_iter, or max_iter and s, and not both.");
  } else if (early?.max_iter !== undefined && early.s === undefined) {
    add(["early_terminate"], "has max_iter and no s, the number of cuts below it.");
  }
  return problems;
}

function rungsOf({ method, early_terminate: early }: Written): Rungs | undefined {
  if (early === undefined) return method === "halving" ? { kind: "halving", eta: 3 } : undefined;
  const { eta, min_iter: minEpochs, max_iter: maxEpochs = 1, s: brackets = 1 } = early;
  return minEpochs === undefined
    ? { kind: "below", maxEpochs, brackets, eta }
    : { kind: "from", minEpochs, eta };
}

function zipProblems(
  zip: readonly (readonly string[])[],
  { parameters, names: known }: ParsedParameters,
): SpecProblem[] {
  const problems: SpecProblem[] = [];
  const seen = new Set<string>();
  zip.forEach((names, i) => {
    const add = (message: string, code: SpecProblem["code"] = "SPEC_INVALID_VALUE") =>
      problems.push({ code, path: ["zip", i], message });
    const members = names.flatMap((name) => {
      if (!known.includes(name)) {
        add(
          `names "${name}", which is no parameter of this sweep.${didYouMean(name, known)}`,
          "SPEC_UNKNOWN_NAME",
        );
      }
      if (seen.has(name)) add(`names "${name}" once more; a parameter has one place.`);
      seen.add(name);
      return parameters.find((each) => each.name === name) ?? [];
    });
    const lengths = members.map(({ from }) => (from.kind === "values" ? from.values.length : 0));
    if (members.some(({ from }) => from.kind !== "values" || from.probabilities)) {
      add("names a range or probabilities; only lists of values go together.");
    } else if (new Set(lengths).size > 1) {
      add(`names lists of ${lengths.join(" and ")} values; they must be equally long.`);
    }
    if (members.some(({ when }) => when !== undefined)) {
      add("names a parameter with a condition; parameters that go together have none.");
    }
  });
  return problems;
}

/** More are no sweep that ends: 10 million trials of one second each take four months. */
const MOST_TRIALS = 10_000_000;

function sizeProblems(sweep: Sweep): SpecProblem[] | undefined {
  const { trials, combinations } = spaceOf(sweep);
  if (trials <= MOST_TRIALS && (combinations < 2 ** 31 || !Number.isFinite(combinations))) {
    return undefined;
  }
  const count = Math.max(trials, Number.isFinite(combinations) ? combinations : 0);
  return [
    {
      code: "SPEC_INVALID_VALUE",
      path: ["parameters"],
      message: `have ${count.toLocaleString("en")} combinations, and ${MOST_TRIALS.toLocaleString("en")} trials are the most; take values out, or give ranges and run_cap.`,
    },
  ];
}
