// Which engine `auto` chooses on a real GPU. The host is in this process, and what it finds is said.

import { type Engine, serveEngine } from "@convergence-lab/core";
import { createReferenceEngine } from "@convergence-lab/core/reference";
import { GpuError } from "@convergence-lab/engine-webgpu";
import { expect, test } from "vitest";
import type { HostedEngineOptions } from "../hosts/engine-host.ts";
import { connectionOf, Inbox } from "./connection.ts";
import { openEngine } from "./open-engine.ts";
import type { Runner } from "./runner.ts";

type Opened = HostedEngineOptions["engine"];

const named = (name: Engine["info"]["name"], reason: string): Engine => {
  const engine = createReferenceEngine({ reason });
  return { ...engine, info: { ...engine.info, name } };
};

/** A GPU on which these engines compute wrong numbers. */
function gpuWithWrong(...wrong: readonly Opened[]): Runner {
  return {
    runtime: "node",
    label: "the test",
    missing: "nothing",
    find: () => "a program",
    async connect() {
      const toClient = new Inbox();
      const toHost = new Inbox();
      const send = (line: string) => toHost.receive(line);
      const client = connectionOf(toClient, send, async () => {});
      const host = connectionOf(
        toHost,
        (line) => toClient.receive(line),
        async () => {},
      );
      host.post({ versions: {}, adapter: { name: "Some GPU", isSoftware: false } });
      serveEngine(host, async (options) => {
        const { engine, reason } = options as HostedEngineOptions;
        if (!wrong.includes(engine)) return named(engine, reason);
        throw new GpuError(
          "GPU_SELF_CHECK_FAILED",
          `Some GPU computes wrong numbers in ${engine}.`,
        );
      });
      return client;
    },
  };
}

const opened = (runner: Runner) =>
  openEngine(
    { engine: "auto", runtime: "node" },
    { runner, openCpu: async (reason) => named("cpu", reason) },
  );

test("kernels that compute right run", async () => {
  const { info } = await opened(gpuWithWrong());
  expect(info).toMatchObject({ name: "webgpu", reason: "Some GPU passed the self-check." });
});

test("where they do not, TensorFlow.js runs, and the reason says why", async () => {
  const { info } = await opened(gpuWithWrong("webgpu"));
  expect(info).toMatchObject({
    name: "tfjs",
    reason: "Some GPU computes wrong numbers in webgpu. So TensorFlow.js trains on it.",
  });
});

test("where that does not either, the cpu runs, and the reason names both", async () => {
  const { info } = await opened(gpuWithWrong("webgpu", "tfjs"));
  expect(info).toMatchObject({
    name: "cpu",
    reason:
      "Some GPU computes wrong numbers in webgpu. With TensorFlow.js: Some GPU computes wrong numbers in tfjs.",
  });
});

test("an engine that was asked for is not replaced by another", async () => {
  const means = { runner: gpuWithWrong("webgpu"), openCpu: () => expect.unreachable() };
  await expect(openEngine({ engine: "webgpu", runtime: "node" }, means)).rejects.toMatchObject({
    code: "CLI_NO_ADAPTER",
  });
});
