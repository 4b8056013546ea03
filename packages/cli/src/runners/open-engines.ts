// Several engines at once, one in each runtime that was asked for, each in a host of its own.

import { createPoolEngine, type Engine, type EngineInfo } from "@convergence-lab/core";
import { CliError } from "../errors.ts";
import { type EngineRequest, openEngine } from "./open-engine.ts";
import { type RuntimeOptions, runtimesOf } from "./runtimes.ts";

export interface EnginesRequest extends Omit<EngineRequest, "runtime">, RuntimeOptions {}

/**
 * At least one engine. One that runs in this process is opened once, whatever was asked for: it has
 * every core already.
 *
 * @throws CliError CLI_NO_ADAPTER when only some of the runtimes have an adapter.
 */
export async function openEngines(
  { runtime, ...request }: EnginesRequest,
  open: (request: EngineRequest) => Promise<Engine> = openEngine,
): Promise<Engine[]> {
  const [first, ...others] = runtimesOf({ ...request, runtime });
  const engines = [await open({ ...request, runtime: first })];
  if (runsHere(engines[0])) return engines;
  const opened = await Promise.allSettled(
    others.map((each) => open({ ...request, runtime: each })),
  );
  for (const each of opened) if (each.status === "fulfilled") engines.push(each.value);
  try {
    for (const each of opened) if (each.status === "rejected") throw each.reason;
    requireOneEngine(engines.map(({ info }) => info));
    return engines;
  } catch (error) {
    await Promise.all(engines.map((engine) => engine.dispose()));
    throw error;
  }
}

/** One engine that shares what it trains over all runtimes that were asked for. */
export async function openSharedEngine(request: EnginesRequest): Promise<Engine> {
  const engines = await openEngines(request);
  if (engines.length === 1) return engines[0];
  return {
    ...createPoolEngine(engines, sharedInfo(engines.map(({ info }) => info))),
    async prepare(plan) {
      const prepared = engines.map(async (engine) => (await engine.prepare?.(plan)) ?? engine.info);
      const infos = await Promise.all(prepared);
      requireOneEngine(infos);
      return sharedInfo(infos);
    },
  };
}

/** The numbers of two engines do not mix; those of one engine in two runtimes do. */
function requireOneEngine(infos: readonly EngineInfo[]): void {
  const [one] = infos;
  const other = infos.find(({ name }) => name !== one.name);
  if (other === undefined) return;
  throw new CliError(
    "CLI_NO_ADAPTER",
    `the runtimes of --runtime have different engines, ${one.name} (${one.reason}) and ${other.name} (${other.reason}), whose numbers do not mix. Leave one out.`,
  );
}

function sharedInfo(infos: readonly EngineInfo[]): EngineInfo {
  return {
    ...infos[0],
    adapter: adaptersOf(infos),
    versions: Object.assign({}, ...infos.map(({ versions }) => versions)),
  };
}

/** "Some GPU, 2 hosts" */
export function adaptersOf(infos: readonly EngineInfo[]): string {
  const adapters = [...new Set(infos.map(({ adapter }) => adapter))].join(" and ");
  return infos.length === 1 ? adapters : `${adapters}, ${infos.length} hosts`;
}

/** The cpu engine, and tfjs without a GPU. */
function runsHere({ info }: Engine): boolean {
  return info.name === "cpu" || /^tfjs (wasm|cpu)/.test(info.adapter);
}
