// Where several engines run: what --runtime and --browser-url say.

import { CliError } from "../errors.ts";
import { RUNTIMES, type Runtime, runtimeHere } from "./runner.ts";

/** More hosts on one machine than this are a slip of the finger. */
const MAX_HOSTS = 64;

export interface RuntimeOptions {
  /** "node,deno", "chrome*2"; absent: the runtime of this process, or Chrome with a `browserUrl`. */
  readonly runtime?: string | undefined;
  /** Of a Chrome that runs already, and lets others drive it. */
  readonly browserUrl?: string | undefined;
}

/**
 * The runtimes that engines are opened in, one engine for each.
 *
 * @throws CliError CLI_USAGE
 */
export function runtimesOf({ runtime, browserUrl }: RuntimeOptions): Runtime[] {
  if (browserUrl !== undefined) checkBrowserUrl(browserUrl);
  if (runtime === undefined) return [browserUrl === undefined ? runtimeHere() : "chrome"];
  const runtimes = runtime.split(",").flatMap((part) => {
    const [, name, times = "1"] = /^(\w+)(?:\*(\d+))?$/.exec(part.trim()) ?? [];
    const count = Number(times);
    if (!RUNTIMES.includes(name as Runtime) || count < 1 || count > MAX_HOSTS) {
      throw usage(
        `--runtime is "${runtime}"; it names ${RUNTIMES.join(", ")}, several with commas between them, and chrome*2 for two of one.`,
      );
    }
    return Array<Runtime>(count).fill(name as Runtime);
  });
  if (browserUrl !== undefined && runtimes.some((each) => each !== "chrome")) {
    throw usage(`--browser-url is for --runtime chrome, and --runtime is "${runtime}".`);
  }
  return runtimes;
}

function checkBrowserUrl(text: string): void {
  const protocol = URL.canParse(text) ? new URL(text).protocol : "";
  if (["http:", "https:", "ws:", "wss:"].includes(protocol)) return;
  throw usage(
    "--browser-url is no address; it is what Chrome was started with, such as http://127.0.0.1:9222 for --remote-debugging-port=9222.",
  );
}

function usage(message: string): CliError {
  return new CliError("CLI_USAGE", message);
}
