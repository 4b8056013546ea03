// A GPU that does what a real one does on a bad day, for tests of how training gets through it.

/** A GPU whose devices are changed before anybody gets them. */
export function withDevice(gpu: GPU, change: (device: GPUDevice) => void): GPU {
  return withAdapter(gpu, (adapter) => ({
    info: adapter.info,
    features: adapter.features,
    limits: adapter.limits,
    requestDevice: async (descriptor?: GPUDeviceDescriptor) => {
      const device = await adapter.requestDevice(descriptor);
      change(device);
      return device;
    },
  }));
}

/** A GPU whose adapter says that its limits are lower. */
export function withLimits(
  gpu: GPU,
  lower: Partial<Record<keyof GPUSupportedLimits, number>>,
): GPU {
  return withAdapter(gpu, (adapter) => ({
    info: adapter.info,
    features: adapter.features,
    limits: new Proxy(adapter.limits, {
      get: (limits, name: keyof GPUSupportedLimits) => lower[name] ?? limits[name],
    }),
    requestDevice: (descriptor?: GPUDeviceDescriptor) => adapter.requestDevice(descriptor),
  }));
}

/** A GPU that has no room for a buffer of more than `bytes`; `refused` counts those. */
export function withMemory(gpu: GPU, bytes: number, refused: { count: number }): GPU {
  return withDevice(gpu, (device) => {
    const scopes: { error: GPUError | null }[] = [];
    const create = device.createBuffer.bind(device);
    override(device, "createBuffer", (descriptor: GPUBufferDescriptor) => {
      if (descriptor.size > bytes) {
        refused.count++;
        scopes[scopes.length - 1].error = new GPUOutOfMemoryError(`no ${descriptor.size} bytes`);
      }
      return create(descriptor);
    });
    override(device, "pushErrorScope", () => void scopes.push({ error: null }));
    override(device, "popErrorScope", async () => scopes.pop()!.error);
  });
}

/** A GPU whose driver compiles no shader in which it finds `text`. */
export function withRefusal(gpu: GPU, text: string): GPU {
  return withDevice(gpu, (device) => {
    const create = device.createShaderModule.bind(device);
    override(device, "createShaderModule", ({ code, ...rest }: GPUShaderModuleDescriptor) =>
      create({ ...rest, code: code.includes(text) ? "fn refused() { nonsense }" : code }),
    );
  });
}

export function override<T extends object, K extends keyof T>(object: T, name: K, value: unknown) {
  Object.defineProperty(object, name, { value, configurable: true });
}

function withAdapter(gpu: GPU, altered: (adapter: GPUAdapter) => unknown): GPU {
  const requestAdapter = async (options?: GPURequestAdapterOptions) => {
    const adapter = await gpu.requestAdapter(options);
    return adapter && altered(adapter);
  };
  return { requestAdapter } as unknown as GPU;
}
