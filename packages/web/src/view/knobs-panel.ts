// The knobs as native controls, named and in the order of a compile and fit.

import { field, h, options } from "./dom.ts";
import { type Knobs, readKnobs, withKnob } from "./knobs.ts";

const ACTIVATIONS = ["relu", "leakyReLU", "elu", "tanh", "sigmoid", "swish", "gelu", "linear"];
const OPTIMIZERS = ["adam", "sgd", "rmsprop", "adamw", "nadam", "adagrad"];

interface NumberKnob {
  readonly name: keyof Knobs;
  readonly label: string;
  readonly min: number;
  readonly max: number;
  readonly step: number | "any";
}

// The bounds are the spec's own, but for widths and depths of which no page would see the end.
const NUMBERS: readonly NumberKnob[] = [
  { name: "learningRate", label: "Learning rate", min: 0, max: 100, step: "any" },
  { name: "layers", label: "Hidden layers", min: 0, max: 12, step: 1 },
  { name: "units", label: "Units in each", min: 1, max: 1024, step: 1 },
  { name: "batchSize", label: "Batch size", min: 1, max: 4096, step: 1 },
  { name: "epochs", label: "Epochs", min: 1, max: 100_000, step: 1 },
  { name: "seeds", label: "Training seeds", min: 1, max: 1000, step: 1 },
];

export class KnobsPanel {
  readonly element: HTMLFieldSetElement;
  readonly #numbers = new Map<keyof Knobs, HTMLInputElement>();
  readonly #activation = h("select");
  readonly #optimizer = h("select");
  /** What a reader is typing into, until the change is made: what opens meanwhile must not undo it. */
  #typing: HTMLInputElement | undefined;
  #spec: unknown;

  /** @param onTurn Gets the changed spec. */
  constructor(onTurn: (spec: unknown) => void) {
    const turn = (name: keyof Knobs, value: number | string) => {
      // The next turn may come before the first has been opened.
      this.#spec = withKnob(this.#spec, name, value as never);
      onTurn(this.#spec);
    };
    const fields = NUMBERS.map(({ name, label, min, max, step }) => {
      const input = h("input", { type: "number", min, max, step, name });
      input.addEventListener("input", () => {
        this.#typing = input;
      });
      input.addEventListener("blur", () => {
        this.#typing = undefined;
      });
      input.addEventListener("change", () => {
        this.#typing = undefined;
        if (input.value !== "" && input.reportValidity()) turn(name, input.valueAsNumber);
      });
      this.#numbers.set(name, input);
      return field(label, input);
    });
    for (const [name, select] of [
      ["activation", this.#activation],
      ["optimizer", this.#optimizer],
    ] as const) {
      select.name = name;
      select.addEventListener("change", () => turn(name, select.value));
    }
    const [rate, layers, units, ...rest] = fields;
    this.element = h(
      "fieldset",
      { class: "knobs", disabled: true },
      layers,
      units,
      field("Activation", this.#activation),
      field("Optimizer", this.#optimizer),
      rate,
      ...rest,
    );
  }

  show(spec: unknown): void {
    this.#spec = spec;
    this.element.disabled = false;
    const knobs = readKnobs(spec);
    for (const [name, input] of this.#numbers) {
      if (input !== this.#typing) input.value = String(knobs[name] ?? "");
    }
    choose(this.#activation, ACTIVATIONS, knobs.activation);
    choose(this.#optimizer, OPTIMIZERS, knobs.optimizer ?? "adam");
    const isBare = knobs.layers === 0;
    this.#activation.disabled = isBare;
    this.#numbers.get("units")!.disabled = isBare;
  }
}

/** The usual words, and the spec's own where it is none of them. */
function choose(select: HTMLSelectElement, usual: readonly string[], value: string | undefined) {
  const words = value === undefined || usual.includes(value) ? usual : [value, ...usual];
  select.replaceChildren(...options(words));
  select.value = value ?? "";
}
