// What the pages are made of: documents, experiments and diagnoses, all read and computed.

import { readdirSync } from "node:fs";
import { CAUSES, type CauseId, causeExample, type SpecInput } from "@convergence-lab/core";
import { articleStatements, type Statement } from "./experiments/article.ts";
import { fixtureTables } from "./experiments/fixture-tables.ts";
import { type Document, type PageOfDocument, readDocument } from "./render/markdown.ts";
import { inRepository, readText } from "./repository.ts";
import { type ComputeOptions, computeResults } from "./results/compute-results.ts";
import type { Job, JobResult } from "./results/job.ts";

export interface SiteContent {
  /** By their paths in the repository. */
  readonly documents: ReadonlyMap<string, Document>;
  readonly pages: PageOfDocument;
  readonly statements: readonly Statement[];
  /** Of every experiment of the statements, by its id. */
  readonly experiments: ReadonlyMap<string, JobResult>;
  /** A faulty network for every cause, as the element has it under that name. */
  readonly examples: ReadonlyMap<CauseId, SpecInput>;
  /** Of every example, by its cause. */
  readonly diagnoses: ReadonlyMap<CauseId, JobResult>;
}

/** Folders of documents, and where their pages stand. */
const FOLDERS = [
  { from: "docs/causes", to: "causes" },
  { from: "docs/checks", to: "checks" },
  { from: "docs", to: "guides" },
  { from: "bench/results", to: "measurements" },
] as const;

export async function siteContent(options: ComputeOptions): Promise<SiteContent> {
  const pages = new Map<string, string>();
  for (const { from, to } of FOLDERS) {
    const names = readdirSync(inRepository(from)).filter((name) => name.endsWith(".md"));
    for (const name of names.sort()) {
      pages.set(`${from}/${name}`, `${to}/${name.replace(/md$/, "html")}`);
    }
  }
  const documents = new Map(
    [...pages.keys()].map((path) => [path, readDocument(path, readText(path))]),
  );
  const tables = await fixtureTables();
  const statements = articleStatements(tables);
  const examples = new Map(CAUSES.map((cause) => [cause, causeExample(cause)]));
  const experiments = statements.flatMap((statement) => statement.experiments);
  const jobs: Record<string, Job> = Object.fromEntries([
    ...experiments.map(({ id, source, asksSignal = false }) => [
      id,
      { kind: "experiment", source, asksSignal },
    ]),
    ...[...examples].map(([cause, source]) => [`cause ${cause}`, { kind: "diagnosis", source }]),
  ]);
  const results = await computeResults(jobs, options);
  return {
    documents,
    pages,
    statements,
    experiments: new Map(experiments.map(({ id }) => [id, results[id]])),
    examples,
    diagnoses: new Map(CAUSES.map((cause) => [cause, results[`cause ${cause}`]])),
  };
}
