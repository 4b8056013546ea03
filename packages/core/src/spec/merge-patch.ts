// A partial spec over another: how a variant's patch, a doctor's change and a page's knob are merged.

/**
 * Merges objects key by key; anything else in the patch replaces what stands there. An object that
 * names another kind of thing (`name: sgd` over `name: adam`) replaces it too, because the settings
 * of the one mean nothing to the other.
 */
export function mergePatch(base: unknown, patch: unknown): unknown {
  if (!isRecord(base) || !isRecord(patch)) return patch;
  for (const discriminator of ["name", "kind", "type"]) {
    if (patch[discriminator] !== undefined && patch[discriminator] !== base[discriminator]) {
      return patch;
    }
  }
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(patch)) {
    if (value !== undefined) merged[key] = mergePatch(merged[key], value);
  }
  return merged;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
