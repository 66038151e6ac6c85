import { on, one } from "../dom";

const keyOf = (code: string): string => `receipt:${code}`;

/** Put the receipt on the page, with its head, whose switch leads away from nothing; this tab keeps it until it is closed, so that a reload does not lose the secret. */
export function showReceipt(main: HTMLElement, code: string): void {
  try {
    sessionStorage.setItem(keyOf(code), main.innerHTML);
  } catch {
    // a browser without a store shows it once
  }
  const head = one(".head", main.ownerDocument);
  if (head) one(".head")?.replaceWith(head);
  one("main")?.replaceWith(main);
  const title = one("h1", main)?.textContent;
  if (title) document.title = title;
  ready(main);
  window.scrollTo(0, 0);
  main.focus();
}

/** The way back to a receipt that this tab was given before. */
export function offerReceipt(form: HTMLFormElement, code: string, words: string): void {
  const kept = sessionStorage.getItem(keyOf(code));
  if (!kept) return;
  const line = document.createElement("p");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button";
  button.textContent = words;
  button.addEventListener("click", () => {
    const main = one("main");
    if (!main) return;
    main.innerHTML = kept;
    ready(main);
    window.scrollTo(0, 0);
    main.focus();
  });
  line.append(button);
  form.before(line);
}

function ready(within: ParentNode): void {
  for (const button of within.querySelectorAll<HTMLElement>("[data-print]")) button.hidden = false;
}

on("click", "[data-print]", () => window.print());
ready(document);
