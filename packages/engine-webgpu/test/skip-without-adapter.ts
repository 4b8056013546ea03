// Whether GPU tests are skipped: the one place that decides it.

/**
 * True where there is no adapter and nobody insists on one. A machine that runs tests for others
 * must not take skipped tests for passed ones.
 *
 * @throws when CI or REQUIRE_GPU is set and there is no adapter
 */
export function skipWithoutAdapter(
  hasAdapter: boolean,
  env: { readonly CI?: string | undefined; readonly REQUIRE_GPU?: string | undefined },
): boolean {
  if (hasAdapter) return false;
  if (isSet(env.CI) || isSet(env.REQUIRE_GPU)) {
    throw new Error(
      "there is no WebGPU adapter, and CI or REQUIRE_GPU asks for one; on Debian: apt-get install chromium libvulkan1.",
    );
  }
  console.warn("GPU tests are skipped: there is no WebGPU adapter.");
  return true;
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && !["", "0", "false"].includes(value);
}
