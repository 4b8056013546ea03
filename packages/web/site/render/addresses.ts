// Addresses on the site. A body writes them from the root, as `site:/causes/outliers.html`; the
// layout makes them relative, so that the site works under any path and from a folder on disk.

import { posix } from "node:path";

/** The address of a page or a file of the site, to be written into a body. */
export function address(path: string): string {
  return `site:/${path}`;
}

/** Every address in an attribute, as seen from a page. */
export function relativeTo(page: string, source: string): string {
  return source.replaceAll(
    /((?:href|src)=")site:\/([^"#]*)/g,
    (_, attribute: string, path: string) => attribute + relativePath(page, path),
  );
}

function relativePath(page: string, path: string): string {
  return posix.relative(posix.dirname(page), path) || posix.basename(path);
}
