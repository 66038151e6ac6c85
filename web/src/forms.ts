import { all, on, one } from "./dom";

const changed = new WeakSet<HTMLFormElement>();
let sending = false;

function guarded(form: HTMLFormElement | null): form is HTMLFormElement {
  return !!form && form.method === "post" && form.dataset["guard"] !== "off" && !form.hasAttribute("data-select");
}

function unsent(within: ParentNode = document): boolean {
  return all<HTMLFormElement>("form", within).some((form) => changed.has(form));
}

/** Ask before words that are not sent are lost; true where nothing is lost or the user does not mind. */
export function mayLeave(within: ParentNode = document): boolean {
  if (!unsent(within)) return true;
  const words = document.getElementById("leave-words")?.dataset["text"] ?? "";
  if (!window.confirm(words)) return false;
  for (const form of all<HTMLFormElement>("form", within)) changed.delete(form);
  return true;
}

/** Ctrl+Enter sends, Enter moves on in entry forms, a form is sent once, unsent words are asked about. */
export function startForms(): void {
  document.addEventListener("input", (event) => {
    const form = event.target instanceof Element ? event.target.closest("form") : null;
    if (guarded(form)) changed.add(form);
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || form.method !== "post" || event.defaultPrevented) return;
    changed.delete(form);
    if (form.target === "_blank") return; // what comes stands beside this page, whose form stays as it is
    sending = true;
    setTimeout(() => {
      sending = false;
      if (form.hasAttribute("hx-post")) return;
      for (const button of all<HTMLButtonElement>("button:not([type=button])", form)) {
        button.disabled = true;
        button.setAttribute("aria-busy", "true");
      }
    });
  });
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    for (const button of all<HTMLButtonElement>("button[aria-busy]")) {
      button.disabled = false;
      button.removeAttribute("aria-busy");
    }
  });
  window.addEventListener("beforeunload", (event) => {
    if (!sending && unsent()) event.preventDefault();
  });
  on("keydown", "form", (form, event) => {
    if (event.key !== "Enter" || event.isComposing || !(form instanceof HTMLFormElement)) return;
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      form.requestSubmit();
    } else if (form.hasAttribute("data-entry") && event.target instanceof HTMLInputElement && !isButton(event.target)) {
      event.preventDefault();
      moveOn(form, event.target);
    }
  });
  (one("[data-focus]") ?? one("form[data-begin] input:not([type=hidden])"))?.focus();
}

function isButton(input: HTMLInputElement): boolean {
  return ["submit", "button", "file", "reset"].includes(input.type);
}

/** To the next field or button of the form; never to one that sends elsewhere what is half written, or that keys pass by. */
function moveOn(form: HTMLFormElement, from: HTMLElement): void {
  const stops = all("input:not([type=hidden]), select, textarea, button", form).filter(
    (stop) =>
      !stop.hasAttribute("disabled") && !stop.hasAttribute("formaction") && stop.tabIndex >= 0 && stop.getClientRects().length > 0,
  );
  stops[stops.indexOf(from) + 1]?.focus();
}
