import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Pace } from "./pace.ts";

const FRAME_MS = 16;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  vi.stubGlobal("requestAnimationFrame", (frame: () => void) => setTimeout(frame, FRAME_MS));
  vi.stubGlobal("cancelAnimationFrame", clearTimeout);
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("any number of calls before a frame is one picture, and a rest of ten times as long follows", () => {
  const pace = new Pace();
  let drawn = 0;
  const picture = () => {
    vi.advanceTimersByTime(20);
    drawn++;
  };
  for (let call = 0; call < 5; call++) pace.draw(picture);
  vi.advanceTimersByTime(FRAME_MS + 1);
  expect(drawn).toBe(1);
  pace.draw(picture);
  vi.advanceTimersByTime(190);
  expect(drawn).toBe(1);
  vi.advanceTimersByTime(FRAME_MS + 30);
  expect(drawn).toBe(2);
});

test.each([
  ["for its time", 0],
  ["for its frame", 1],
])("what waits %s when it stops is not drawn, and nothing waits any more", (_, ms) => {
  const pace = new Pace();
  pace.draw(() => expect.unreachable());
  vi.advanceTimersByTime(ms);
  pace.stop();
  expect(vi.getTimerCount()).toBe(0);
  let drawn = 0;
  pace.draw(() => drawn++);
  vi.advanceTimersByTime(FRAME_MS + 1);
  expect(drawn).toBe(1);
});
