import { expect, test } from "vitest";
import { afterInterventions, lintLines, normalRows, signLabels } from "../../../test/lint-case.ts";

const rows = normalRows(240);
const preprocess = ["standardize"];

test.each([
  [
    "all",
    "standardize is fitted on all rows, the test part included, so its scores are not those of unseen rows.",
  ],
  [
    "each",
    "standardize is fitted on each part by itself, so the same value means one thing in training and another in the test.",
  ],
])("a scaler fitted on %s", (fitOn, says) => {
  const change = { rows, labels: signLabels(rows), data: { preprocess, fitOn } };
  expect(lintLines("test-part-in-scaler", change)).toEqual([`warning at data.fitOn: ${says}`]);
  expect(afterInterventions("test-part-in-scaler", change)).toEqual({ "fit-on-train": [] });
});

test.each([
  ["fitted on the training part", { preprocess }],
  ["nothing to fit", { preprocess: ["signedLog"], fitOn: "all" }],
  ["no test part", { preprocess, fitOn: "all", split: undefined }],
])("%s is no finding", (_, data) => {
  expect(lintLines("test-part-in-scaler", { rows, data })).toEqual([]);
});
