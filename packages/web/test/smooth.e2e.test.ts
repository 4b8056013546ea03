// A page that trains stays smooth: what its main thread is busy with, in processor time of that thread,
// which no other program of the machine adds to. Clock time would measure the machine.

import { afterAll, beforeAll, expect, test } from "vitest";
import { eventsOf, LabBrowser, labTag, smallSpec, untilTold } from "./lab-page.ts";

/**
 * Share of the time that the main thread may be busy, and the longest that it may be in one go. It rests
 * ten times as long as a picture takes (view/pace.ts), which is less than a tenth, beside messages and
 * events. A task of more than 50 ms is a long one by the Long Tasks API; twice that is for slow machines.
 */
const MOST_BUSY = 0.25;
const LONGEST_MS = 100;
const WATCHED_MS = 4000;
const LEAST_TOLD = 20;

let lab: LabBrowser;

beforeAll(async () => {
  lab = await LabBrowser.start();
});

afterAll(() => lab.close());

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds since the browser started. */
  readonly ts: number;
  /** Of clock time. */
  readonly dur: number;
  /** Of processor time of the thread; browsers leave it out where it rounds to 0. */
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

test.each(["cpu", "webgpu"])("the main thread has time while %s trains", async (engine) => {
  const train = { loss: "binaryCrossentropy", epochs: 20_000, batchSize: 8 };
  const spec = smallSpec({ train, seeds: { training: 24 } });
  const { page, errors, close } = await lab.open(labTag(spec, `autoplay engine="${engine}"`));
  await untilTold(page, "lab-progress", 3);
  await lab.browser.startTracing(page, { categories: ["toplevel", "__metadata"] });
  const { length: told } = await eventsOf(page, "lab-progress");
  await page.waitForTimeout(WATCHED_MS);
  // A task each, which on a slow machine takes longer than that to come.
  await untilTold(page, "lab-progress", told + LEAST_TOLD);
  const trace = JSON.parse((await lab.browser.stopTracing()).toString());
  const isTraining = await page.getByRole("button", { name: "Stop" }).isVisible();
  expect([isTraining, errors]).toEqual([true, []]);
  await close();

  const { busy, longest, count } = ofMainThread(trace.traceEvents);
  console.log(
    `${engine}: ${count} tasks, ${(100 * busy).toFixed(1)}% busy, the longest ${longest.toFixed(1)} ms`,
  );
  expect(count).toBeGreaterThan(LEAST_TOLD);
  expect(busy).toBeLessThan(MOST_BUSY);
  expect(longest).toBeLessThan(LONGEST_MS);
});

/** Tasks of the page's renderer: of its main threads the one that was busiest. */
function ofMainThread(events: readonly TraceEvent[]) {
  const thread = ({ pid, tid }: TraceEvent) => `${pid} ${tid}`;
  const mains = events.filter(
    ({ name, args }) => name === "thread_name" && args?.name === "CrRendererMain",
  );
  const times = events.map(({ ts }) => ts).filter((ts) => ts > 0);
  const watched = (Math.max(...times) - Math.min(...times)) / 1000;
  const measured = mains.map((main) => {
    const tasks = events
      .filter(({ name, ph }) => name === "ThreadControllerImpl::RunTask" && ph === "X")
      .filter((event) => thread(event) === thread(main))
      .map(({ dur, tdur = dur }) => tdur / 1000);
    const total = tasks.reduce((sum, ms) => sum + ms, 0);
    return { busy: total / watched, longest: Math.max(...tasks), count: tasks.length };
  });
  return measured.reduce((a, b) => (b.busy > a.busy ? b : a));
}
