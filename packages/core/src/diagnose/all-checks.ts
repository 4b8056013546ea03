// All checks of a recorded training, in the order in which findings of one severity are listed.

import type { Check } from "./check.ts";
import { deadUnits } from "./checks/dead-units.ts";

export const DIAGNOSE_CHECKS: readonly Check[] = [deadUnits];
