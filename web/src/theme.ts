import { all, on } from "./dom";

/** Switch the theme at once; the server keeps the cookie, and does it alone where there is no script. */
export function startTheme(): void {
  on("submit", "form[data-theme-switch]", (form, event) => {
    const button = (event as SubmitEvent).submitter;
    if (!(button instanceof HTMLButtonElement) || !(form instanceof HTMLFormElement)) return;
    event.preventDefault();
    const sent = new FormData(form, button);
    if (button.value) document.documentElement.dataset["theme"] = button.value;
    else delete document.documentElement.dataset["theme"];
    for (const each of all("button", form)) each.removeAttribute("aria-current");
    button.setAttribute("aria-current", "true");
    void fetch(form.action, { method: "POST", body: sent, redirect: "manual" });
  });
}
