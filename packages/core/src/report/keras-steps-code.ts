// The steps of `data.preprocess` as a scikit-learn pipeline, and what the rows are beside it: order,
// merged classes, copies of rare classes.

import { isWeightedSource } from "../compile/compile.ts";
import {
  type PreprocessStep,
  type StepWithSettings,
  stepSettings,
} from "../spec/preprocess-steps.ts";
import type { DataSpec } from "../spec/spec.ts";
import { hasGroups } from "./keras-split-code.ts";
import { Code, call, python, statement } from "./python-text.ts";

export interface Import {
  readonly from: string;
  readonly name: string;
}

/** What scikit-learn must be asked for. */
export function stepImports({ preprocess, shuffle }: DataSpec): Import[] {
  const used = preprocess.flatMap((step) => {
    const settings = stepSettings(step);
    const parts = settings.columns === undefined ? [] : [COLUMN_TRANSFORMER];
    return [...importsOf(settings), ...parts];
  });
  return [
    ...used,
    ...(preprocess.length > 0 ? [{ from: "sklearn.pipeline", name: "make_pipeline" }] : []),
    ...(shuffle === undefined ? [] : [{ from: "sklearn.utils", name: "shuffle" }]),
  ];
}

const COLUMN_TRANSFORMER = { from: "sklearn.compose", name: "ColumnTransformer" };

export function preprocessCode(data: DataSpec): string {
  const { preprocess, fitOn = "train", split } = data;
  if (preprocess.length === 0) return "";
  const settings = preprocess.map(stepSettings);
  const byName = settings.some(({ columns }) => columns !== undefined);
  const steps = preprocess.map(stepCode);
  const output = byName ? '.set_output(transform="pandas")' : "";
  const frame = (x: string) => (byName ? `pd.DataFrame(${x}, columns=names)` : x);
  const values = byName ? ".to_numpy()" : "";
  const lines = [
    ...classesOf(settings),
    ...(byName ? [namesCode(data)] : []),
    `${statement("steps = make_pipeline", steps)}${output}`,
  ];
  if (fitOn === "all") {
    lines.push(
      `steps.fit(${frame("x")})`,
      `x_train = steps.transform(${frame("x_train")})${values}`,
    );
  } else {
    lines.push(`x_train = steps.fit_transform(${frame("x_train")})${values}`);
  }
  if (split !== undefined) {
    const apply = fitOn === "each" ? "fit_transform" : "transform";
    lines.push(`x_test = steps.${apply}(${frame("x_test")})${values}`);
  }
  return lines.join("\n");
}

/** Before the split: merged classes and another order. */
export function rowOrderCode({ mergeClasses, shuffle, source }: DataSpec): string[] {
  const merged = Object.entries(mergeClasses ?? {}).flatMap(([name, members]) =>
    members.map((member) => [String(member), name] as const),
  );
  const names = [
    "x",
    "labels",
    ...(isWeightedSource(source) ? ["weight"] : []),
    ...(hasGroups(source) ? ["groups"] : []),
  ];
  return [
    ...(merged.length === 0
      ? []
      : [
          `labels = pd.Series(labels).astype(str).replace(${python(Object.fromEntries(merged))}).to_numpy()`,
        ]),
    ...(shuffle === undefined
      ? []
      : [
          statement(
            `${names.join(", ")} = shuffle`,
            names.map((name) => new Code(name)),
            { random_state: shuffle.randomState },
          ),
        ]),
  ];
}

/** After the pipeline: training rows of rare classes once more, as RandomOverSampler draws them. */
export function oversampleCode({ oversample, source }: DataSpec): string {
  if (oversample === undefined) return "";
  const names = ["x_train", "y_train", ...(isWeightedSource(source) ? ["weight_train"] : [])];
  return [
    `random = np.random.RandomState(${oversample.randomState})`,
    "counts = np.bincount(y_train)",
    "copies = [",
    "    np.flatnonzero(y_train == k)[random.randint(0, n, size=counts.max() - n)]",
    "    for k, n in enumerate(counts)",
    "    if 0 < n < counts.max()",
    "]",
    "rows = np.concatenate([np.arange(len(y_train)), *copies])",
    `${names.join(", ")} = ${names.map((name) => `${name}[rows]`).join(", ")}`,
  ].join("\n");
}

/** The names of x's columns, where steps ask for them. */
function namesCode({ source, drop = [] }: DataSpec): string {
  if (source.kind === "table") return "names = list(table.columns)";
  const width =
    source.kind === "inline"
      ? (source.rows[0]?.length ?? 0)
      : "rand" in source.features
        ? source.features.rand[1]
        : "randn" in source.features
          ? source.features.randn[1]
          : source.features.uniform.size[1];
  const columns =
    (source.kind === "inline" ? source.columns : undefined) ??
    Array.from({ length: width }, (_, j) => `x${j}`);
  return `names = ${python(columns.filter((name) => !drop.includes(name)))}`;
}

function stepCode(step: PreprocessStep): Code {
  const settings = stepSettings(step);
  const code = transformerCode(settings);
  if (settings.columns === undefined) return code;
  const part = `("${settings.step}", ${code.text}, ${python(settings.columns)})`;
  return call("ColumnTransformer", [new Code(`[${part}]`)], {
    remainder: "passthrough",
    verbose_feature_names_out: false,
  });
}

function transformerCode(settings: StepWithSettings): Code {
  switch (settings.step) {
    case "imputeMean":
      return call("SimpleImputer", [], {});
    case "imputeMedian":
      return call("SimpleImputer", [], { strategy: "median" });
    case "imputeMostFrequent":
      return call("SimpleImputer", [], { strategy: "most_frequent" });
    case "impute":
      return call("SimpleImputer", [], {
        strategy: settings.strategy === "mostFrequent" ? "most_frequent" : settings.strategy,
        fill_value: settings.strategy === "constant" ? settings.value : undefined,
        add_indicator: settings.indicator || undefined,
      });
    case "log":
      return new Code("FunctionTransformer(np.log1p)");
    case "signedLog":
      return new Code("FunctionTransformer(lambda x: np.sign(x) * np.log1p(np.abs(x)))");
    case "clip": {
      const { min, max, quantiles } = settings;
      if (quantiles !== undefined) return call("ClipQuantiles", quantiles, {});
      const limit = (value: number | undefined) => (value === undefined ? "None" : String(value));
      return new Code(`FunctionTransformer(lambda x: np.clip(x, ${limit(min)}, ${limit(max)}))`);
    }
    case "standardize":
      return call("StandardScaler", [], {});
    case "minMax": {
      const { range } = settings;
      return call("MinMaxScaler", [], {
        feature_range: range === undefined ? undefined : new Code(`(${range.join(", ")})`),
      });
    }
    case "robust":
      return call("RobustScaler", [], {});
    case "oneHot":
      return call("OneHotEncoder", [], {
        drop: settings.dropFirst ? "first" : undefined,
        handle_unknown: "ignore",
        sparse_output: false,
        feature_name_combiner: new Code('lambda name, value: f"{name}={value:g}"'),
      });
    case "ordinal":
      return call("OrdinalEncoder", [], {
        handle_unknown: "use_encoded_value",
        unknown_value: -1,
      });
    case "dropConstant":
      return call("VarianceThreshold", [], {});
    case "dropCorrelated":
      return call("DropCorrelated", [settings.above], {});
    case "pca":
      return call("PCA", [], {
        n_components: settings.components,
        whiten: settings.whiten || undefined,
        svd_solver: "full",
      });
    case "whiten":
      return call("PCA", [], { whiten: true, svd_solver: "full" });
    case "polynomial":
      return call("PolynomialFeatures", [settings.degree], {
        interaction_only: settings.interactionOnly || undefined,
        include_bias: false,
      });
  }
}

function importsOf(settings: StepWithSettings): Import[] {
  const name = /^\w+/.exec(transformerCode(settings).text)![0];
  if (name === "ClipQuantiles") {
    return ["BaseEstimator", "OneToOneFeatureMixin", "TransformerMixin"].map((mixin) => ({
      from: "sklearn.base",
      name: mixin,
    }));
  }
  if (name === "DropCorrelated") {
    return [
      { from: "sklearn.base", name: "BaseEstimator" },
      { from: "sklearn.feature_selection", name: "SelectorMixin" },
    ];
  }
  return [{ from: MODULES[name] ?? "sklearn.preprocessing", name }];
}

const MODULES: Readonly<Record<string, string>> = {
  SimpleImputer: "sklearn.impute",
  PCA: "sklearn.decomposition",
  VarianceThreshold: "sklearn.feature_selection",
};

/** What scikit-learn does not have. */
function classesOf(settings: readonly StepWithSettings[]): string[] {
  const clips = settings.some((each) => each.step === "clip" && each.quantiles !== undefined);
  const drops = settings.some(({ step }) => step === "dropCorrelated");
  return [...(clips ? [CLIP_QUANTILES, "\n"] : []), ...(drops ? [DROP_CORRELATED, "\n"] : [])];
}

const CLIP_QUANTILES = `class ClipQuantiles(OneToOneFeatureMixin, TransformerMixin, BaseEstimator):
    def __init__(self, low, high):
        self.low = low
        self.high = high

    def fit(self, x, y=None):
        self.n_features_in_ = x.shape[1]
        self.limits_ = np.nanquantile(np.asarray(x), [self.low, self.high], axis=0)
        return self

    def transform(self, x):
        return np.clip(np.asarray(x), *self.limits_)`;

const DROP_CORRELATED = `class DropCorrelated(SelectorMixin, BaseEstimator):
    def __init__(self, above):
        self.above = above

    def fit(self, x, y=None):
        r = pd.DataFrame(x).corr().abs().to_numpy()
        kept = []
        for j in range(len(r)):
            if not any(r[i, j] > self.above for i in kept):
                kept.append(j)
        self.n_features_in_ = len(r)
        self.kept_ = np.isin(np.arange(len(r)), kept)
        return self

    def _get_support_mask(self):
        return self.kept_`;
