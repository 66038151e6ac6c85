import { on } from "../dom";

/** The receipt of the counter goes on a sheet or on a roll: the button says which. */
on("click", "[data-print-on]", (button) => {
  document.documentElement.dataset["paper"] = button.dataset["printOn"] ?? "sheet";
  window.print();
});
