import type { Map as View } from "maplibre-gl";

/** The length of a round number of metres that fits `most` pixels: `{ metres, pixels }`. */
export function barOf(view: View, most: number): { metres: number; pixels: number } {
  const middle = view.getContainer().clientHeight / 2;
  const from = view.unproject([0, middle]);
  const whole = from.distanceTo(view.unproject([most, middle]));
  const power = 10 ** Math.floor(Math.log10(whole));
  const metres = ([5, 2, 1].find((step) => step * power <= whole) ?? 1) * power;
  return { metres, pixels: (most * metres) / whole };
}

/** Keep the scale bar in step with the map. */
export function startBar(view: View, bar: HTMLElement): void {
  const update = (): void => {
    const { metres, pixels } = barOf(view, 120);
    bar.style.width = `${pixels}px`;
    bar.textContent = metres >= 1000 ? `${metres / 1000} km` : `${metres} m`;
  };
  view.on("move", update);
  view.on("resize", update);
  update();
}

/** Paper needs a picture: a canvas of WebGL is empty by the time it is printed. */
export function startPaper(view: View, button: HTMLElement | null): void {
  const image = document.createElement("img");
  image.className = "map-paper";
  image.alt = "";
  view.getContainer().append(image);
  const take = (): void => {
    view.redraw();
    image.src = view.getCanvas().toDataURL("image/png");
  };
  window.addEventListener("beforeprint", take);
  button?.addEventListener("click", () => void onPaper(view, image, take));
}

/** The same ground in the shape of a sheet, sharper than a screen, then as it was before. */
async function onPaper(view: View, image: HTMLImageElement, take: () => void): Promise<void> {
  const bounds = view.getBounds();
  const place = view.getContainer();
  const sharp = view.getPixelRatio();
  place.classList.add("map-on-paper");
  view.resize();
  view.setPixelRatio(Math.max(2, sharp));
  view.fitBounds(bounds, { animate: false });
  await new Promise<void>((done) => void view.once("idle", () => done()));
  take();
  await image.decode();
  window.print();
  place.classList.remove("map-on-paper");
  view.setPixelRatio(sharp);
  view.resize();
  view.fitBounds(bounds, { animate: false });
}
