// The JSON Schema of a sweep's file, for completion, checking and help in editors. The spec in it is
// what spec.schema.json says, which lies beside it.

import { writtenJsonSchema } from "../spec/json-schema.ts";
import { METHODS, parameterSchema, sweepSchema } from "./sweep-schema.ts";

type Schema = Readonly<Record<string, unknown>>;

export function sweepJsonSchema(): Schema {
  const { properties, ...sweep } = writtenJsonSchema(sweepSchema) as {
    readonly properties: Readonly<Record<string, Schema>>;
  };
  return {
    ...sweep,
    properties: {
      ...properties,
      spec: {
        ...properties.spec,
        anyOf: [{ type: "string" }, { $ref: "./spec.schema.json" }],
      },
      // Lists of variants may be made of a sweep with bayes; trained is none.
      method: { ...properties.method, enum: METHODS.filter((method) => method !== "bayes") },
      metric: withWords(properties.metric),
      parameters: { ...properties.parameters, ...PARAMETERS },
    },
    $defs: { parameter: parameterForms() },
  };
}

/** Any spelling is read; these are offered. */
function withWords({ properties, ...metric }: Schema): Schema {
  const { name, ...rest } = properties as Readonly<Record<string, Schema>>;
  const { type, ...described } = name;
  const words = { enum: ["loss", "accuracy", "val_loss", "val_accuracy"] };
  return { ...metric, properties: { name: { ...described, anyOf: [words, { type }] }, ...rest } };
}

/** What is varied most, of all that may be (targets.ts). */
export const USUAL_PARAMETERS: Readonly<Record<string, string>> = {
  learning_rate: "Learning rate of the optimizer.",
  batch_size: "Rows per optimizer step.",
  epochs: "Passes over the training rows.",
  optimizer: "Name of the optimizer: adam, sgd, rmsprop, ...",
  momentum: "Of the optimizer sgd; a when keeps it from the others.",
  weight_decay: "Decoupled weight decay of the optimizer.",
  loss: "Name of the loss.",
  units: "Units of all hidden dense layers.",
  activation: "Activation of all hidden layers.",
  dropout: "Rate of all dropout layers.",
  l2: "L2 penalty of the kernels.",
  "model.layers.0.units": "Units of one layer: any place of the spec may be varied.",
};

const PARAMETER = { $ref: "#/$defs/parameter" };

const PARAMETERS: Schema = {
  properties: Object.fromEntries(
    Object.entries(USUAL_PARAMETERS).map(([name, description]) => [
      name,
      { description, ...PARAMETER },
    ]),
  ),
  additionalProperties: PARAMETER,
};

/** A list of values, one value, values or a range in full, or parameters in a parameter. */
function parameterForms(): Schema {
  const { $schema: _, ...full } = writtenJsonSchema(parameterSchema);
  const nested = {
    type: "object",
    properties: {
      parameters: {
        type: "object",
        description: "Parameters whose names begin with this one's.",
        additionalProperties: PARAMETER,
      },
    },
    required: ["parameters"],
  };
  return {
    anyOf: [
      { type: "array", items: {}, minItems: 1 },
      { type: ["string", "number", "boolean", "null"] },
      full,
      nested,
    ],
  };
}
