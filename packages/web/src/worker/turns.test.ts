import type { Engine, Plan, TraceEvent } from "@convergence-lab/core";
import { expect, test } from "vitest";
import { Gate, inTurn, Turns } from "./turns.ts";

/** An engine that tells numbers, and of which two must never work at the same time. */
function counting(log: string[], busy: { now: number }): Engine {
  return {
    info: { name: "cpu", adapter: "", reason: "", versions: {} },
    async *train(plan) {
      const name = plan as unknown as string;
      try {
        for (let stepsDone = 1; stepsDone <= 3; stepsDone++) {
          if (++busy.now > 1) throw new Error("two at a time");
          await new Promise((resolve) => setTimeout(resolve, 1));
          busy.now--;
          log.push(`${name}${stepsDone}`);
          yield { kind: "progress", stepsDone, stepsTotal: 3 };
        }
      } finally {
        log.push(`${name} ends`);
      }
    },
    replay: async () => [],
    dispose: async () => {},
  };
}

async function all(events: AsyncIterable<TraceEvent>): Promise<number> {
  let told = 0;
  for await (const _ of events) told++;
  return told;
}

test("trainings take turns and none waits for the other's end", async () => {
  const log: string[] = [];
  const engine = counting(log, { now: 0 });
  const turns = new Turns();
  const run = (name: string) =>
    all(inTurn(engine, turns, new Gate()).train(name as unknown as Plan, []));
  expect(await Promise.all([run("a"), run("b")])).toEqual([3, 3]);
  expect(log.slice(0, 4)).toEqual(["a1", "b1", "a2", "b2"]);
});

test("a closed gate holds up its own training alone, and a broken one leaves the turn", async () => {
  const log: string[] = [];
  const engine = counting(log, { now: 0 });
  const turns = new Turns();
  const gate = new Gate();
  gate.close();
  const held = all(inTurn(engine, turns, gate).train("held" as unknown as Plan, []));
  await all(inTurn(engine, turns, new Gate()).train("free" as unknown as Plan, []));
  expect(log).toEqual(["free1", "free2", "free3", "free ends"]);
  gate.open();
  expect(await held).toBe(3);
  for await (const _ of inTurn(engine, turns, gate).train("left" as unknown as Plan, [])) break;
  expect(log.at(-1)).toBe("left ends");
  await expect(turns.take(async () => "next")).resolves.toBe("next");
});
