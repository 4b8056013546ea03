export default {
  title: "Embedding in Docusaurus",
  url: "https://example.org",
  baseUrl: "/",
  onBrokenLinks: "throw",
  // Pages are rendered in Node as well; a client module runs in the browser only when it says so.
  clientModules: ["./src/client/lab.js"],
  presets: [["classic", { docs: { routeBasePath: "/" }, blog: false }]],
};
