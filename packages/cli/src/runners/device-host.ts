// A started host: the adapter that it found, and the engine on it once it is opened.

import { connectEngine, type Engine, type EngineInfo } from "@convergence-lab/core";
import type { AdapterReport } from "@convergence-lab/engine-webgpu";
import { CliError } from "../errors.ts";
import type { Hello, HostedEngineOptions } from "../hosts/engine-host.ts";
import type { Connection } from "./connection.ts";
import type { Driver, Runner } from "./runner.ts";

export class DeviceHost {
  readonly adapter: AdapterReport | null;
  readonly versions: EngineInfo["versions"];
  readonly #connection: Connection;

  private constructor(connection: Connection, hello: Hello) {
    this.#connection = connection;
    this.adapter = hello.adapter;
    this.versions = hello.versions;
  }

  static async start(runner: Runner, program: string, driver: Driver): Promise<DeviceHost> {
    const connection = await runner.connect(program, driver);
    const hello = await new Promise<Hello>((resolve, reject) => {
      connection.onMessage((message) => resolve(message as Hello));
      connection.onClose(() => reject(lostError(connection)));
    }).catch(async (error) => {
      await connection.close();
      throw error;
    });
    return new DeviceHost(connection, hello);
  }

  /** The engine, after its self-check; disposing of it ends the host. */
  async openEngine(options: HostedEngineOptions): Promise<Engine> {
    const connection = this.#connection;
    const engine = await sayingWhy(connection, () => connectEngine(connection, options));
    return {
      ...engine,
      async *train(plan, datasets, trainOptions) {
        try {
          yield* engine.train(plan, datasets, trainOptions);
        } catch (error) {
          throw connection.lost === undefined ? error : lostError(connection);
        }
      },
      replay: (recording) => sayingWhy(connection, () => engine.replay(recording)),
      // The device ends with its process or page.
      dispose: () => this.close(),
    };
  }

  close(): Promise<void> {
    return this.#connection.close();
  }
}

async function sayingWhy<T>(connection: Connection, use: () => Promise<T>): Promise<T> {
  try {
    return await use();
  } catch (error) {
    throw connection.lost === undefined ? error : lostError(connection);
  }
}

function lostError(connection: Connection): CliError {
  return new CliError(
    "CLI_HOST_LOST",
    `the engine is gone; run it again, or use --engine cpu. ${connection.lost}`,
  );
}
