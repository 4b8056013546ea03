import { expect, test } from "vitest";
import { runtimesOf } from "./runtimes.ts";

test.each([
  [{}, ["node"]],
  [{ runtime: "deno" }, ["deno"]],
  [{ runtime: "node,deno" }, ["node", "deno"]],
  [{ runtime: "chrome*2, node" }, ["chrome", "chrome", "node"]],
  [{ browserUrl: "http://127.0.0.1:9222" }, ["chrome"]],
  [{ browserUrl: "wss://lab:9222/?token=1", runtime: "chrome*2" }, ["chrome", "chrome"]],
])("%j is %j", (options, runtimes) => {
  expect(runtimesOf(options)).toEqual(runtimes);
});

test.each([
  [{ runtime: "chrom" }, '--runtime is "chrom"; it names node, deno, chrome'],
  [{ runtime: "" }, '--runtime is ""'],
  [{ runtime: "node*0" }, '--runtime is "node*0"'],
  [{ runtime: "node*1000" }, '--runtime is "node*1000"'],
  [{ runtime: "node", browserUrl: "http://lab:9222" }, "--browser-url is for --runtime chrome"],
  [{ browserUrl: "9222" }, "--browser-url is no address"],
  [{ browserUrl: "file:///etc/passwd" }, "--browser-url is no address"],
])("%j is refused", (options, says) => {
  expect(() => runtimesOf(options)).toThrow(says);
});
