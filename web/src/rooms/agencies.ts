import { all, on } from "../dom";

/** A link that is shown once goes to the clipboard with one press; without scripts it is marked by hand. */
if (navigator.clipboard) for (const button of all("[data-copy]")) button.hidden = false;
on("click", "[data-copy]", (button) => {
  const text = document.getElementById(button.dataset["copy"] ?? "")?.textContent?.trim() ?? "";
  void navigator.clipboard.writeText(text).then(() => {
    const words = button.querySelector("span");
    if (words) words.textContent = button.dataset["copied"] ?? "";
  });
});
