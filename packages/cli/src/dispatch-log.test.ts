import { expect, test } from "vitest";
import { dispatchLine } from "./dispatch-log.ts";

const dispatch = { kind: "dispatch", kernel: "20-4-1 adam batch 32, tier L", ms: 98.06 } as const;

test("a line says what was launched for how many networks", () => {
  const launches = [
    { entryPoint: "launch_forward0", workgroups: 32, times: 25 },
    { entryPoint: "launch_moveOn", workgroups: 1, times: 1 },
  ];
  expect(dispatchLine({ ...dispatch, networks: 4, batches: 25, launches })).toBe(
    "20-4-1 adam batch 32, tier L: 4 networks x 25 batches: 25 x launch_forward0 in 128 workgroups, launch_moveOn in 4 workgroups (98.1 ms)",
  );
  expect(dispatchLine({ ...dispatch, networks: 1, batches: 1, launches: [] })).toContain(
    ": 1 network x 1 batch: ",
  );
});
