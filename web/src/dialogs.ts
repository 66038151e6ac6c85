import htmx from "htmx.org";

import { all, isPlainClick, on, one } from "./dom";
import { mayLeave } from "./forms";

/** Dialogs by id, a command's form in a dialog, and the question before what leaves the house. */
export function startDialogs(): void {
  for (const button of all("[data-dialog][hidden]")) button.hidden = false;
  on("click", "[data-dialog]", (button) => open(button.dataset["dialog"] ?? ""));
  on("click", "a[data-dialog-href]", (link, event) => {
    if (!isPlainClick(event) || !(link instanceof HTMLAnchorElement) || !document.getElementById("dialog")) return;
    event.preventDefault();
    void openForm(link);
  });
  on("submit", "form[data-ask]", (form, event) => {
    if (!(form instanceof HTMLFormElement) || form.dataset["asked"]) return;
    event.preventDefault();
    ask(form.dataset["ask"] ?? "", () => {
      form.dataset["asked"] = "yes";
      form.requestSubmit();
    });
  });
  document.addEventListener("cancel", (event) => {
    if (event.target instanceof HTMLDialogElement && !mayLeave(event.target)) event.preventDefault();
  }, true);
}

export function open(id: string): HTMLDialogElement | null {
  const dialog = document.getElementById(id);
  if (!(dialog instanceof HTMLDialogElement) || dialog.open) return null;
  for (const menu of all<HTMLDetailsElement>("details.menu[open]")) menu.open = false;
  dialog.showModal();
  return dialog;
}

async function openForm(link: HTMLAnchorElement): Promise<void> {
  const dialog = open("dialog");
  const body = document.getElementById("dialog-body");
  const title = document.getElementById("dialog-title");
  if (!dialog || !body || !title) return;
  title.textContent = (link.dataset["title"] ?? link.textContent ?? "").trim();
  body.replaceChildren(dialog.dataset["loading"] ?? "");
  dialog.addEventListener("close", () => link.focus(), { once: true });
  try {
    const answer = await fetch(link.href, { headers: { "X-Requested-With": "dialog" }, redirect: "follow" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const heading = page.querySelector("main h1")?.textContent?.trim();
    if (heading && !link.dataset["title"]) title.textContent = heading;
    const parts = page.querySelectorAll("[data-dialog-part]");
    const found = parts.length ? [...parts] : [...page.querySelectorAll("main .column-main > *")];
    body.replaceChildren(...found);
    htmx.process(body);
    (body.querySelector<HTMLElement>("[autofocus], input:not([type=hidden]), select, textarea, button") ?? dialog).focus();
  } catch {
    body.replaceChildren(dialog.dataset["failed"] ?? "");
  }
}

function ask(question: string, then: () => void): void {
  const dialog = open("ask");
  if (!dialog) return then();
  const title = one("h2", dialog);
  if (title) title.textContent = question;
  dialog.returnValue = "";
  dialog.addEventListener("close", () => dialog.returnValue === "yes" && then(), { once: true });
}
