// Experiments by name: the article's, and a faulty network for every cause.

import { CAUSES, type CauseId, didYouMean, type SpecInput } from "@convergence-lab/core";
import { ARTICLES } from "./articles.ts";
import { ARTICLE_NAMES, PRESETS } from "./preset-names.ts";

/** @throws RangeError for a name that is none */
export async function presetSpec(name: string): Promise<SpecInput> {
  const article = ARTICLE_NAMES.find((known) => known === name);
  if (article !== undefined) return ARTICLES[article];
  if (!CAUSES.includes(name as CauseId)) {
    throw new RangeError(
      `"${name}" is no preset.${didYouMean(name, PRESETS)} There are article-1 to article-3, and the name of every cause.`,
    );
  }
  return (await import("./causes.ts")).causeExample(name as CauseId);
}
