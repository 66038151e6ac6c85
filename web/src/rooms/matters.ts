import { all, on } from "../dom";

/** The report takes the category that its words point to, and what stands in the register near by; an answer begins with the text that is opened. */
on("click", "[data-choose]", (button) => {
  const field = document.getElementById(button.dataset["choose"] ?? "");
  if (!(field instanceof HTMLSelectElement || field instanceof HTMLInputElement)) return;
  field.value = button.dataset["value"] ?? "";
  field.dispatchEvent(new Event("change", { bubbles: true }));
  field.focus();
  button.parentElement?.setAttribute("hidden", "");
});

document.addEventListener(
  "toggle",
  (event) => {
    const opened = event.target;
    if (!(opened instanceof HTMLDetailsElement) || !opened.open || !opened.matches(".template")) return;
    const words = opened.querySelector<HTMLElement>("[data-fills]");
    const field = document.getElementById(words?.dataset["fills"] ?? "");
    if (!words || !(field instanceof HTMLTextAreaElement)) return;
    const own = all("[data-fills]").every((each) => each.textContent !== field.value);
    if (field.value && own) return;
    field.value = words.textContent ?? "";
    field.dispatchEvent(new Event("input", { bubbles: true }));
  },
  true,
);

// The grade that is usual for a category is proposed until somebody says another one.
on("change", "form[data-report] select[name=category]", (field) => {
  const form = field.closest("form");
  if (!(form instanceof HTMLFormElement) || !(field instanceof HTMLSelectElement) || form.dataset["graded"]) return;
  const usual = (JSON.parse(form.dataset["grades"] ?? "{}") as Record<string, number>)[field.value];
  for (const radio of all<HTMLInputElement>("input[name=grade]", form)) radio.checked = radio.value === String(usual);
});
on("change", "form[data-report] input[name=grade]", (radio) => {
  radio.closest("form")?.setAttribute("data-graded", "");
});
