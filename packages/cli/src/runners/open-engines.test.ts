import type { Engine } from "@convergence-lab/core";
import { expect, test } from "vitest";
import type { EngineRequest } from "./open-engine.ts";
import { openEngines } from "./open-engines.ts";

/** What each runtime gives, and which engines were opened and closed. */
function opener(names: Readonly<Record<string, Engine["info"]["name"] | "none">>) {
  const open: string[] = [];
  const opening = async ({ runtime }: EngineRequest): Promise<Engine> => {
    const name = names[runtime];
    if (name === "none") throw new Error(`nothing in ${runtime}`);
    open.push(runtime);
    return {
      info: { name, adapter: "Some GPU", reason: `${runtime} said so`, versions: {} },
      dispose: async () => void open.splice(open.indexOf(runtime), 1),
      train: () => expect.unreachable(),
      replay: () => expect.unreachable(),
    };
  };
  return { open, opening };
}

const AUTO = { engine: "auto" } as const;

test("every runtime has an engine of its own", async () => {
  const { open, opening } = opener({ node: "webgpu", chrome: "webgpu" });
  const engines = await openEngines({ ...AUTO, runtime: "node,chrome*2" }, opening);
  expect(engines).toHaveLength(3);
  expect(open).toEqual(["node", "chrome", "chrome"]);
});

test("the cpu engine is opened once, because it has all cores", async () => {
  const { open, opening } = opener({ node: "cpu" });
  expect(await openEngines({ ...AUTO, runtime: "node*3" }, opening)).toHaveLength(1);
  expect(open).toEqual(["node"]);
});

test("two engines do not mix, and neither stays open", async () => {
  const { open, opening } = opener({ node: "webgpu", deno: "cpu" });
  const opened = openEngines({ ...AUTO, runtime: "node,deno" }, opening);
  await expect(opened).rejects.toMatchObject({
    code: "CLI_NO_ADAPTER",
    message: expect.stringContaining("webgpu (node said so) and cpu (deno said so)"),
  });
  expect(open).toEqual([]);
});

test("where one runtime gives nothing, none stays open", async () => {
  const { open, opening } = opener({ node: "webgpu", deno: "none" });
  await expect(openEngines({ ...AUTO, runtime: "node,deno" }, opening)).rejects.toThrow(
    "nothing in deno",
  );
  expect(open).toEqual([]);
});
