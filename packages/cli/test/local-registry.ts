// A registry of packages on the loopback address: this repository's as they would be published, and
// what they need as it is installed here. npm and Deno install from it as from any other, and nothing
// is asked of the network.

import { execFile } from "node:child_process";
import { cpSync, existsSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { root, temporaryFolder } from "./clab.ts";

const execute = promisify(execFile);

export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

export interface Registry {
  readonly url: string;
  close(): void;
}

/** The file that `pnpm publish` would send, of a package of this repository; it lies in the folder. */
export async function packed(name: string, folder: string): Promise<string> {
  const { packageManager } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const args = ["--yes", packageManager, "pack", "--json", "--pack-destination", folder];
  const cwd = join(root, "packages", name);
  const { stdout } = await execute("npx", args, { cwd });
  return join(folder, basename(JSON.parse(stdout).filename));
}

/** What is in a packed package, by its path below the root of the package. */
export async function listed(tarball: string): Promise<string[]> {
  const { stdout } = await execute("tar", ["-tzf", tarball], { maxBuffer: 1 << 26 });
  return stdout
    .trimEnd()
    .split("\n")
    .map((path) => path.replace(/^package\//, ""));
}

export async function packedManifest(tarball: string): Promise<Manifest & Record<string, unknown>> {
  const { stdout } = await execute("tar", ["-xzOf", tarball, "package/package.json"]);
  return JSON.parse(stdout);
}

/** @param tarballs Of this repository's packages. */
export async function startRegistry(tarballs: readonly string[]): Promise<Registry> {
  const packages = new Map<string, Map<string, Held>>();
  const hold = (held: Held) => {
    const { name, version } = held.manifest;
    const versions = packages.get(name) ?? new Map<string, Held>();
    packages.set(name, versions.set(version, held));
  };
  for (const file of tarballs) {
    const manifest = await packedManifest(file);
    hold({ manifest, tarball: async () => readFileSync(file) });
    const folder = join(root, "packages", basename(manifest.name));
    holdNeeded(folder, manifest, hold);
  }
  const server = createServer(async (request, response) => {
    const [, name, version] = /^\/((?:@[^/]+\/)?[^/@]+)(?:\/-\/(.+)\.tgz)?$/.exec(
      decodeURIComponent(request.url!),
    )!;
    const versions = packages.get(name);
    const held = version === undefined ? undefined : versions?.get(version);
    if (held !== undefined) response.end(await held.tarball());
    else if (versions !== undefined) response.end(JSON.stringify(packument(url, versions)));
    else response.writeHead(404).end("{}");
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return { url, close: () => server.close() };
}

interface Held {
  readonly manifest: Manifest;
  tarball(): Promise<Buffer>;
}

/** What npm asks for of a name: its versions, of which the last is the latest. */
function packument(url: string, versions: ReadonlyMap<string, Held>): object {
  const described = [...versions].map(([version, { manifest }]) => {
    const tarball = `${url}${manifest.name}/-/${version}.tgz`;
    return [version, { ...manifest, dist: { tarball } }];
  });
  const [{ manifest }] = versions.values();
  const latest = [...versions.keys()].at(-1);
  return { name: manifest.name, "dist-tags": { latest }, versions: Object.fromEntries(described) };
}

/** Holds what a package needs, and what that needs, as pnpm has installed it. */
function holdNeeded(folder: string, manifest: Manifest, hold: (held: Held) => void): void {
  const seen = new Set<string>();
  const visit = (from: string, needing: Manifest) => {
    const { dependencies, optionalDependencies, peerDependencies } = needing;
    const names = Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies });
    for (const name of names) {
      const place = placeOf(name, from);
      if (place === undefined || seen.has(place) || !place.includes("node_modules")) continue;
      seen.add(place);
      const own = installedManifest(place);
      hold({ manifest: own, tarball: () => tarballOf(place) });
      visit(place, own);
    }
  };
  visit(folder, manifest);
}

/** Without what is for other platforms, which is not installed here. */
function installedManifest(place: string): Manifest {
  const manifest = JSON.parse(readFileSync(join(place, "package.json"), "utf8")) as Manifest;
  const optional = Object.entries(manifest.optionalDependencies ?? {});
  const here = optional.filter(([name]) => placeOf(name, place) !== undefined);
  return { ...manifest, optionalDependencies: Object.fromEntries(here) };
}

/** Where a package finds another, if it does; packages of this repository lie outside of node_modules. */
function placeOf(name: string, from: string): string | undefined {
  for (let folder = from; folder !== dirname(folder); folder = dirname(folder)) {
    const place = join(folder, "node_modules", name);
    if (existsSync(place)) return realpathSync(place);
  }
  return undefined;
}

/** Of a copy, because pnpm links files that are alike, and an archive would hold the links. */
async function tarballOf(place: string): Promise<Buffer> {
  const copy = temporaryFolder();
  cpSync(place, join(copy, "package"), { recursive: true });
  const { stdout } = await execute("tar", ["-cf", "-", "-C", copy, "package"], {
    encoding: "buffer",
    maxBuffer: 1 << 30,
  });
  rmSync(copy, { recursive: true });
  // It goes to the next process and no further.
  return gzipSync(stdout, { level: 1 });
}
