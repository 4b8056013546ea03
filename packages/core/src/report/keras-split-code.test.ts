import { expect, test } from "vitest";
import { splitterCode } from "./keras-split-code.ts";

const plain = { kind: "inline" as const, rows: [[1]], labels: [0] };
const grouped = { ...plain, groups: ["a"] };
const split = { testSize: 0.2, randomState: 7, stratify: false };

test.each([
  [split, plain, undefined],
  [
    split,
    grouped,
    "next(GroupShuffleSplit(n_splits=1, test_size=0.2, random_state=7).split(x, y, groups=groups))",
  ],
  [{ ...split, folds: 5 }, plain, "next(KFold(5, shuffle=True, random_state=7).split(x, y))"],
  [{ ...split, folds: 5, shuffle: false }, plain, "next(KFold(5).split(x, y))"],
  [
    { ...split, folds: 5, stratify: true },
    plain,
    "next(StratifiedKFold(5, shuffle=True, random_state=7).split(x, y))",
  ],
  [{ ...split, folds: 5 }, grouped, "next(GroupKFold(5).split(x, y, groups=groups))"],
])("%j", (of, source, code) => {
  expect(splitterCode(of, source)).toBe(code);
});
