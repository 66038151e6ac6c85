import { all, on } from "./dom";

/** A file field says in the page's language what was chosen. */
export function startFiles(): void {
  on("change", ".file input[type=file]", (input) => tell(input));
  for (const input of all(".file input[type=file]")) tell(input);
}

function tell(input: HTMLElement): void {
  const names = input.parentElement?.querySelector<HTMLElement>(".file-names");
  if (!names || !(input instanceof HTMLInputElement)) return;
  const chosen = [...(input.files ?? [])].map((file) => file.name);
  const many = (names.dataset["many"] ?? "{n}").replace("{n}", String(chosen.length));
  names.textContent = chosen.length > 2 ? many : chosen.join(", ") || (names.dataset["none"] ?? "");
  names.classList.toggle("quiet", chosen.length === 0);
}
