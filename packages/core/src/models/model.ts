// A network as it was read from a file, in the words of a spec, with what the file says of its
// training and with its weights.

import type { ModelWeights } from "../compile/initial-weights.ts";
import type { SpecInput } from "../spec/spec.ts";

export type ModelFormat = "keras" | "h5" | "keras-json" | "tfjs" | "scikit-learn";

export interface ImportedModel {
  readonly format: ModelFormat;
  /** The network's own name. */
  readonly name: string;
  /** The shape of a row. Absent: the file does not say. */
  readonly inputShape?: readonly number[];
  readonly model: SpecInput["model"];
  /** What the file says of training; nothing for a model that was never compiled. */
  readonly train: Partial<SpecInput["train"]>;
  /** What a layer of the file does to the columns before the network sees them. */
  readonly preprocess: NonNullable<SpecInput["data"]["preprocess"]>;
  /** What in the file counts for nothing here, a sentence each. */
  readonly notes: readonly string[];
  /** Absent: the file holds none. */
  readonly weights?: ModelWeights;
}

/** Gives a file that lies beside the model, by its name in it; undefined when there is none. */
export type Sibling = (name: string) => Uint8Array | undefined;
