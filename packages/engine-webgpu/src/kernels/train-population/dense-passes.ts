// What the two versions of a dense layer's products have in common: the WGSL functions that they
// provide, and what those may refer to.

/** Each gives one WGSL function, named by `site.name`, that the whole workgroup calls. */
export interface DensePasses {
  /** `forward(lane, activeBlocks, training)` */
  forward(site: DenseSite): string;
  /** `inputGradient(lane, activeBlocks)`, from the layer's dPreActivation to the one before. */
  inputGradient(site: DenseSite): string;
  /** `parameterGradient(lane, activeBlocks)`, of kernel and bias. */
  parameterGradient(site: DenseSite): string;
}

/** One layer of one kernel. Functions take WGSL expressions and give index expressions or statements. */
export interface DenseSite {
  readonly inputs: number;
  readonly inputBlocks: number;
  readonly units: number;
  readonly unitBlocks: number;
  readonly batchBlocks: number;
  readonly workgroupSize: number;
  /** Name of a WGSL function of this layer. */
  name(pass: string): string;
  /** Indices into the network's values. */
  input(feature: string, block: string): string;
  gradient(unit: string, block: string): string;
  /** Indices into the network's parameters. */
  kernel(input: string, unitBlock: string): string;
  readonly bias: ((unitBlock: string) => string) | null;
  readonly biasGradient: ((unitBlock: string) => string) | null;
  /** Activates a pre-activation and stores it, with its slope where backward needs that. */
  finish(unit: string, block: string, preActivation: string): string;
  /** Takes dInput through the activation of the layer before. */
  finishInputGradient(input: string, block: string, dInput: string): string;
  /** Adds the penalty's gradient and stores. */
  finishKernelGradient(input: string, unitBlock: string, dKernel: string): string;
}
