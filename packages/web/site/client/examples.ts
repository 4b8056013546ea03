// The networks behind the element's names for causes, for a page that changes one. Loaded as a script
// and not as a module, which a page from a folder on disk could not load.

import { causeExample } from "@convergence-lab/core";

export interface ExamplesGlobal {
  convergenceLabExamples?: { readonly causeExample: typeof causeExample };
}

(globalThis as ExamplesGlobal).convergenceLabExamples = { causeExample };
