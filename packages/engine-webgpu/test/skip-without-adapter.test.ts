import { expect, test } from "vitest";
import { skipWithoutAdapter } from "./skip-without-adapter.ts";

test.each([{ CI: "true" }, { CI: "1" }, { REQUIRE_GPU: "1" }, { CI: "false", REQUIRE_GPU: "1" }])(
  "%j makes no adapter a failure",
  (env) => {
    expect(() => skipWithoutAdapter(false, env)).toThrow("there is no WebGPU adapter");
  },
);

test.each([{}, { CI: "" }, { CI: "false", REQUIRE_GPU: "0" }])("%j lets it be a skip", (env) => {
  expect(skipWithoutAdapter(false, env)).toBe(true);
});

test("with an adapter nothing is skipped", () => {
  expect(skipWithoutAdapter(true, {})).toBe(false);
  expect(skipWithoutAdapter(true, { CI: "true" })).toBe(false);
});
