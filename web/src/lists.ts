import htmx from "htmx.org";

import { all, isPlainClick, on, one } from "./dom";
import { mayLeave } from "./forms";

const PLACE = "jishi-list:";
const wide = window.matchMedia("(min-width: 1200px)");

/** Marked rows and their bulk bar, the detail beside the list, and the place in the list when one comes back. */
export function startLists(): void {
  on("change", "form[data-select] input[type=checkbox]", (box) => marked(box as HTMLInputElement));
  on("click", "[data-row] a[data-open]", (link, event) => {
    remember(link);
    const pane = document.getElementById("detail");
    if (!pane || !wide.matches || !isPlainClick(event) || !(link instanceof HTMLAnchorElement)) return;
    event.preventDefault();
    if (mayLeave(pane)) void show(link, pane);
  });
  const pane = document.getElementById("detail");
  if (pane) for (const change of ["scroll", "resize"]) window.addEventListener(change, () => fit(pane), { passive: true });
  restore();
}

function marked(box: HTMLInputElement): void {
  const form = box.form;
  if (!form) return;
  const boxes = all<HTMLInputElement>("[data-row] input[type=checkbox]", form);
  if (box.hasAttribute("data-select-all")) for (const each of boxes) each.checked = box.checked;
  const count = boxes.filter((each) => each.checked).length;
  const whole = one<HTMLInputElement>("[data-select-all]", form);
  if (whole) {
    whole.checked = count > 0 && count === boxes.length;
    whole.indeterminate = count > 0 && count < boxes.length;
  }
  const bar = one("[data-bulk]", form);
  const said = one("[data-bulk-count]", form);
  if (bar) bar.hidden = count === 0;
  if (said) said.textContent = (said.dataset["text"] ?? "{n}").replace("{n}", String(count));
}

async function show(link: HTMLAnchorElement, pane: HTMLElement): Promise<void> {
  for (const row of all("[data-row][aria-current]")) row.removeAttribute("aria-current");
  link.closest("[data-row]")?.setAttribute("aria-current", "true");
  await htmx.ajax("get", link.href, { target: pane, swap: "innerHTML", select: "#main > *" });
  pane.scrollTop = 0;
  fit(pane);
}

/** The pane ends where the window ends, so that its commands are always in reach. */
function fit(pane: HTMLElement): void {
  const top = Math.max(pane.getBoundingClientRect().top, 0);
  pane.style.maxHeight = `${Math.max(window.innerHeight - top - 16, 320)}px`;
}

function remember(link: HTMLElement): void {
  const place = { row: link.getAttribute("href"), top: window.scrollY };
  sessionStorage.setItem(PLACE + location.pathname + location.search, JSON.stringify(place));
}

function restore(): void {
  const key = PLACE + location.pathname + location.search;
  const kept = sessionStorage.getItem(key);
  if (!kept || !one("[data-row]")) return;
  sessionStorage.removeItem(key);
  const arrival = performance.getEntriesByType("navigation")[0];
  const back = arrival instanceof PerformanceNavigationTiming && arrival.type === "back_forward";
  const fromDetail = document.referrer.startsWith(location.origin);
  if (!back && !fromDetail) return;
  const place = JSON.parse(kept) as { row: string; top: number };
  window.scrollTo({ top: place.top });
  all<HTMLAnchorElement>("[data-row] a[data-open]")
    .find((link) => link.getAttribute("href") === place.row)
    ?.focus({ preventScroll: true });
}
