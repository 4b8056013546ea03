// Where things lie in the repository.

import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const ROOT = resolve(import.meta.dirname, "../../..");

export function inRepository(path: string): string {
  return join(ROOT, path);
}

export function readText(path: string): string {
  return readFileSync(inRepository(path), "utf8");
}
