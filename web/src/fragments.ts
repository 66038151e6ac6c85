import htmx from "htmx.org";

import { say } from "./toasts";

/** htmx under a strict policy: no eval, no inline style; an answer 4xx is shown, since it says what to do. */
export function startFragments(): void {
  htmx.config.allowEval = false;
  htmx.config.allowScriptTags = false;
  htmx.config.includeIndicatorStyles = false;
  htmx.config.historyCacheSize = 0;
  htmx.config.selfRequestsOnly = true;
  htmx.config.attributesToSettle = ["class"];
  htmx.config.scrollIntoViewOnBoost = false;
  htmx.config.responseHandling = [
    { code: "204", swap: false },
    { code: "[23]..", swap: true },
    { code: "[4]..", swap: true, error: false },
    { code: "[5]..", swap: false, error: true },
  ];
  document.addEventListener("htmx:sendError", sayOffline);
  document.addEventListener("htmx:responseError", sayOffline);
}

function sayOffline(): void {
  say(document.getElementById("toast-words")?.dataset["offline"] ?? "");
}
