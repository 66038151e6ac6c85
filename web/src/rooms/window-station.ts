import { all, on, one } from "../dom";
import { Looks } from "../looks";

/** The receipt of the counter goes on a sheet or on a roll: the button says which. */
on("click", "[data-print-on]", (button) => {
  document.documentElement.dataset["paper"] = button.dataset["printOn"] ?? "sheet";
  window.print();
});

/** At the counter what is known nearby stands beside the form while the clerk writes; who it is, is not asked with it. */
const counter = one<HTMLFormElement>("form.counter-form");
if (counter) {
  const looks = new Looks(counter, ["name", "phone", "email", "agree"]);
  for (const part of all("[data-step]", counter)) part.hidden = true;
  counter.addEventListener("input", (event) => {
    const name = (event.target as HTMLInputElement).name;
    if (["words", "place", "element", "category"].includes(name)) looks.soon(name === "words" || name === "place");
  });
}
