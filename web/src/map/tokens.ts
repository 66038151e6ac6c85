/** The colours of the design tokens as they stand now, and a call when the theme changes. */

const NAMES = ["paper", "ground", "sunk", "line", "edge", "ink", "quiet", "accent", "accent-wash", "on-accent", "red", "orange", "yellow", "blue"] as const;

export type Token = (typeof NAMES)[number];
export type Tokens = Record<Token, string> & { face: string; dark: boolean; strong: boolean };

export function tokens(): Tokens {
  const style = getComputedStyle(document.documentElement);
  const found = Object.fromEntries(NAMES.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
  return {
    ...(found as Record<Token, string>),
    face: style.getPropertyValue("--face").trim() || "sans-serif",
    dark: style.colorScheme === "dark",
    strong: matchMedia("(prefers-contrast: more)").matches,
  };
}

export function onTheme(act: () => void): void {
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", act);
  new MutationObserver(act).observe(document.documentElement, { attributeFilter: ["data-theme"] });
}
