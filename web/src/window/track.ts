/** The number and the secret behind the # of a scanned code go into the form, and out of the address. */
function fillReceipt(): void {
  const form = document.querySelector<HTMLFormElement>("form[data-receipt]");
  const [number, secret] = decodeURIComponent(location.hash.slice(1)).split(".", 2);
  if (!form || !number) return;
  history.replaceState(null, "", location.pathname);
  form.querySelector<HTMLInputElement>("input[name=number]")!.value = number;
  const field = form.querySelector<HTMLInputElement>("input[name=secret]")!;
  field.value = secret ?? "";
  (secret ? form.querySelector<HTMLElement>("button") : field)?.focus();
}

fillReceipt();
addEventListener("hashchange", fillReceipt);

export {};
