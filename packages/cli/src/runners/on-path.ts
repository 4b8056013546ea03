// A program as a shell would find it.

import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

export function programName(name: string): string {
  return process.platform === "win32" ? `${name}.exe` : name;
}

export function onPath(name: string): string | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter);
  return folders.map((folder) => join(folder, programName(name))).find((path) => existsSync(path));
}
