// The presets by name, without what they hold.

import { CAUSES } from "@convergence-lab/core";

export const ARTICLE_NAMES = ["article-1", "article-2", "article-3"] as const;

/** The article's experiments, and a faulty network for every cause. */
export const PRESETS: readonly string[] = [...ARTICLE_NAMES, ...CAUSES];
