// The theme that a reader chose, set before anything is drawn. Without a choice the system's counts.

const CHOICES = ["auto", "light", "dark"] as const;
type Choice = (typeof CHOICES)[number];

const WORDS: Readonly<Record<Choice, string>> = {
  auto: "as the system",
  light: "light",
  dark: "dark",
};

const KEY = "convergence-lab-theme";

let chosen = saved();
show();
document.addEventListener("DOMContentLoaded", () => {
  const button = document.querySelector<HTMLButtonElement>("[data-theme-switch]");
  if (button === null) return;
  button.hidden = false;
  const name = () => {
    button.querySelector("span")!.textContent = WORDS[chosen];
  };
  name();
  button.addEventListener("click", () => {
    chosen = CHOICES[(CHOICES.indexOf(chosen) + 1) % CHOICES.length];
    save();
    show();
    name();
  });
});

function show(): void {
  if (chosen === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = chosen;
}

/** A browser may forbid storage; then the choice lasts for the page. */
function saved(): Choice {
  try {
    const value = localStorage.getItem(KEY);
    return CHOICES.find((choice) => choice === value) ?? "auto";
  } catch {
    return "auto";
  }
}

function save(): void {
  try {
    localStorage.setItem(KEY, chosen);
  } catch {}
}
