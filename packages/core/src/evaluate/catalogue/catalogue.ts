// The catalogue: recurring cases of public question threads and issue trackers, each as a data recipe,
// a faulty network and the change that mends it. Most concern tables; images, sequences and words are
// dense analogues, and say so in their titles. Case 36, another engine that computes nonsense, is no
// spec: `clab verify` answers it.

import type { BenchmarkCase } from "../benchmark-case.ts";
import { withChanges } from "../case-spec.ts";
import { caseOf } from "./case-of.ts";
import { HEAD_CASES } from "./heads.ts";
import { INPUT_CASES } from "./inputs.ts";
import { TRAINING_CASES } from "./training.ts";

/** Every case in the order of its number, and behind it its healthy twin as a control. */
export function catalogueCases(): BenchmarkCase[] {
  const cases = [...INPUT_CASES, ...HEAD_CASES, ...TRAINING_CASES].map(caseOf);
  return cases
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .flatMap((faulty) => [faulty, ...twinOf(faulty)]);
}

/** Wrong labels that the rows are drawn with, whatever the network is. */
function staysInTwin({ code, severity }: BenchmarkCase["faults"][number]): boolean {
  return code === "LABEL_NOISE" && severity === "contributing";
}

/** The case with its fix made; none where no change of the network mends it, or nothing is faulty. */
export function twinOf(faulty: BenchmarkCase): BenchmarkCase[] {
  if (faulty.control || faulty.fix.length === 0) return [];
  return [
    {
      ...withChanges(faulty, faulty.fix),
      id: `${faulty.id}-twin`,
      title: `${faulty.title}: mended`,
      faults: [{ code: "NONE", severity: "root" }, ...faulty.faults.filter(staysInTwin)],
      fix: [],
      control: true,
      oracleFix: undefined,
    },
  ];
}
