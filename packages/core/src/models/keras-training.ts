// What `compile` was given, in the words of a spec's `train`. Epochs, batch size, class weights and
// callbacks are arguments of `fit`, which no file of Keras keeps.

import type * as z from "zod/mini";
import { OPTIMIZER_CLASSES, pythonName, SCHEDULE_CLASSES } from "../spec/keras-names.ts";
import { learningRateSchema } from "../spec/learning-rate-schedule.ts";
import { optimizerSchema } from "../spec/optimizers.ts";
import { schemaProblems } from "../spec/schema-problems.ts";
import { LOSSES, lossSchema, type SpecInput } from "../spec/spec.ts";
import { unsupported } from "./errors.ts";
import {
  type Fields,
  isCustom,
  isFields,
  kerasObject,
  letters,
  plainNumber,
  plainSettings,
  shown,
  wordFinder,
} from "./keras-objects.ts";

/** Where a setting is wrong is said with the file's name; notes are sentences. */
export interface TrainingReader {
  readonly file: string;
  note(says: string): void;
}

export function readTraining(written: Fields, reader: TrainingReader): Partial<SpecInput["train"]> {
  const { loss, optimizer = written.optimizer_config, metrics } = written;
  noteMetrics(metrics ?? written.weighted_metrics, reader);
  if (isFields(written.loss_weights) || Array.isArray(written.loss_weights)) {
    reader.note("its loss_weights are left out: there is one loss.");
  }
  return {
    ...((loss ?? null) === null ? {} : { loss: lossOf(loss, reader) }),
    ...((optimizer ?? null) === null ? {} : optimizerOf(optimizer, reader)),
  };
}

const LOSS_SETTINGS = ["fromLogits", "labelSmoothing", "gamma", "alpha", "applyClassBalancing"];

const lossWord = wordFinder(LOSSES, { mse: "meanSquaredError", mae: "meanAbsoluteError" });

function lossOf(written: unknown, reader: TrainingReader): z.input<typeof lossSchema> {
  // A list or a mapping of losses, one per output, has one here.
  if (Array.isArray(written) && written.length === 1) return lossOf(written[0], reader);
  if (isFields(written) && written.class_name === undefined) {
    const losses = Object.values(written);
    if (losses.length === 1) return lossOf(losses[0], reader);
  }
  const object = kerasObject(written);
  const name = object && !isCustom(written) ? lossWord(object.className) : undefined;
  if (object === undefined || name === undefined) {
    throw unsupported(
      reader.file,
      `its loss is ${shown(written)}, which a spec cannot say; it knows ${LOSSES.join(", ")}. Compile the model with one of these, or write the spec by hand.`,
    );
  }
  const { reduction, ignore_class: ignored, ...config } = object.config;
  if (typeof reduction === "string" && !/^(auto|sum_over_batch_size|mean)$/.test(reduction)) {
    reader.note(
      `its loss has the reduction ${shown(reduction)}; here it is the mean over the batch.`,
    );
  }
  if ((ignored ?? null) !== null) reader.note("its loss ignores a class; here every class counts.");
  return settingsOf(lossSchema, { name }, LOSS_SETTINGS, config, reader);
}

const optimizerWord = wordFinder(
  Object.keys(OPTIMIZER_CLASSES) as (keyof typeof OPTIMIZER_CLASSES)[],
);

/** Of TensorFlow's wrappers, the optimizer inside. */
function unwrapped(written: unknown): unknown {
  const inner = kerasObject(written)?.config.inner_optimizer;
  return inner === undefined ? written : inner;
}

function optimizerOf(
  wrapped: unknown,
  reader: TrainingReader,
): Pick<SpecInput["train"], "optimizer" | "learningRate"> {
  const written = unwrapped(wrapped);
  const object = kerasObject(written);
  // "Custom>Adam" is how TensorFlow 2.11 names its own.
  const plain = object?.className.replace(/^Custom>|Optimizer$/g, "");
  const name = plain && !isCustom(written) ? optimizerWord(plain) : undefined;
  if (object === undefined || name === undefined) {
    throw unsupported(
      reader.file,
      `its optimizer is ${shown(written)}, which a spec cannot say; it knows ${Object.values(OPTIMIZER_CLASSES).join(", ")}. Compile the model with one of these, or write the spec by hand.`,
    );
  }
  const { config } = object;
  for (const [key, says] of LEFT_OUT) {
    if (config[key]) reader.note(`its optimizer's ${key} is left out: ${says}.`);
  }
  const keys = Object.keys(optimizerSchema.parse(name)).concat(CLIPPING);
  const optimizer = settingsOf(optimizerSchema, { name }, keys, config, reader);
  const rate = learningRateOf(config, reader);
  return { optimizer, ...rate };
}

const CLIPPING = ["clipNorm", "clipValue", "globalClipNorm"];

const LEFT_OUT = [
  ["use_ema", "weights are not averaged"],
  ["gradient_accumulation_steps", "every batch is a step"],
  ["loss_scale_factor", "everything is computed in float32"],
] as const;

function learningRateOf(
  config: Fields,
  reader: TrainingReader,
): Pick<SpecInput["train"], "learningRate"> {
  const written = config.learning_rate ?? config.lr ?? config.learningRate;
  if ((written ?? null) === null) return {};
  if (typeof written !== "number") return { learningRate: scheduleOf(written, reader) };
  const rate = plainNumber(written) as number;
  // Keras 2's `decay`, per step.
  const { decay } = config;
  if (typeof decay !== "number" || decay === 0) return { learningRate: rate };
  return {
    learningRate: {
      schedule: "inverseTime",
      initial: rate,
      decaySteps: 1,
      decayRate: plainNumber(decay) as number,
    },
  };
}

const scheduleWord = wordFinder(
  Object.keys(SCHEDULE_CLASSES),
  Object.fromEntries(Object.entries(SCHEDULE_CLASSES).map(([word, name]) => [name, word])),
);

function scheduleOf(written: unknown, reader: TrainingReader): SpecInput["train"]["learningRate"] {
  const object = kerasObject(written);
  const schedule = object && !isCustom(written) ? scheduleWord(object.className) : undefined;
  if (object === undefined || schedule === undefined) {
    throw unsupported(
      reader.file,
      `its learning rate is ${shown(written)}, which a spec cannot say; it knows a number and ${Object.values(SCHEDULE_CLASSES).join(", ")}.`,
    );
  }
  return settingsOf(
    learningRateSchema,
    { schedule },
    SCHEDULE_SETTINGS[schedule],
    object.config,
    reader,
  );
}

const SCHEDULE_SETTINGS: Readonly<Record<string, readonly string[]>> = {
  piecewiseConstant: ["boundaries", "values"],
  exponential: ["initial", "decaySteps", "decayRate", "staircase"],
  inverseTime: ["initial", "decaySteps", "decayRate", "staircase"],
  polynomial: ["initial", "decaySteps", "end", "power", "cycle"],
  cosine: ["initial", "decaySteps", "alpha", "warmupTarget", "warmupSteps"],
  cosineRestarts: ["initial", "firstDecaySteps", "tMul", "mMul", "alpha"],
};

/** The settings among `keys`, by Keras's names or a spec's; the schema says whether they fit. */
function settingsOf<Schema extends z.ZodMiniType>(
  schema: Schema,
  named: Readonly<Record<string, string>>,
  keys: readonly string[],
  config: Fields,
  { file }: TrainingReader,
): z.input<Schema> {
  const byName = new Map(Object.entries(plainSettings(config)).map(([k, v]) => [letters(k), v]));
  const present = keys.flatMap((key) => {
    const value = byName.get(letters(pythonName(key))) ?? byName.get(letters(key));
    return value === undefined ? [] : [[key, value] as const];
  });
  const written = { ...Object.fromEntries(present), ...named };
  const parsed = schema.safeParse(written, { reportInput: true });
  if (parsed.success) return written as z.input<Schema>;
  const [{ path, message }] = schemaProblems(schema, parsed.error, written);
  const setting = path.map((key) => pythonName(String(key))).join(".");
  throw unsupported(file, `${setting} of ${Object.values(named)[0]} ${message}`);
}

function noteMetrics(written: unknown, reader: TrainingReader): void {
  const flat = [written].flat(3);
  const others = flat.filter((metric) => {
    const name = kerasObject(metric)?.className;
    return name !== undefined && !/acc(uracy)?$/i.test(name);
  });
  if (others.length === 0) return;
  reader.note(
    `its metrics ${others.map(shown).join(", ")} are left out: loss and accuracy are measured.`,
  );
}
