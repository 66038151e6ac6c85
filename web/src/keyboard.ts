import { all, isTyping, one } from "./dom";
import { open } from "./dialogs";

/** `/` search, `n` report, `j` `k` move, `o` open, `x` mark, `e` the likely command, `?` all of them. */
export function startKeyboard(): void {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return;
    if (isTyping(event.target)) {
      if (event.key === "Escape" && event.target instanceof HTMLElement) event.target.blur();
      return;
    }
    if (one("dialog[open]")) return;
    if (act(event.key)) event.preventDefault();
  });
}

function act(key: string): boolean {
  if (key === "?") return open("keys") !== null;
  if (key === "j" || key === "k") return move(key === "j" ? 1 : -1);
  if (key === "o") return press(one("[data-open]", row() ?? document.createElement("div")));
  if (key === "x") return press(one("input[type=checkbox]", row() ?? document.createElement("div")));
  if (key === "e") return press(one("[data-likely]", row() ?? document) ?? one(".commands [data-likely]"));
  return press(all("[data-key]").find((element) => element.dataset["key"] === key) ?? null);
}

function row(): HTMLElement | null {
  return document.activeElement?.closest<HTMLElement>("[data-row]") ?? one("[data-row][aria-current]");
}

function move(step: number): boolean {
  const rows = all("[data-row]").filter((each) => each.getClientRects().length > 0);
  const here = row();
  const next = here ? rows.indexOf(here) + step : step > 0 ? 0 : rows.length - 1;
  const link = rows[next] && one<HTMLElement>("[data-open]", rows[next]);
  if (!link) return false;
  link.focus({ preventScroll: true });
  link.scrollIntoView({ block: "nearest" });
  return true;
}

function press(element: HTMLElement | null): boolean {
  if (!element) return false;
  if (isTyping(element)) {
    element.focus();
    if (element instanceof HTMLInputElement) element.select();
  } else element.click();
  return true;
}
