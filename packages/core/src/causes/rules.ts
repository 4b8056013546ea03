// The rule of every cause; docs/causes has a page for each.

import type { CauseId } from "./cause.ts";
import type { CauseRule } from "./rule.ts";
import { DATA_RULES } from "./rules/data.ts";
import { NETWORK_RULES } from "./rules/network.ts";
import { TRAINING_RULES } from "./rules/training.ts";

export const CAUSE_RULES: Readonly<Record<CauseId, CauseRule>> = {
  ...DATA_RULES,
  ...NETWORK_RULES,
  ...TRAINING_RULES,
};
