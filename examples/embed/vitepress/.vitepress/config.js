import { defineConfig } from "vitepress";

export default defineConfig({
  title: "Embedding in VitePress",
  // The tag is no Vue component.
  vue: { template: { compilerOptions: { isCustomElement: (tag) => tag === "convergence-lab" } } },
});
