import { one } from "../dom";

/** The number and the secret behind the # of a scanned code go into the form, and out of the address; where the page of another receipt is open, the form is gone to first. */
function fillReceipt(): void {
  const [number, secret] = decodeURIComponent(location.hash.slice(1)).split(".", 2);
  const form = one<HTMLFormElement>("form[data-receipt]");
  const opened = one("[data-opened]")?.dataset["opened"];
  if (!number || !(form || opened)) return;
  if (opened && opened !== number && secret) {
    location.replace(`${location.pathname}?other${location.hash}`);
    return;
  }
  history.replaceState(null, "", location.pathname);
  if (!form) return;
  one<HTMLInputElement>("input[name=number]", form)!.value = number;
  const field = one<HTMLInputElement>("input[name=secret]", form)!;
  field.value = secret ?? "";
  (secret ? one("button", form) : field)?.focus();
}

fillReceipt();
addEventListener("hashchange", fillReceipt);
