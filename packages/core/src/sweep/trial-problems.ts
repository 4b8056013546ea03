// Whether a spec can say the trials of a sweep: every value once, and trials spread over all of
// them. A combination that only some trial far out has is found when that trial is made.

import { shown } from "../models/keras-objects.ts";
import { printPath, SpecError, type SpecPath, type SpecProblem } from "../spec/errors.ts";
import { paramsText } from "./params-text.ts";
import { everyValue, spreadTrials } from "./samples.ts";
import type { Params } from "./space.ts";
import type { Sweep } from "./sweep.ts";
import { Misplaced, targetOf } from "./targets.ts";
import { specWith } from "./trial-spec.ts";

export function trialProblems(sweep: Sweep): SpecProblem[] {
  const problems = new Map<string, SpecProblem>();
  const attempt = (params: Params) => {
    for (const problem of problemsOf(sweep, params)) {
      const key = `${printPath(problem.path)} ${problem.message}`;
      if (!problems.has(key)) problems.set(key, withTrial(problem, params));
    }
  };
  for (const params of everyValue(sweep)) attempt(params);
  // What is wrong with a value is not told again with every trial that has it.
  if (problems.size === 0) for (const params of spreadTrials(sweep)) attempt(params);
  return [...problems.values()].slice(0, MOST_TOLD);
}

/** More say the same. */
const MOST_TOLD = 20;

function problemsOf(sweep: Sweep, params: Params): SpecProblem[] {
  try {
    specWith(sweep.spec, params);
    return [];
  } catch (error) {
    if (error instanceof Misplaced) {
      const path = ["parameters", error.parameter];
      return [{ code: "SPEC_INVALID_VALUE", path, message: error.message }];
    }
    if (!(error instanceof SpecError)) throw error;
    return error.problems.map((problem) => ofParameter(problem, params));
  }
}

/** A problem of a trial's spec as one of the parameter that leads to its place, if one does. */
function ofParameter({ code, path, message }: SpecProblem, params: Params): SpecProblem {
  const name = Object.keys(params)
    .filter((each) => isWithin(path, targetOf(each)!.path))
    .sort((a, b) => targetOf(b)!.path.length - targetOf(a)!.path.length)[0];
  const problem = `${printPath(path)} ${message}`;
  if (name === undefined) {
    const told = `have the trial ${paramsText(params)}, with which ${problem}`;
    return { code, path: ["parameters"], message: told };
  }
  const told = `has ${shown(params[name])}, with which ${problem}`;
  return { code, path: ["parameters", name], message: told };
}

/** What only some trials can have shows beside what else the trial is. */
function withTrial(problem: SpecProblem, params: Params): SpecProblem {
  if (problem.code !== "SPEC_UNKNOWN_KEY") return problem;
  const where = ` The trial is ${paramsText(params)}; a parameter that is not for every trial needs a condition: when.`;
  return { ...problem, message: problem.message + where };
}

function isWithin(path: SpecPath, outer: SpecPath): boolean {
  return outer.every((key, i) => String(key) === String(path[i]));
}
