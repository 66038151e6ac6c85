import { all, on, one } from "../dom";

const PATIENCE = 10_000;

/** Where the device says it is: WGS-84, as the standard asks of every browser. */
function locate(): Promise<GeolocationCoordinates> {
  return new Promise((found, failed) => {
    if (!("geolocation" in navigator)) return failed(new Error("no geolocation"));
    navigator.geolocation.getCurrentPosition((position) => found(position.coords), failed, {
      enableHighAccuracy: true,
      timeout: PATIENCE,
      maximumAge: 30_000,
    });
  });
}

function write(field: HTMLElement | null, value: string): void {
  if (!(field instanceof HTMLInputElement || field instanceof HTMLSelectElement)) return;
  field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

/** "Take my position" fills the two numbers of a point; what it cannot fill is typed. */
on("click", "[data-locate]", (button) => {
  const said = one("[data-locate-said]", button.parentElement ?? document);
  const say = (name: string, n = ""): void => {
    if (said) said.textContent = (said.dataset[name] ?? "").replace("{n}", n);
  };
  const field = (name: string): HTMLElement | null => document.getElementById(button.dataset[name] ?? "");
  say("taking");
  locate().then(
    (here) => {
      write(field("datum"), "wgs84");
      write(field("accuracy"), String(Math.round(here.accuracy)));
      write(field("lat"), here.latitude.toFixed(6));
      write(field("lon"), here.longitude.toFixed(6));
      say("taken", String(Math.round(here.accuracy)));
    },
    () => {
      say("failed");
      field("lon")?.focus();
    },
  );
});

/** Numbers that are typed over, or set by a map, say nothing of how accurate the device was. */
on("input", "[data-point] input", (input, event) => {
  if (!event.isTrusted) return;
  for (const each of all<HTMLInputElement>("input[name=accuracy]", input.closest("[data-point]") ?? document)) each.value = "";
});

/** One tap verifies with the position of the device; without one the form asks for it. */
on("submit", "form[data-position]", (form, event) => {
  if (!(form instanceof HTMLFormElement) || form.dataset["placed"]) return;
  event.preventDefault();
  const button = one<HTMLButtonElement>("button", form);
  if (button) {
    button.disabled = true;
    button.setAttribute("aria-busy", "true");
    button.title = form.dataset["asking"] ?? "";
  }
  const field = (name: string): HTMLElement | null => one(`[name=${name}]`, form);
  locate()
    .then((here) => {
      write(field("stood_lon"), here.longitude.toFixed(6));
      write(field("stood_lat"), here.latitude.toFixed(6));
      write(field("accuracy"), String(Math.round(here.accuracy)));
    })
    .catch(() => undefined) // the server answers with the form, which takes typed numbers
    .finally(() => {
      form.dataset["placed"] = "yes";
      if (button) button.disabled = false;
      form.requestSubmit();
    });
});

function offer(within: ParentNode): void {
  for (const row of all("[data-locate-row][hidden]", within)) row.hidden = !("geolocation" in navigator);
}

offer(document);
new MutationObserver((changes) => {
  for (const change of changes) for (const node of change.addedNodes) if (node instanceof HTMLElement) offer(node);
}).observe(document.documentElement, { childList: true, subtree: true });
