import { expect, test } from "vitest";
import { CAUSES } from "../causes/cause.ts";
import { compile, loadDatasets } from "../compile/compile.ts";
import { trainableSpec } from "../run-diagnosis.ts";
import { parseSpec } from "../spec/parse-spec.ts";
import { causeExample } from "./cause-examples.ts";

test.each(CAUSES)("the example of %s can be diagnosed", (cause) => {
  const spec = parseSpec(causeExample(cause), { allowUntrainable: true });
  const trained = trainableSpec(spec, new Map());
  const plan = compile(trained, loadDatasets(trained));
  expect(spec.name).toBe(cause);
  expect(plan.runs).toHaveLength(10);
  expect(spec.title).not.toContain("healthy");
});
