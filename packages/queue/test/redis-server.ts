// A real redis-server for a test: its own process, on a free port of the loopback address.

import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";

/** Whether tests of the queue are skipped here; under CI or REQUIRE_REDIS they run and fail instead. */
export const isRedisMissing =
  !process.env.CI &&
  !process.env.REQUIRE_REDIS &&
  !(process.env.PATH ?? "")
    .split(delimiter)
    .some((folder) => existsSync(join(folder, "redis-server")));

export interface RedisServer {
  readonly url: string;
  /** Of what it was started with. */
  readonly certificate: string | undefined;
  stop(): Promise<void>;
}

export interface RedisServerOptions {
  readonly password?: string;
  /** With a certificate that it signed itself, made for this server. */
  readonly tls?: boolean;
}

export async function startRedis(options: RedisServerOptions = {}): Promise<RedisServer> {
  const { password, tls = false } = options;
  const folder = mkdtempSync(join(tmpdir(), "clab-redis-"));
  const port = await freePort();
  const certificate = tls ? join(folder, "certificate.pem") : undefined;
  const args = [
    ["--bind", "127.0.0.1"],
    ["--save", ""],
    ["--dir", folder],
    ["--maxmemory-policy", "noeviction"],
    tls ? ["--port", "0", "--tls-port", String(port)] : ["--port", String(port)],
    tls ? certificateOptions(folder) : [],
    password === undefined ? [] : ["--requirepass", password],
  ].flat();
  const server = spawn("redis-server", args, { stdio: ["ignore", "pipe", "inherit"] });
  const closed = new Promise<void>((resolve) => server.on("close", () => resolve()));
  await new Promise<void>((resolve, reject) => {
    server.on("error", reject);
    createInterface({ input: server.stdout }).on("line", (line) => {
      if (line.includes("Ready to accept connections")) resolve();
    });
    closed.then(() => reject(new Error(`redis-server ended: ${args.join(" ")}`)));
  });
  const user = password === undefined ? "" : `:${encodeURIComponent(password)}@`;
  return {
    url: `${tls ? "rediss" : "redis"}://${user}127.0.0.1:${port}`,
    certificate,
    async stop() {
      server.kill("SIGKILL");
      await closed;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function certificateOptions(folder: string): string[] {
  const [key, certificate] = ["key.pem", "certificate.pem"].map((name) => join(folder, name));
  const args =
    "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=clab-test -addext subjectAltName=IP:127.0.0.1";
  execFileSync("openssl", [...args.split(" "), "-keyout", key, "-out", certificate], {
    stdio: "ignore",
  });
  return [
    ...["--tls-key-file", key, "--tls-cert-file", certificate],
    ...["--tls-ca-cert-file", certificate, "--tls-auth-clients", "no"],
  ];
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
