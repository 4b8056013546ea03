import DefaultTheme from "vitepress/theme";

export default {
  extends: DefaultTheme,
  enhanceApp() {
    // In the browser only: pages are rendered in Node, which has no elements.
    if (!import.meta.env.SSR) import("@convergence-lab/web/define");
  },
};
