// The site on the loopback address, for looking at it and for its tests.

import { createReadStream, statSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { extname, join, normalize, sep } from "node:path";

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
};

export interface ServeOptions {
  /** 0: any that is free. */
  readonly port: number;
  /** What every path starts with: "/" or "/some/folder/". */
  readonly base?: string;
  /** A content policy beside the pages' own. */
  readonly policy?: string;
}

export async function serve(
  folder: string,
  { port, base = "/", policy }: ServeOptions,
): Promise<Server> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url!, "http://localhost");
    const file = fileOf(folder, base, decodeURIComponent(pathname));
    if (file === undefined) {
      response.writeHead(404, { "content-type": "text/plain" }).end("There is no such page.\n");
      return;
    }
    if (policy !== undefined) response.setHeader("content-security-policy", policy);
    response.setHeader("content-type", TYPES[extname(file)] ?? "application/octet-stream");
    createReadStream(file).pipe(response);
  });
  await new Promise<void>((resolve, reject) => {
    server.on("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return server;
}

function fileOf(folder: string, base: string, path: string): string | undefined {
  if (!path.startsWith(base)) return undefined;
  const file = normalize(join(folder, path.slice(base.length)));
  if (file !== normalize(folder) && !file.startsWith(normalize(folder) + sep)) return undefined;
  const stats = statSync(file, { throwIfNoEntry: false });
  if (stats?.isFile()) return file;
  const index = join(file, "index.html");
  return statSync(index, { throwIfNoEntry: false })?.isFile() ? index : undefined;
}
