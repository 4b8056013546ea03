// The public API, in pipeline order.

export { benchmarkText } from "./bench/as-text.ts";
export {
  BENCHMARK_VERSION,
  type BenchmarkEnvironment,
  type BenchmarkResult,
  benchmarkResult,
  isAllRight,
  parseBenchmark,
  type RatedRow,
} from "./bench/benchmark-result.ts";
export { type Comparison as BenchmarkComparison, compareBenchmarks } from "./bench/compare.ts";
export { comparisonHtml } from "./bench/comparison-html.ts";
export { comparisonText } from "./bench/comparison-text.ts";
export { type LayerSize, type Product, productCounts, stepCounts } from "./bench/counts.ts";
export { BenchmarkError, type BenchmarkErrorCode } from "./bench/errors.ts";
export { measureSteps } from "./bench/measure-steps.ts";
export { type Rates, ratesOf } from "./bench/rates.ts";
export {
  BATCHES_PER_EPOCH,
  BENCHMARK_SEED,
  isWanted,
  STEP_BATCH,
  STEP_NETWORKS,
  STEP_SHAPES,
  stepCase,
  type TrainingCase,
  trainingCase,
} from "./bench/step-case.ts";
export { CAUSES, type CauseId } from "./causes/cause.ts";
export { judgeClaims } from "./claims/judge-claims.ts";
export { chanceLevel } from "./compile/chance-level.ts";
export { compile, type DatasetTable, loadDatasets, networkOf } from "./compile/compile.ts";
export {
  FLAT_SLOPE,
  type FlatRange,
  flatRange,
  isBounded,
  SATURATED_SOFTMAX,
} from "./compile/flat-range.ts";
export {
  type LayerWeights,
  layerTensors,
  type ModelWeights,
  type WeightsTable,
  type WeightTensor,
  weightsKey,
} from "./compile/initial-weights.ts";
export type * from "./compile/plan.ts";
export { plannedSteps } from "./compile/planned-steps.ts";
export { selectRuns } from "./compile/select-runs.ts";
export { DENSE_WORDS, SHAPE_WORDS, wordsOf, wordsOfPlan } from "./compile/words-of.ts";
export type { ColumnFacts, Dataset, Part } from "./dataset/dataset.ts";
export { loadDataset } from "./dataset/load-dataset.ts";
export { type Table, type Tables, tableKey, tableSource } from "./dataset/table.ts";
export { DIAGNOSE_CHECKS } from "./diagnose/all-checks.ts";
export type { Check } from "./diagnose/check.ts";
export { type Diagnosed, diagnose, requestedProbes } from "./diagnose/diagnose.ts";
export {
  type BenchmarkEvent,
  type BenchmarkKind,
  type BenchmarkOperation,
  type BenchmarkRow,
  type BenchmarkSettings,
  type Ceiling,
  type DeviceReport,
  type MeasuredRow,
  type Measurement,
  type OperationCounts,
  operationLabel,
  type UnmeasuredRow,
} from "./engine/benchmark.ts";
export { EarlyStopping } from "./engine/early-stopping.ts";
export type * from "./engine/engine.ts";
export { EngineError, type EngineErrorCode } from "./engine/errors.ts";
export { initialParameters } from "./engine/initial-parameters.ts";
export { pause } from "./engine/pause.ts";
export { createPoolEngine } from "./engine/pool-engine.ts";
export type { Matrix } from "./engine/probes/matrix.ts";
export { type NetworkInTraining, runProbes } from "./engine/probes/run-probes.ts";
export { ReduceOnPlateau } from "./engine/reduce-on-plateau.ts";
export { connectEngine, RemoteError } from "./engine/remote/connect-engine.ts";
export type { Port } from "./engine/remote/protocol.ts";
export { type EngineFactory, serveEngine } from "./engine/remote/serve-engine.ts";
export { type TrainedNetwork, trainedWeights } from "./engine/trained-weights.ts";
export { decodeMessage, encodeMessage } from "./engine/wire.ts";
export {
  type BenchmarkCase,
  BenchmarkFileError,
  type ReadBenchmark,
  readBenchmark,
} from "./evaluate/benchmark-case.ts";
export type * from "./evaluate/case-score.ts";
export { caseSpec } from "./evaluate/case-spec.ts";
export { catalogueCases } from "./evaluate/catalogue/catalogue.ts";
export { causeExample } from "./evaluate/cause-examples.ts";
export { type Diagnose, type EvaluateOptions, evaluateCase } from "./evaluate/evaluate-case.ts";
export { caseLine, evaluationMarkdown, totalsText } from "./evaluate/evaluation-text.ts";
export { type InjectionTable, injectedCases } from "./evaluate/inject.ts";
export { injectionTable } from "./evaluate/injection-table.ts";
export { type Lap, type Race, raceAgainstRandom, raceLine, raceTotals } from "./evaluate/race.ts";
export { type Breakdown, type Totals, totalsOf } from "./evaluate/totals.ts";
export { type InspectOptions, inspectTable } from "./inspect/inspect-table.ts";
export type * from "./inspect/inspection.ts";
export { inspectionAsText } from "./inspect/inspection-as-text.ts";
export { inspectionHtml } from "./inspect/inspection-html.ts";
export { DATA_CHECKS } from "./learnability/data-findings.ts";
export { type DataLearningCurve, dataLearningCurve } from "./learnability/data-learning-curve.ts";
export { learnability } from "./learnability/learnability.ts";
export { type SuspectLabels, suspectLabels } from "./learnability/suspect-labels.ts";
export { LINT_CHECKS } from "./lint/all-checks.ts";
export * from "./lint/finding.ts";
export { lint } from "./lint/lint.ts";
export type { LintCheck } from "./lint/lint-check.ts";
export { ModelError, type ModelErrorCode } from "./models/errors.ts";
export type * from "./models/model.ts";
export { type GivenTraining, modelAlone, modelSpec, TRAINING_WORDS } from "./models/model-spec.ts";
export { predictionsTable } from "./models/predictions-table.ts";
export { type ReadModelOptions, readModel } from "./models/read-model.ts";
export { type StartingNetwork, startingNetwork } from "./models/starting-network.ts";
export { type SpecWithWeights, withWeights } from "./models/with-weights.ts";
export { type WrittenModel, writeKeras, writeKerasJson } from "./models/write-keras.ts";
export { type WrittenTfjs, writeTfjs } from "./models/write-tfjs.ts";
export type { Incumbent } from "./prove/incumbent.ts";
export { Interrupted } from "./prove/trainer.ts";
export { asGithub, type FilePlace } from "./report/as-github.ts";
export { asHtml, type ReportSections, reportSections } from "./report/as-html.ts";
export { asJson } from "./report/as-json.ts";
export { asJunit } from "./report/as-junit.ts";
export { asMarkdown } from "./report/as-markdown.ts";
export { asText, type TextOptions } from "./report/as-text.ts";
export { verdictSections } from "./report/claims-html.ts";
export { curveBand } from "./report/curve-band.ts";
export { curvesCsv } from "./report/curves-csv.ts";
export { curvesTable } from "./report/curves-table.ts";
export { findingPlace, tryText } from "./report/finding-text.ts";
export { type FindingsTextOptions, findingsAsText } from "./report/findings-as-text.ts";
export { REPORT_STYLE } from "./report/html-style.ts";
export { kerasCode } from "./report/keras-code.ts";
export { makeReport } from "./report/make-report.ts";
export { escapeMarkup } from "./report/markup.ts";
export { probesCsv } from "./report/probes-csv.ts";
export type * from "./report/report.ts";
export { ownSparkline } from "./report/sparkline.ts";
export { type LinePlot, linePlot, type PlotLine } from "./report/svg/line-plot.ts";
export { notesAsText } from "./report/text-pen.ts";
export { specText, yamlText } from "./report/yaml-text.ts";
export {
  type DiagnosisOptions,
  PRESCRIBED,
  runDiagnosis,
  type Stage,
  trainableSpec,
} from "./run-diagnosis.ts";
export {
  type Experiment,
  planExperiment,
  type RunOptions,
  runExperiment,
  trainExperiment,
} from "./run-experiment.ts";
export { contentHash } from "./shared/content-hash.ts";
export { didYouMean } from "./shared/did-you-mean.ts";
export { type ExportColumn, type ExportTable, tableCsv } from "./shared/export-table.ts";
export { percent, shortNumber, withMinus } from "./shared/number-text.ts";
export * from "./shared/random.ts";
export { shortestFloat32 } from "./shared/shortest-float32.ts";
export { DEFAULT_SEEDS } from "./spec/default-seeds.ts";
export { printPath, SpecError, type SpecProblem, type SpecProblemCode } from "./spec/errors.ts";
export { specJsonSchema } from "./spec/json-schema.ts";
export { mergePatch } from "./spec/merge-patch.ts";
export { METRICS, type Metric } from "./spec/metrics.ts";
export { OPTIMIZERS } from "./spec/optimizers.ts";
export { type ParseOptions, parseSpec } from "./spec/parse-spec.ts";
export * from "./spec/probe-names.ts";
export { patched, resolveVariants, type SpecPatch } from "./spec/resolve-variants.ts";
export {
  type Activation,
  type Loss,
  type Spec,
  type SpecInput,
  specSchema,
  type Variant,
} from "./spec/spec.ts";
export type { Encoding, TableSource } from "./spec/table-source.ts";
export { withProbes } from "./spec/with-probes.ts";
export { ACTIVATIONS, DEFAULT_ALPHA } from "./spec/words.ts";
export { sweepJsonSchema } from "./sweep/json-schema.ts";
export { paramsText } from "./sweep/params-text.ts";
export { type ParseSweepOptions, parseSweep, sweepHash } from "./sweep/parse-sweep.ts";
export { presetSweep, SWEEP_PRESETS, type SweepPreset } from "./sweep/presets.ts";
export { sweepReportHtml } from "./sweep/report/as-html.ts";
export { sweepReportMarkdown } from "./sweep/report/as-markdown.ts";
export { sweepReportText } from "./sweep/report/as-text.ts";
export { experimentFile, type MlflowSweep, trialFiles } from "./sweep/report/mlflow-files.ts";
export type { SweepReport, SweptReport } from "./sweep/report/sweep-report.ts";
export { SweepReporter } from "./sweep/report/sweep-reporter.ts";
export { TrialCurvesTable } from "./sweep/report/trial-curves-table.ts";
export { TrialsTable } from "./sweep/report/trials-table.ts";
export {
  type ChunkProgress,
  type ChunkResult,
  type LeadingTrial,
  type RunChunkOptions,
  runChunk,
} from "./sweep/run-chunk.ts";
export { chunksOfShard, type Shard, trialsOfShard } from "./sweep/shards.ts";
export { SweepSummary } from "./sweep/summary.ts";
export { summaryText } from "./sweep/summary-text.ts";
export type { DrawnTrial, Rungs, Sweep, SweepParameter, SweepTrial } from "./sweep/sweep.ts";
export { keysWithoutMeaning } from "./sweep/sweep-schema.ts";
export { isSweep, type SweepVariants, sweepVariants } from "./sweep/sweep-variants.ts";
export { sweepWords } from "./sweep/sweep-words.ts";
export { curveLine, parseCurve, type TrialCurve } from "./sweep/trial-curve.ts";
export {
  compareOutcomes,
  compareRecords,
  parseRecord,
  type RunRecord,
  recordLine,
  TRIAL_STATES,
  type TrialRecord,
  type TrialState,
} from "./sweep/trial-record.ts";
export {
  type ChunkRange,
  chunkCount,
  chunkId,
  chunkOf,
  chunkRange,
  drawTrial,
  runsPerTrial,
  trialAt,
  trialCount,
  trialsOfChunk,
} from "./sweep/trials.ts";
export { beginnerSpec } from "./tables/beginner-spec.ts";
export type { ReadProgress } from "./tables/columns/raw-table.ts";
export { TableError, type TableErrorCode } from "./tables/errors.ts";
export { chunksOfStream, type TableFile } from "./tables/read-raw-table.ts";
export { type ReadFeature, type ReadTable, readTable } from "./tables/read-table.ts";
export { type SpecWithTables, withTables } from "./tables/with-tables.ts";
export * from "./trace/derived/confusion.ts";
export * from "./trace/derived/epochs.ts";
export * from "./trace/derived/layers.ts";
export * from "./trace/derived/series.ts";
export type * from "./trace/engine-info.ts";
export { eventsOfRun } from "./trace/events-of-run.ts";
export { type LoggedRun, parseKerasLog } from "./trace/keras-log.ts";
export { type LiveCurve, LiveCurves } from "./trace/live-curves.ts";
export { TraceRecorder, traceVariants } from "./trace/record-trace.ts";
export {
  assembleTrace,
  type Curves,
  decodeCurves,
  type Environment,
  encodeCurves,
  type Trial,
  trialLine,
} from "./trace/saved-trace.ts";
export * from "./trace/signals.ts";
export type * from "./trace/trace.ts";
export type * from "./trace/trace-event.ts";
export { type LogContext, traceOfLog } from "./trace/trace-of-log.ts";
export {
  type ComparedNumber,
  type Comparison,
  compareReplay,
  REPLAY_QUANTITIES,
  type ReplayQuantity,
} from "./verify/compare-replay.ts";
export { RecordingError, type RecordingProblem } from "./verify/errors.ts";
export { type Precision, replayTolerances, type StepTolerance } from "./verify/tolerance.ts";
export { parseTrainingSteps, type RecordedCase } from "./verify/training-steps.ts";
