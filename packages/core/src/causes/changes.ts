// The changes that the lab tries, whatever was found. A check proposes what its own finding asks
// for; these are the few moves that people make with any network (learning rate, optimizer, hidden
// activation, size, epochs, batch, regularization), so that a fault no check sees is still mended.

import type { Intervention } from "../lint/finding.ts";
import {
  changeLayers,
  fittingHead,
  type LayerInput,
  setHead,
  setTraining,
  standardize,
} from "../lint/interventions.ts";
import { shortNumber } from "../shared/number-text.ts";
import { headOf } from "../spec/head.ts";
import { mergePatch } from "../spec/merge-patch.ts";
import { isScaling } from "../spec/preprocess-steps.ts";
import type { SpecPatch } from "../spec/resolve-variants.ts";
import type { LayerSpec, OptimizerSpec, Variant } from "../spec/spec.ts";
import type { Activation } from "../spec/words.ts";
import type { Change } from "./change.ts";

/** A change that is undefined where the variant is that way already. */
function change(id: string, make: Change["make"]): Change {
  return { id, make };
}

export const standardizeInputs = change("standardize", (variant) => {
  const { preprocess } = variant.data;
  if (preprocess.some(isScaling)) return undefined;
  return standardize(variant);
});

/** The rate that a variant trains at; undefined with a schedule. */
export function fixedRate({ train }: Variant): number | undefined {
  return typeof train.learningRate === "number" ? train.learningRate : undefined;
}

/** Other rates than this make no sense, whatever the optimizer. */
const RATES = { lowest: 1e-6, highest: 1 } as const;

export function scaleRate(factor: number): Change {
  const id =
    factor > 1 ? `learning-rate-x${factor}` : `learning-rate-over-${Math.round(1 / factor)}`;
  return change(id, (variant) => {
    const rate = fixedRate(variant);
    const wanted = rate === undefined ? undefined : Number((rate * factor).toPrecision(2));
    if (wanted === undefined || wanted < RATES.lowest || wanted > RATES.highest) return undefined;
    return setTraining(id, `take a learning rate of ${shortNumber(wanted)}`, {
      learningRate: wanted,
    });
  });
}

export function setRate(rate: number): Change {
  return change("learning-rate", (variant) =>
    fixedRate(variant) === rate
      ? undefined
      : setTraining("learning-rate", `take a learning rate of ${shortNumber(rate)}`, {
          learningRate: rate,
        }),
  );
}

/**
 * From the rate that it is to 0 over the training, along a cosine (Loshchilov and Hutter, ICLR 2017,
 * without restarts): steps that are too large at the end need not be small at the start.
 *
 * @param rows Of the training part.
 */
export function cosineDecay(rows: number): Change {
  return change("cosine-decay", (variant) => {
    const initial = fixedRate(variant);
    if (initial === undefined) return undefined;
    const { epochs, batchSize } = variant.train;
    const decaySteps = epochs * Math.ceil(rows / batchSize);
    return setTraining("cosine-decay", "let the learning rate fall to 0 along a cosine", {
      learningRate: { schedule: "cosine", initial, decaySteps },
    });
  });
}

/** Adam is what others are measured by: it needs the least tuning (Kingma and Ba 2015, section 6). */
export function adam(rate: number): Change {
  return change(rate === 0.001 ? "adam" : `adam-${rate}`, ({ train }) => {
    const { optimizer, learningRate } = train;
    if (optimizer.name === "adam" && learningRate === rate) return undefined;
    return setTraining(rate === 0.001 ? "adam" : `adam-${rate}`, `train with adam at ${rate}`, {
      optimizer: "adam",
      learningRate: rate,
    });
  });
}

/** Initial weights that fit the activation: He et al. 2015, Glorot and Bengio 2010, LeCun 1998. */
const INITIALIZER_FOR = {
  relu: "heUniform",
  leakyReLU: "heUniform",
  tanh: "glorotUniform",
  selu: "leCunNormal",
} as const satisfies Partial<Record<Activation, string>>;

const HIDDEN_IDS = {
  relu: "relu-he",
  leakyReLU: "leaky-relu-he",
  tanh: "tanh-glorot",
  selu: "selu-lecun",
} as const;

/** Every hidden layer with this activation and the weights that go with it. */
export function hiddenLayers(activation: keyof typeof INITIALIZER_FOR): Change {
  const id = HIDDEN_IDS[activation];
  const initializer = INITIALIZER_FOR[activation];
  return change(id, (variant) => {
    const { index } = headOf(variant.model);
    const hidden = variant.model.layers.slice(0, index);
    const isThere = (layer: LayerSpec) =>
      layer.type !== "dense" ||
      (layer.activation.name === activation && layer.kernelInitializer.name === initializer);
    if (hidden.every(isThere)) return undefined;
    const says = `use ${activation} with ${initializer} in the hidden layers`;
    return changeLayers(variant, { id, says }, (layer, i) => {
      if (i >= index) return layer;
      if (layer.type === "activation") return null;
      if (layer.type !== "dense") return layer;
      return { ...layer, activation, kernelInitializer: initializer } as LayerInput;
    });
  });
}

/** Weights of every dense layer as Keras would draw them. */
export const kerasInitializers = change("random-weights", (variant) => {
  const isDefault = (layer: LayerSpec) =>
    layer.type !== "dense" || layer.kernelInitializer.name === "glorotUniform";
  if (variant.model.layers.every(isDefault)) return undefined;
  return changeLayers(
    variant,
    { id: "random-weights", says: "start from glorotUniform weights in every layer" },
    (layer) =>
      layer.type === "dense"
        ? ({ ...layer, kernelInitializer: "glorotUniform", biasInitializer: "zeros" } as LayerInput)
        : layer,
  );
});

/**
 * The smallest network that is not a straight line, and wide enough for most tables. Penalty and
 * dropout stay as the hidden layers have them: that they are too strong is another cause.
 */
export const oneHiddenLayer = change("one-hidden-layer", (variant) => {
  const { layers } = variant.model;
  const { index, layer: head } = headOf(variant.model);
  const dense = layers.slice(0, index).filter(({ type }) => type === "dense");
  if (variant.model.inputShape !== undefined) return undefined;
  if (dense.length === 1 && dense[0].type === "dense" && dense[0].units === 32) return undefined;
  const dropout = layers.slice(0, index).find(({ type }) => type === "dropout");
  return {
    id: "one-hidden-layer",
    says: "take one hidden layer of 32 units with relu",
    patch: {
      model: {
        layers: [
          {
            units: 32,
            activation: "relu",
            kernelInitializer: "heUniform",
            ...penaltyOf(dense[0]),
          },
          ...(dropout === undefined ? [] : [dropout]),
          {
            units: head.units,
            activation: head.activation.name,
            ...penaltyOf(head),
            ...(head.kernelInitializer.name === "glorotUniform"
              ? {}
              : { kernelInitializer: "glorotUniform" }),
          },
          ...layers.slice(index + 1).filter(({ type }) => type === "activation"),
        ],
      },
    },
  };
});

/** The layers as a spec would have them, none changed. */
function writtenLayers(variant: Variant): object[] {
  const { layers } = changeLayers(variant, { id: "", says: "" }, (layer) => layer).patch.model!;
  return layers as object[];
}

/** Of a dense layer, where it has one. */
function penaltyOf(layer: LayerSpec | undefined): object {
  if (layer?.type !== "dense") return {};
  const { l1, l2 } = layer.kernelRegularizer;
  return l1 === 0 && l2 === 0 ? {} : { kernelRegularizer: { l1, l2 } };
}

/** No hidden layer gets wider than this by a change: beyond it a table seldom gains. */
const MOST_UNITS = 512;

export function widen(factor: number, least: number): Change {
  return change("widen", (variant) =>
    resized(
      variant,
      {
        id: "widen",
        says: `make every hidden layer ${factor} times as wide, ${least} units at least`,
      },
      (units) => Math.max(units, Math.min(MOST_UNITS, Math.max(least, factor * units))),
    ),
  );
}

/** Fewer units than this tell few classes apart. */
const LEAST_UNITS = 8;

export function narrow(factor: number): Change {
  return change("narrow", (variant) =>
    resized(
      variant,
      {
        id: "narrow",
        says: `divide the units of every hidden layer by ${factor}, ${LEAST_UNITS} at least`,
      },
      (units) => Math.min(units, Math.max(LEAST_UNITS, Math.round(units / factor))),
    ),
  );
}

/** Hidden layers of other widths; undefined where they have them, or an `add` needs equal ones. */
function resized(
  variant: Variant,
  named: Pick<Intervention, "id" | "says">,
  unitsFor: (units: number) => number,
): Intervention | undefined {
  const { layers } = variant.model;
  const { index } = headOf(variant.model);
  const isOther = layers.some(
    (layer, i) => i < index && layer.type === "dense" && unitsFor(layer.units) !== layer.units,
  );
  if (!isOther || layers.some(({ type }) => type === "add")) return undefined;
  return changeLayers(variant, named, (layer, i) =>
    i < index && layer.type === "dense" ? { ...layer, units: unitsFor(layer.units) } : layer,
  );
}

/** The last hidden layer once more, with what stands between it and the head. */
export const deepen = change("deepen", (variant) => {
  const { layers } = variant.model;
  const { index } = headOf(variant.model);
  const last = layers.slice(0, index).findLastIndex(({ type }) => type === "dense");
  if (last === -1 || layers.some(({ type }) => type === "add")) return undefined;
  const written = writtenLayers(variant);
  return {
    id: "deepen",
    says: "put the last hidden layer in once more",
    patch: {
      model: { layers: written.toSpliced(index, 0, ...written.slice(last, index)) },
    },
  };
});

export function moreEpochs(factor: number): Change {
  return change("more-epochs", ({ train }) => {
    const epochs = Math.ceil(train.epochs * factor);
    return setTraining("more-epochs", `train for ${epochs} epochs`, { epochs });
  });
}

/**
 * What early stopping comes to, fixed beforehand: a callback that watches the rows on which the
 * network is judged would choose by them.
 */
export function fewerEpochs(share: number): Change {
  return change("fewer-epochs", ({ train }) => {
    const epochs = Math.floor(train.epochs * share);
    return epochs < 3
      ? undefined
      : setTraining("fewer-epochs", `stop after ${epochs} epochs`, { epochs });
  });
}

export function batchOf(size: number): Change {
  return change(`batch-${size}`, ({ train }) =>
    train.batchSize === size
      ? undefined
      : setTraining(`batch-${size}`, `take batches of ${size}`, { batchSize: size }),
  );
}

/** The head and the loss for so many classes. */
export function fitHead(classes: number): Change {
  return change("fit-head", (variant) => {
    const { layer, index } = headOf(variant.model);
    const { loss } = variant.train;
    const isLast = variant.model.layers.slice(index + 1).every(({ type }) => type !== "activation");
    const isFitting =
      isLast &&
      !loss.fromLogits &&
      ((layer.units === 1 &&
        classes === 2 &&
        layer.activation.name === "sigmoid" &&
        loss.name === "binaryCrossentropy") ||
        (layer.units >= classes &&
          layer.units > 1 &&
          layer.activation.name === "softmax" &&
          /^(sparseC|c)ategoricalCrossentropy$/.test(loss.name)));
    if (isFitting) return undefined;
    const { id, says, patch } = setHead(variant, fittingHead(classes));
    const lossPatch = { train: { loss: { name: fittingHead(classes).loss, fromLogits: false } } };
    return { id, says, patch: mergePatch(patch, lossPatch) as SpecPatch };
  });
}

export const noRegularization = change("no-regularization", (variant) => {
  const none = { l1: 0, l2: 0 };
  const { optimizer } = variant.train;
  const isFree = (layer: LayerSpec) =>
    layer.type === "dense"
      ? [layer.kernelRegularizer, layer.biasRegularizer, layer.activityRegularizer].every(
          ({ l1, l2 }) => l1 === 0 && l2 === 0,
        )
      : !/dropout|noise/i.test(layer.type);
  const isDecayed = optimizer.weightDecay > (optimizer.name === "adamw" ? 0.004 : 0);
  if (variant.model.layers.every(isFree) && !isDecayed) return undefined;
  const says = "take penalties, dropout and noise away";
  const { patch } = changeLayers(variant, { id: "", says }, (layer) => {
    if (/dropout|noise/i.test(layer.type)) return null;
    if (layer.type !== "dense") return layer;
    return {
      ...layer,
      kernelRegularizer: none,
      biasRegularizer: none,
      activityRegularizer: none,
    };
  });
  const decay = optimizer.name === "adamw" ? 0.004 : 0;
  const rest = isDecayed ? { train: { optimizer: { weightDecay: decay } } } : {};
  return { id: "no-regularization", says, patch: { ...patch, ...rest } };
});

export function weightPenalty(l2: number): Change {
  const id = `l2-${l2}`;
  return change(id, (variant) => {
    const has = (layer: LayerSpec) => layer.type === "dense" && layer.kernelRegularizer.l2 >= l2;
    if (variant.model.layers.some(has)) return undefined;
    return changeLayers(variant, { id, says: `put an l2 of ${l2} on every kernel` }, (layer) =>
      layer.type === "dense" ? { ...layer, kernelRegularizer: { l1: 0, l2 } } : layer,
    );
  });
}

/** Srivastava et al. (JMLR 15, 2014) drop half of the units of wide layers; narrow ones bear less. */
export const dropout = change("dropout", (variant) => {
  const { index } = headOf(variant.model);
  if (index === 0 || variant.model.layers.some(({ type }) => /dropout/i.test(type)))
    return undefined;
  if (variant.model.layers.some(({ type }) => type === "add")) return undefined;
  const withDropout = writtenLayers(variant).flatMap((layer, i) =>
    i < index && variant.model.layers[i].type === "dense"
      ? [layer, { type: "dropout", rate: 0.3 }]
      : [layer],
  );
  return {
    id: "dropout",
    says: "drop 30% of every hidden layer in training",
    patch: { model: { layers: withDropout } },
  };
});

/** Behind the activation, as most Keras code has it. */
export const batchNormalization = change("batch-normalization", (variant) => {
  const { index } = headOf(variant.model);
  const { layers } = variant.model;
  if (index === 0 || layers.some(({ type }) => /Normalization$/.test(type) || type === "add")) {
    return undefined;
  }
  if (variant.train.batchSize < 8) return undefined;
  return {
    id: "batch-normalization",
    says: "normalize every hidden layer over the batch",
    patch: {
      model: {
        layers: writtenLayers(variant).flatMap((layer, i) =>
          i < index && layers[i].type === "dense"
            ? [layer, { type: "batchNormalization" }]
            : [layer],
        ),
      },
    },
  };
});

/** Pascanu et al. (ICML 2013) clip at a norm of about 1. */
export const clipNorm = change("clip-norm", ({ train }) => {
  const { optimizer } = train;
  if ((optimizer.globalClipNorm ?? 0) > 0 || (optimizer.clipNorm ?? 0) > 0) return undefined;
  return setTraining("clip-norm", "clip the gradient at a norm of 1", {
    optimizer: { globalClipNorm: 1 } satisfies Partial<OptimizerSpec>,
  });
});
