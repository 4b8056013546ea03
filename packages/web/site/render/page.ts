// A page of the site as its makers see it: what it is called and what stands in it.

import type { Html } from "./html.ts";

export interface Page {
  /** On the site: "causes/outliers.html". */
  readonly path: string;
  readonly title: string;
  /** For search engines: one or two sentences. */
  readonly description: string;
  /** The entry of the navigation that it belongs to; null: the home page. */
  readonly section: SectionId | null;
  /** What <main> holds, the page's only h1 among it. */
  readonly body: Html;
  /** Pages of the same kind. */
  readonly siblings?: Siblings;
}

export interface Siblings {
  readonly title: string;
  readonly links: readonly Link[];
}

export interface Link {
  readonly path: string;
  readonly title: string;
}

export const SECTIONS = [
  { id: "article", title: "The article, tested", path: "article.html" },
  { id: "causes", title: "Causes", path: "causes/index.html" },
  { id: "checks", title: "Checks", path: "checks/index.html" },
  { id: "guides", title: "Guides", path: "guides/index.html" },
  { id: "playground", title: "Playground", path: "playground.html" },
  { id: "benchmark", title: "Benchmark", path: "benchmark.html" },
] as const;

export type SectionId = (typeof SECTIONS)[number]["id"];
