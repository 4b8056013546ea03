// Who gets which task, and what becomes of it when an engine is lost; with engines that only count.

import type { Engine } from "@convergence-lab/core";
import { expect, test } from "vitest";
import { CliError } from "../errors.ts";
import { EnginePool } from "./engine-pool.ts";

interface Counting extends Engine {
  disposed: number;
}

function counting(adapter: string): Counting {
  return {
    info: { name: "webgpu", adapter, reason: "test", versions: {} },
    disposed: 0,
    async dispose() {
      this.disposed++;
    },
    train: () => expect.unreachable(),
    replay: () => expect.unreachable(),
  };
}

const tick = () => new Promise((resolve) => setTimeout(resolve, 1));

test("an engine has one task at a time, and every engine works", async () => {
  const engines = ["a", "b"].map(counting);
  const pool = new EnginePool(engines, () => expect.unreachable());
  const busy = new Set<Engine>();
  const used = new Map<Engine, number>();
  await Promise.all(
    Array.from({ length: 10 }, () =>
      pool.use(async (engine) => {
        expect(busy).not.toContain(engine);
        busy.add(engine);
        used.set(engine, (used.get(engine) ?? 0) + 1);
        await tick();
        busy.delete(engine);
      }),
    ),
  );
  expect(new Set(used.keys())).toEqual(new Set(engines));
  expect([...used.values()].reduce((a, b) => a + b)).toBe(10);
});

test("a task whose engine is lost goes to another, and the engine leaves", async () => {
  const [broken, sound] = ["broken", "sound"].map(counting);
  const lost: string[] = [];
  const pool = new EnginePool([sound, broken], (engine) => lost.push(engine.info.adapter));
  const results = await Promise.all(
    [1, 2, 3].map((task) =>
      pool.use(async (engine) => {
        await tick();
        if (engine === broken) throw new CliError("CLI_HOST_LOST", "it died");
        return task;
      }),
    ),
  );
  expect(results).toEqual([1, 2, 3]);
  expect(lost).toEqual(["broken"]);
  expect(pool.size).toBe(1);
  expect([broken.disposed, sound.disposed]).toEqual([1, 0]);
  await pool.dispose();
  expect([broken.disposed, sound.disposed]).toEqual([1, 1]);
});

test("the last engine stays, and its loss is told", async () => {
  const pool = new EnginePool([counting("only")], () => expect.unreachable());
  const fails = () => Promise.reject(new CliError("CLI_HOST_LOST", "it died"));
  await expect(pool.use(fails)).rejects.toMatchObject({ code: "CLI_HOST_LOST" });
  await expect(pool.use(async () => "again")).resolves.toBe("again");
});

test("another error is the task's own, and the engine goes on", async () => {
  const pool = new EnginePool(["a", "b"].map(counting), () => expect.unreachable());
  await expect(pool.use(() => Promise.reject(new Error("wrong")))).rejects.toThrow("wrong");
  expect(pool.size).toBe(2);
  await expect(Promise.all([1, 2].map((n) => pool.use(async () => n)))).resolves.toEqual([1, 2]);
});
