import { all, on } from "./dom";

const STAY = 8;
const UNDO = 10;

/** Toasts go by themselves, but not while one is read; an undo counts its seconds down. */
export function startToasts(): void {
  on("click", "[data-toast] [data-close]", (button) => button.closest("[data-toast]")?.remove());
  all("[data-toast]").forEach(start);
  const place = document.getElementById("toasts");
  if (place) {
    new MutationObserver((changes) => {
      for (const change of changes)
        for (const node of change.addedNodes) if (node instanceof HTMLElement && node.matches("[data-toast]")) start(node);
    }).observe(place, { childList: true });
  }
}

/** Show an error that the browser itself noticed. */
export function say(text: string): void {
  const place = document.getElementById("toasts");
  if (!place || !text) return;
  const toast = document.createElement("div");
  toast.className = "toast toast-error";
  toast.dataset["toast"] = "";
  const words = document.createElement("p");
  words.textContent = text;
  toast.append(words);
  place.append(toast);
}

function start(toast: HTMLElement): void {
  if (toast.matches(".toast-error:has([data-close])")) return;
  let left = toast.hasAttribute("data-undo") ? UNDO : STAY;
  const seconds = toast.querySelector("[data-seconds]");
  const show = () => {
    if (seconds) seconds.textContent = String(left);
  };
  show();
  const timer = setInterval(() => {
    if (!toast.isConnected) return clearInterval(timer);
    if (toast.matches(":hover, :focus-within")) return;
    left -= 1;
    show();
    if (left <= 0) {
      clearInterval(timer);
      toast.remove();
    }
  }, 1000);
}
