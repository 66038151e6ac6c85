import { one } from "../dom";

/** Where it is: the map, which is loaded only when it is asked for, and the position of the phone. */
export function startPlace(form: HTMLFormElement, words: Record<string, string>): void {
  const lon = one<HTMLInputElement>("[name=lon]", form);
  const lat = one<HTMLInputElement>("[name=lat]", form);
  const marked = one("[data-point]", form);
  const row = one("[data-where]", form);
  if (!lon || !lat || !marked || !row) return;
  row.hidden = false;
  const show = (): void => {
    marked.hidden = !lon.value || !lat.value;
  };
  const put = (x: string, y: string): void => {
    lon.value = x;
    lat.value = y;
    for (const type of ["input", "change"]) lon.dispatchEvent(new Event(type, { bubbles: true }));
  };
  for (const field of [lon, lat]) field.addEventListener("input", show);
  one("[data-unmark]", form)?.addEventListener("click", () => {
    put("", "");
    one<HTMLInputElement>("[name=place]", form)?.focus();
  });
  startMap(form);
  startPosition(form, words, put);
}

function startMap(form: HTMLFormElement): void {
  const button = one("[data-mark]", form);
  const map = one("[data-map]", form);
  if (!button || !map) return;
  button.addEventListener("click", () => {
    const first = map.hidden && !map.childElementCount;
    map.hidden = !map.hidden;
    button.setAttribute("aria-expanded", String(!map.hidden));
    if (!first) return;
    const style = document.createElement("link");
    style.rel = "stylesheet";
    style.href = button.dataset["style"] ?? "";
    style.onload = () => void import(/* @vite-ignore */ new URL(button.dataset["script"] ?? "", location.href).href);
    document.head.append(style);
  });
}

function startPosition(form: HTMLFormElement, words: Record<string, string>, put: (x: string, y: string) => void): void {
  const button = one<HTMLButtonElement>("[data-here]", form);
  const said = one("[data-where-said]", form);
  if (!button || !said) return;
  if (!window.isSecureContext || !("geolocation" in navigator)) {
    button.hidden = true;
    return;
  }
  const say = (text: string | undefined): void => {
    said.textContent = text ?? "";
    said.hidden = !text;
  };
  button.addEventListener("click", () => {
    say(words["asking"]);
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        say("");
        put(coords.longitude.toFixed(6), coords.latitude.toFixed(6));
      },
      () => say(words["nowhere"]),
      { enableHighAccuracy: true, timeout: 15_000, maximumAge: 60_000 },
    );
  });
}
