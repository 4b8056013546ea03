import { describe, expect, test } from "vitest";
import { parseSet } from "./set-option.ts";

test.each<[string, object]>([
  ["a.b=1,2,3", { values: [1, 2, 3] }],
  ["a.b=0.1", { values: [0.1] }],
  ["a.b=adam, sgd", { values: ["adam", "sgd"] }],
  ["a.b=null,true", { values: [null, true] }],
  ["a.b={ name: sgd, momentum: 0.9 },adam", { values: [{ name: "sgd", momentum: 0.9 }, "adam"] }],
  ["a.b=[1, 2],[3]", { values: [[1, 2], [3]] }],
  ["a.b=log(1e-4,1,5)", { values: [0.0001, 0.001, 0.01, 0.1, 1] }],
  ["a.b=log(1e-4, 1)", { distribution: "log_uniform_values", min: 1e-4, max: 1 }],
  ["a.b=lin(0,1,5)", { values: [0, 0.25, 0.5, 0.75, 1] }],
  ["a.b=uniform(-1,1)", { distribution: "uniform", min: -1, max: 1 }],
  ["a.b=int(1,9)", { distribution: "int_uniform", min: 1, max: 9 }],
  ["a.b=normal(0,0.1)", { distribution: "normal", mu: 0, sigma: 0.1 }],
])("%s", (text, written) => {
  expect(parseSet(text)).toEqual(["a.b", written]);
});

describe("mistakes", () => {
  test.each([
    ["a.b", "sets nothing"],
    ["=1", "sets nothing"],
    ["a.b=", "sets nothing"],
    ["a.b=[1", "is no list of values"],
    ["a.b=logs(1,2)", "there is no logs(...); there are log(least,most)"],
    ["a.b=toString(1,2)", "there is no toString"],
    ["a.b=log(1)", "write log(least,most)"],
    ["a.b=log(1,,3)", "write log(least,most)"],
    ["a.b=log(0,1,3)", "a logarithm needs numbers above 0"],
    ["a.b=lin(0,1,1)", "the count is 1"],
    ["a.b=lin(0,1,2.5)", "the count is 2.5"],
  ])("%s", (text, message) => {
    expect(() => parseSet(text)).toThrow(message);
  });
});
