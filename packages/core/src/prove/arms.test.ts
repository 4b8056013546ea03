import { expect, test } from "vitest";
import { lintSpec } from "../../test/lint-case.ts";
import { changeOf, suspectOf } from "../../test/suspect-of.ts";
import type { Change } from "../causes/change.ts";
import { resolveVariants } from "../spec/resolve-variants.ts";
import { distinct, makeArm, partOf } from "./arms.ts";

const [variant] = resolveVariants(lintSpec());
const { epochs } = variant.train;

/** More epochs, unless somebody has seen to that. */
const ifFew: Change = {
  id: "epochs",
  make: ({ train }) =>
    train.epochs > epochs
      ? undefined
      : changeOf("epochs", { train: { epochs: 2 * epochs } }).make(variant),
};

const part = (change: Change) => partOf(suspectOf("optimizer", 3, { changes: [change] }));

const many = part(changeOf("many", { train: { epochs: 3 * epochs } }));
const rate = part(changeOf("rate", { train: { learningRate: 0.05 } }));

test("a part that does nothing beside the others is none", () => {
  const arm = makeArm([many, part(ifFew), rate], variant)!;
  expect(arm.parts).toEqual([many, rate]);
  expect(arm.intervention.id).toBe("many + rate");
  expect(makeArm([part(ifFew), many], variant)!.parts).toHaveLength(2);
});

test("changes that do nothing, or only undo each other, are no arm", () => {
  const back = part(changeOf("back", { train: { epochs } }));
  expect(makeArm([], variant)).toBeUndefined();
  expect(makeArm([many, back], variant)).toBeUndefined();
});

test("one network is one arm, by the fewest parts that make it", () => {
  const few = makeArm([many], variant)!;
  const more = makeArm([part(ifFew), many], variant)!;
  expect(distinct([more, few])).toEqual([few]);
});
