import { defineConfig } from "vitepress";

export default defineConfig({
  title: "Embedding in VitePress",
  // The tag is no Vue component.
  vue: { template: { compilerOptions: { isCustomElement: (tag) => tag === "convergence-lab" } } },
  // The lab's worker loads its parts when they are asked for.
  vite: { worker: { format: "es" } },
});
