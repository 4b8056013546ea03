// Variants of a case, trained on fresh seeds and judged on the rows that its yardstick names.

import type { Engine } from "../engine/engine.ts";
import type { SpecPatch } from "../spec/resolve-variants.ts";
import type { BenchmarkCase, BenchmarkFile } from "./benchmark-case.ts";
import { caseSpec } from "./case-spec.ts";
import { yardstickOf } from "./score-case.ts";
import { type TrainedArm, trainArms } from "./train-arms.ts";

export interface Judge {
  readonly engine: Engine;
  readonly generators: BenchmarkFile["generators"];
}

export type Patches = Readonly<Record<string, SpecPatch>>;
export type TrainedArms = Readonly<Record<string, TrainedArm>>;

export interface JudgedArmsOptions {
  readonly seeds: number;
  /** Of the seeds of the rows; 0, the default: the rows as the case has them. */
  readonly offset?: number;
  /** Absent: what the case's yardstick names. */
  readonly judgedOn?: "test" | "training";
}

export function judgedArms(
  subject: BenchmarkCase,
  patches: Patches,
  { engine, generators }: Judge,
  { seeds, offset = 0, judgedOn = judgedRows(subject) }: JudgedArmsOptions,
): Promise<TrainedArms> {
  const source = caseSpec(subject, generators, { judgedOn, offset });
  return trainArms(source, judgedOn === "test" ? patches : withoutSplits(patches), engine, seeds);
}

/** A network without a test part, or whose yardstick is its training, is judged on what it saw. */
export function judgedRows(subject: BenchmarkCase): "test" | "training" {
  return yardstickOf(subject) === "trainAccuracy" || !subject.data.split ? "training" : "test";
}

/** Judged on its training rows a network has its part to be judged on already. */
function withoutSplits(patches: Patches): Patches {
  return Object.fromEntries(
    Object.entries(patches).map(([name, { data, ...rest }]) => {
      const { split: _, ...others } = (data ?? {}) as Record<string, unknown>;
      return [name, { ...rest, data: others }];
    }),
  );
}
