// Entry "./anywidget": the element in Jupyter, marimo and MyST. The model's traits are `spec`, `preset`,
// `engine` and `autoplay`; after a training or a diagnosis `report` holds what came out. build.mjs puts
// the one-file version in front, because a notebook loads this as text and no file beside it.

interface WidgetModel {
  get(name: string): unknown;
  set(name: string, value: unknown): void;
  save_changes(): void;
  on(event: string, handler: () => void): void;
  off(event: string, handler: () => void): void;
}

const ATTRIBUTES = ["preset", "src", "engine", "height"] as const;

function render({ model, el }: { readonly model: WidgetModel; readonly el: HTMLElement }) {
  const lab = document.createElement("convergence-lab");
  const take = () => {
    for (const name of ATTRIBUTES) {
      const value = model.get(name);
      if (typeof value === "string" && value !== "") lab.setAttribute(name, value);
      else lab.removeAttribute(name);
    }
    lab.toggleAttribute("autoplay", model.get("autoplay") === true);
    const spec = model.get("spec");
    const isThere = typeof spec === "object" && spec !== null && Object.keys(spec).length > 0;
    (lab as unknown as { spec: unknown }).spec = isThere ? spec : undefined;
  };
  lab.addEventListener("lab-finish", (event) => {
    const { report } = (event as CustomEvent<{ report: unknown }>).detail;
    model.set("report", report);
    model.save_changes();
  });
  take();
  const traits = ["spec", "autoplay", ...ATTRIBUTES].map((name) => `change:${name}`);
  for (const trait of traits) model.on(trait, take);
  el.append(lab);
  return () => {
    for (const trait of traits) model.off(trait, take);
    lab.remove();
  };
}

export default { render };
