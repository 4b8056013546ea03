import { expect, test } from "vitest";
import { reportAdapter } from "./adapter-report.ts";

function adapter(info: Partial<GPUAdapterInfo>): GPUAdapter {
  return {
    info: { vendor: "", architecture: "", device: "", description: "", ...info },
    features: new Set(["timestamp-query", "subgroups"]),
    limits: { maxBufferSize: 1 },
  } as unknown as GPUAdapter;
}

// As Dawn in Node and Chrome, Deno, and Chrome on Windows name them.
test.each([
  { vendor: "google", architecture: "swiftshader" },
  { description: "SwiftShader Device (Subzero)" },
  { description: "llvmpipe (LLVM 15.0.6, 256 bits)" },
  { vendor: "microsoft", architecture: "warp" },
  { description: "Microsoft Basic Render Driver" },
  { description: "anything", isFallbackAdapter: true },
])("%j is software", (info) => {
  expect(reportAdapter(adapter(info)).isSoftware).toBe(true);
});

test.each([
  { vendor: "nvidia", architecture: "hopper", description: "NVIDIA H100" },
  { vendor: "apple", architecture: "metal-3" },
  { vendor: "intel", architecture: "gen-12lp" },
])("%j is a GPU", (info) => {
  expect(reportAdapter(adapter(info)).isSoftware).toBe(false);
});

test("an adapter is named by its description, or by what else it tells", () => {
  expect(reportAdapter(adapter({ description: "NVIDIA H100", vendor: "nvidia" })).name).toBe(
    "NVIDIA H100",
  );
  // Dawn in Node on Linux.
  const h100 = {
    vendor: "nvidia",
    device: "nvidia-h100-80gb-hbm3",
    description: "NVIDIA: 580.159.04 580.159.4.0",
  };
  expect(reportAdapter(adapter(h100)).name).toBe(
    "nvidia-h100-80gb-hbm3 (NVIDIA: 580.159.04 580.159.4.0)",
  );
  expect(reportAdapter(adapter({ vendor: "apple", architecture: "metal-3" })).name).toBe(
    "apple metal-3",
  );
  expect(reportAdapter(adapter({})).name).toBe("an adapter without a name");
});
