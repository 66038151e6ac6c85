import { all, on, one } from "../dom";

/**
 * The worklist by nearness: the device says where it stands, and only after somebody asked for it.  The place travels in
 * the body of a request, never in an address, and goes along with what is verified on the spot.
 */
const ASKED = "jishi-near";
const LONGEST = 15_000;
const OLDEST = 30_000;

const stand = one<HTMLFormElement>("form[data-stand]");
if (stand && "geolocation" in navigator) {
  stand.hidden = false;
  stand.addEventListener("submit", (event) => {
    event.preventDefault();
    void look(stand);
  });
  // Who asked once on this tab, and let the device answer, sees the nearest first again after each verification.
  if (sessionStorage.getItem(ASKED)) void look(stand);
}

on("submit", "form[data-verify]", (form, event) => {
  if (!(form instanceof HTMLFormElement) || form.dataset["stood"] || !("geolocation" in navigator)) return;
  if (!("needsPosition" in form.dataset) && !sessionStorage.getItem(ASKED)) return;
  event.preventDefault();
  const button = one<HTMLButtonElement>("button", form);
  button?.setAttribute("aria-busy", "true");
  void here()
    .then((found) => fill(form, found))
    .catch(() => undefined)
    .finally(() => {
      form.dataset["stood"] = "yes";
      button?.removeAttribute("aria-busy");
      form.requestSubmit(button);
    });
});

function here(): Promise<GeolocationCoordinates> {
  return new Promise((found, failed) =>
    navigator.geolocation.getCurrentPosition((position) => found(position.coords), failed, {
      enableHighAccuracy: true,
      timeout: LONGEST,
      maximumAge: OLDEST,
    }),
  );
}

function fill(form: HTMLFormElement, place: GeolocationCoordinates): void {
  const lon = place.longitude.toFixed(6);
  const lat = place.latitude.toFixed(6);
  const values = { lon, lat, stood_lon: lon, stood_lat: lat, accuracy: String(Math.round(place.accuracy)) };
  for (const [name, value] of Object.entries(values)) {
    const field = form.elements.namedItem(name);
    if (field instanceof HTMLInputElement) field.value = value;
  }
}

async function look(form: HTMLFormElement): Promise<void> {
  const says = one("[data-stand-says]");
  if (says) says.textContent = form.dataset["asking"] ?? "";
  try {
    const place = await here();
    fill(form, place);
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form) });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const tasks = page.getElementById("tasks");
    if (!answer.ok || !tasks) throw new Error(String(answer.status));
    document.getElementById("tasks")?.replaceWith(tasks);
    for (const each of all<HTMLFormElement>("form[data-verify]")) fill(each, place);
    sessionStorage.setItem(ASKED, "yes");
    if (says) says.textContent = "";
  } catch {
    sessionStorage.removeItem(ASKED);
    if (says) says.textContent = form.dataset["denied"] ?? "";
  }
}
