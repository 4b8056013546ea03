// Activations, initializers and penalties of a layer of Keras, in the words of a spec.

import { INITIALIZERS } from "../spec/initializers.ts";
import { ACTIVATIONS } from "../spec/words.ts";
import {
  type Fields,
  isCustom,
  kerasObject,
  letters,
  plainNumber,
  plainSettings,
  shown,
  wordFinder,
  wordOr,
} from "./keras-objects.ts";

/** What reads a setting: it fails by throwing, and notes what counts for nothing. */
export interface LayerReader {
  fail(says: string): never;
  note(says: string): void;
}

const activationWord = wordFinder(ACTIVATIONS, { silu: "swish" });

/** Keras's function leaky_relu; its layer LeakyReLU has 0.3. */
const FUNCTION_SLOPE = 0.2;

export function activationOf(written: unknown, reader: LayerReader): unknown {
  if (written === null || written === undefined) return "linear";
  const object = kerasObject(written);
  const isFunction = typeof written === "string" || typeof (written as Fields).config === "string";
  if (object === undefined || isCustom(written)) {
    return reader.fail(`has the activation ${shown(written)}, which ${ONLY_ACTIVATIONS}.`);
  }
  const { className, config } = object;
  if (letters(className) === "relu") return rectifier(config, reader);
  const name = activationWord(className);
  switch (name) {
    case undefined:
    case "geluTanh":
      return reader.fail(`has the activation ${className}, which ${ONLY_ACTIVATIONS}.`);
    case "leakyReLU": {
      const slope = config.negative_slope ?? config.alpha;
      if (slope === undefined) return isFunction ? { name, alpha: FUNCTION_SLOPE } : name;
      return { name, alpha: plainNumber(slope) };
    }
    case "prelu":
      return parametricRectifier(config, reader);
    case "elu":
      return config.alpha === undefined ? name : { name, alpha: plainNumber(config.alpha) };
    case "gelu":
      return config.approximate === true ? "geluTanh" : name;
    default:
      return name;
  }
}

const ONLY_ACTIVATIONS = `a spec cannot say; it knows ${ACTIVATIONS.join(", ")}`;

/** Keras's layer ReLU has a slope, a ceiling and a threshold. */
function rectifier(config: Fields, reader: LayerReader): unknown {
  const { max_value: ceiling, threshold, negative_slope: slope } = config;
  if (typeof ceiling === "number" || (typeof threshold === "number" && threshold !== 0)) {
    return reader.fail("is a ReLU with a max_value or a threshold, which a spec cannot say.");
  }
  if (typeof slope !== "number" || slope === 0) return "relu";
  return { name: "leakyReLU", alpha: plainNumber(slope) };
}

function parametricRectifier(config: Fields, reader: LayerReader): unknown {
  if (Array.isArray(config.shared_axes) && config.shared_axes.length > 0) {
    reader.note("shares its slopes over axes; here every unit has one.");
  }
  const start = kerasObject(config.alpha_initializer);
  if (start === undefined || letters(start.className) === "zeros") return "prelu";
  if (letters(start.className) === "constant" && typeof start.config.value === "number") {
    return { name: "prelu", alpha: plainNumber(start.config.value) };
  }
  return reader.fail(`starts its slopes with ${start.className}; a spec knows Zeros and Constant.`);
}

const initializerWord = wordFinder(INITIALIZERS, {
  zero: "zeros",
  one: "ones",
  uniform: "randomUniform",
  normal: "randomNormal",
  orthogonalInitializer: "orthogonal",
  identityInitializer: "identity",
});

const FANS = wordFinder(["fanIn", "fanOut", "fanAvg"]);
const DISTRIBUTIONS = wordFinder(["truncatedNormal", "untruncatedNormal", "uniform"], {
  // Keras 2's, which is truncated too.
  normal: "truncatedNormal",
});

export function initializerOf(written: unknown, reader: LayerReader): unknown {
  const object = kerasObject(written);
  const name = object && !isCustom(written) ? initializerWord(object.className) : undefined;
  if (object === undefined || name === undefined) {
    return reader.fail(
      `starts with ${shown(written)}, which a spec cannot say; it knows ${INITIALIZERS.join(", ")}.`,
    );
  }
  const { config } = object;
  const keep = (...keys: string[]) =>
    plainSettings(Object.fromEntries(keys.map((key) => [key, config[key]])));
  switch (name) {
    case "constant":
      return { name, ...keep("value") };
    case "identity":
    case "orthogonal":
      return { name, ...keep("gain") };
    case "randomUniform":
      return { name, ...keep("minval", "maxval") };
    case "randomNormal":
    case "truncatedNormal":
      return { name, ...keep("mean", "stddev") };
    case "varianceScaling":
      return shortScaling({
        ...keep("scale"),
        mode: FANS(wordOr(config.mode, "fanIn")),
        distribution: DISTRIBUTIONS(wordOr(config.distribution, "truncatedNormal")),
      });
    default:
      return name;
  }
}

/** TensorFlow.js saves Glorot's, He's and LeCun's initializers as what they are made of. */
function shortScaling(settings: Fields): unknown {
  const { scale = 1, mode, distribution } = settings;
  const by = { fanAvg: "glorot", fanIn: scale === 2 ? "he" : "leCun", fanOut: "" }[String(mode)];
  const shape = { uniform: "Uniform", truncatedNormal: "Normal" }[String(distribution)];
  const isUsual = scale === 1 || (scale === 2 && mode === "fanIn");
  if (by && shape && isUsual) return `${by}${shape}`;
  return { name: "varianceScaling", ...settings };
}

/** Keras's factor where a penalty is given by its name alone. */
const USUAL_FACTOR = 0.01;

export function penaltyOf(written: unknown, of: string, reader: LayerReader): unknown {
  if (written === null || written === undefined) return {};
  const object = kerasObject(written);
  const kind = object && !isCustom(written) ? letters(object.className) : "";
  if (object === undefined || !["l1", "l2", "l1l2"].includes(kind)) {
    reader.note(`its ${of} penalty ${shown(written)} is left out: a spec knows L1 and L2.`);
    return {};
  }
  const factor = (name: string) => {
    const value = object.config[name];
    if (typeof value === "number") return { [name]: plainNumber(value) };
    const isNamed = typeof written === "string" && kind.includes(name);
    return isNamed ? { [name]: USUAL_FACTOR } : {};
  };
  return { ...factor("l1"), ...factor("l2") };
}
