import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { pollByTimer } from "./poll-by-timer.ts";

const { setImmediate } = globalThis;

beforeEach(() => pollByTimer());
afterEach(() => {
  globalThis.setImmediate = setImmediate;
  vi.restoreAllMocks();
});

test("an addon is called by timer", async () => {
  const byTimer = vi.spyOn(globalThis, "setTimeout");
  const called = new Promise<void>((resolve) => {
    // Without a name and without a text, as what an addon gives.
    globalThis.setImmediate(new Proxy(() => resolve(), {}));
  });
  expect(byTimer).toHaveBeenCalledTimes(1);
  await called;
});

test("whoever has a text is called in the same turn, with what was given", async () => {
  const byTimer = vi.spyOn(globalThis, "setTimeout");
  const given = await new Promise((resolve) => {
    globalThis.setImmediate((...words: unknown[]) => resolve(words), "one", "two");
  });
  expect(given).toEqual(["one", "two"]);
  expect(byTimer).not.toHaveBeenCalled();
});

test("nothing else of setImmediate is lost", () => {
  expect(Object.getOwnPropertySymbols(globalThis.setImmediate)).toEqual(
    Object.getOwnPropertySymbols(setImmediate),
  );
});
