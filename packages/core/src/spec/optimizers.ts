// The optimizers with Keras 3's names, defaults and common settings; formulas stand in
// docs/training-semantics.md.

import * as z from "zod/mini";
import { named } from "./shorthand.ts";

export const OPTIMIZERS = [
  "sgd",
  "adam",
  "adamw",
  "nadam",
  "adamax",
  "rmsprop",
  "adagrad",
  "adadelta",
  "lion",
] as const;

const positive = z.number().check(z.positive());
const share = z.number().check(z.minimum(0), z.lt(1));

const name = <Name extends (typeof OPTIMIZERS)[number]>(value: Name, what: string) =>
  z.literal(value).check(z.describe(what));

const epsilon = z
  ._default(positive, 1e-7)
  .check(z.describe("Keeps the division by the gradient's size from being one by 0."));
const momentum = z
  ._default(share, 0)
  .check(z.describe("Share of the last step that is taken again."));
const rho = (usual: number) =>
  z._default(share, usual).check(z.describe("Share of the old mean square that a step keeps."));
const weightDecay = z
  .number()
  .check(
    z.minimum(0),
    z.describe("Decoupled decay: w -= learning rate x this x w before each update (weight_decay)."),
  );

/** What every optimizer of Keras takes. */
const common = {
  weightDecay: z._default(weightDecay, 0),
  clipValue: z
    .optional(positive)
    .check(
      z.describe("Each gradient is clipped to [-this, this] (Keras: clipvalue). Absent: not."),
    ),
  clipNorm: z
    .optional(positive)
    .check(
      z.describe(
        "Each tensor's gradient is scaled down to this norm (Keras: clipnorm). Absent: not.",
      ),
    ),
  globalClipNorm: z
    .optional(positive)
    .check(
      z.describe(
        "All gradients together are scaled down to this norm (Keras: global_clipnorm). Absent: not.",
      ),
    ),
};

const betas = {
  beta1: z
    ._default(share, 0.9)
    .check(z.describe("Share of the old mean gradient kept (Keras: beta_1).")),
  beta2: z
    ._default(share, 0.999)
    .check(z.describe("Share of the old mean square kept (Keras: beta_2).")),
  epsilon,
};

const amsgrad = z
  ._default(z.boolean(), false)
  .check(z.describe("Divides by the largest mean square so far (Reddi et al. 2018)."));

/** A name for Keras's defaults, or an object with the settings. */
export const optimizerSchema = named(
  OPTIMIZERS,
  z.discriminatedUnion("name", [
    z.strictObject({
      name: name("sgd", "Gradient descent, with momentum if it is set."),
      momentum,
      nesterov: z
        ._default(z.boolean(), false)
        .check(z.describe("Whether the gradient counts as if the momentum's step were taken.")),
      ...common,
    }),
    z.strictObject({ name: name("adam", "Kingma and Ba 2015."), ...betas, amsgrad, ...common }),
    z.strictObject({
      name: name("adamw", "Adam with decoupled weight decay (Loshchilov and Hutter 2019)."),
      ...betas,
      amsgrad,
      ...common,
      weightDecay: z._default(weightDecay, 0.004),
    }),
    z.strictObject({ name: name("nadam", "Adam with Nesterov momentum."), ...betas, ...common }),
    z.strictObject({
      name: name("adamax", "Adam with the largest gradient for the mean square."),
      ...betas,
      ...common,
    }),
    z.strictObject({
      name: name("rmsprop", "Gradients over the root of their mean square."),
      rho: rho(0.9),
      momentum,
      epsilon,
      centered: z
        ._default(z.boolean(), false)
        .check(z.describe("Whether the squared mean gradient is taken off the mean square.")),
      ...common,
    }),
    z.strictObject({
      name: name("adagrad", "Gradients over the root of the sum of their squares."),
      initialAccumulator: z
        ._default(z.number().check(z.minimum(0)), 0.1)
        .check(
          z.describe("What the sum of squares starts with (Keras: initial_accumulator_value)."),
        ),
      epsilon,
      ...common,
    }),
    z.strictObject({
      name: name("adadelta", "Zeiler 2012: steps in units of the last steps."),
      rho: rho(0.95),
      epsilon,
      ...common,
    }),
    z.strictObject({
      name: name("lion", "Chen et al. 2023: the sign of a mean gradient."),
      beta1: z
        ._default(share, 0.9)
        .check(z.describe("Share of the mean in the step's sign (Keras: beta_1).")),
      beta2: z
        ._default(share, 0.99)
        .check(z.describe("Share of the old mean kept (Keras: beta_2).")),
      ...common,
    }),
  ]),
);
