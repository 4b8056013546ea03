// The module worker of one core.

import { serveCpu } from "./serve-cpu.ts";

serveCpu();
