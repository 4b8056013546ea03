import { expect, test } from "vitest";
import { type LintCase, lintSpec } from "../../test/lint-case.ts";
import { changeOf, suspectOf } from "../../test/suspect-of.ts";
import { loadDatasets } from "../compile/compile.ts";
import { resolveVariants, type SpecPatch } from "../spec/resolve-variants.ts";
import { singleArms } from "./arms.ts";
import { Budget } from "./budget.ts";

const WIDE = { model: { layers: [{ units: 512 }, { units: 512 }, { units: 1 }] } };

function budgetOf(network: LintCase | undefined, patches: readonly SpecPatch[]) {
  const spec = lintSpec(network);
  const [dataset] = loadDatasets(spec).values();
  const [variant] = resolveVariants(spec);
  const changes = patches.map((patch, i) => changeOf(`change-${i}`, patch));
  const arms = singleArms([suspectOf("optimizer", 3, { changes })], variant);
  return { budget: new Budget(variant, { dataset, isLucky: false }), arms };
}

const CHEAP = { train: { learningRate: 0.05 } };

test("an arm is dear by itself, and every arm of a dear network is", () => {
  const { budget, arms } = budgetOf(undefined, [CHEAP, WIDE]);
  expect(arms.map((arm) => budget.isDear(arm))).toEqual([false, true]);
  expect(budget.equallyDear(arms)).toEqual([[arms[0]], [arms[1]]]);
  const { layers } = WIDE.model;
  const dear = budgetOf({ layers }, [CHEAP]);
  expect(dear.budget.isDear(dear.arms[0])).toBe(true);
});

test("fewer go on where one is dear, and fewer pairs are trained of it", () => {
  const { budget, arms } = budgetOf(undefined, [CHEAP, WIDE]);
  const [cheap, dear] = arms;
  expect(budget.fieldsOf(arms).second).toBeLessThan(budget.fieldsOf([cheap]).second);
  const pairs = (arm: typeof cheap) => {
    const { seeds, folds } = budget.pairsOf([arm], 1, true);
    return seeds.length * folds!.length;
  };
  expect([pairs(cheap), pairs(dear)]).toEqual([4, 2]);
  budget.countOnLuck();
  expect([pairs(cheap), pairs(dear)]).toEqual([8, 4]);
});

test("what nobody notices is counted over all arms", () => {
  const { budget, arms } = budgetOf(undefined, [CHEAP, WIDE]);
  expect(budget.isQuick([arms[0]])).toBe(true);
  expect(budget.isQuick(arms)).toBe(false);
  expect(budget.isUnnoticed([arms[0]], 1)).toBe(true);
  expect(budget.isUnnoticed([arms[0]], 1e6)).toBe(false);
});
