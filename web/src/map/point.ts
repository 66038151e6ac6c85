import { Marker } from "maplibre-gl";

import { word, type MapConfig } from "./config";
import { open } from "./view";

const METRES_PER_DEGREE = 111_320;

/** The map of a form: one marker that says where something is; it is dragged, clicked to, or moved by the arrow keys. */
export async function openPoint(place: HTMLElement, config: MapConfig): Promise<void> {
  const lon = field(config.fields?.lon);
  const lat = field(config.fields?.lat);
  if (!lon || !lat) return;
  const view = await open(place, config, { on: new Set(config.layers.map((layer) => layer.key)), way: new Map() });
  const marker = new Marker({ draggable: true, element: pin(word(config, "marker")) });
  let placed = false;

  const show = (x: number, y: number): void => {
    marker.setLngLat([x, y]);
    if (!placed) marker.addTo(view);
    placed = true;
  };
  const keep = (x: number, y: number): void => {
    show(x, y);
    lon.value = x.toFixed(6);
    lat.value = y.toFixed(6);
    const datum = document.getElementById(config.fields?.datum ?? "");
    if (datum instanceof HTMLSelectElement) datum.value = "wgs84";
    for (const each of [lon, lat]) each.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const read = (fly: boolean): void => {
    if (placed && !lon.value && !lat.value) {
      marker.remove();
      placed = false;
    }
    const [x, y] = [Number(lon.value), Number(lat.value)];
    if (!lon.value || !lat.value || !(Math.abs(x) <= 180 && Math.abs(y) <= 85)) return;
    show(x, y);
    if (fly) view.jumpTo({ center: [x, y], zoom: Math.max(view.getZoom(), 17) });
  };

  read(true);
  for (const each of [lon, lat]) each.addEventListener("change", () => read(true));
  view.on("click", (event) => keep(event.lngLat.lng, event.lngLat.lat));
  marker.on("dragend", () => keep(marker.getLngLat().lng, marker.getLngLat().lat));
  marker.getElement().addEventListener("keydown", (event) => {
    const steps: Record<string, [number, number]> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
    const step = steps[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    const { lng, lat: y } = marker.getLngLat();
    const metres = (event.shiftKey ? 10 : 1) / METRES_PER_DEGREE;
    keep(lng + (step[0] * metres) / Math.cos((y * Math.PI) / 180), y + step[1] * metres);
  });
  view.getCanvas().addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    const { lng, lat: y } = view.getCenter();
    keep(lng, y);
    marker.getElement().focus();
  });
}

function field(name: string | undefined): HTMLInputElement | null {
  const found = document.getElementById(name ?? "");
  return found instanceof HTMLInputElement ? found : null;
}

function pin(label: string): HTMLElement {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "map-pin";
  made.setAttribute("aria-label", label);
  return made;
}
