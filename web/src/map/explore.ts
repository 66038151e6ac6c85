import type { GeoJSONSource, Map as View, MapGeoJSONFeature, PointLike } from "maplibre-gl";

import { word, type LayerConfig, type MapConfig } from "./config";
import { Drawing } from "./draw";
import { absolute, pointed, resolutionAt, SINGLE_FROM } from "./layers";
import { buildPanel } from "./panel";
import { startBar, startPaper } from "./paper";
import { open, type Shown } from "./view";

const REACH = 8;

/** The map of the register: layers to switch, cards, a polygon to draw, a sheet to print. */
export async function openExplore(place: HTMLElement, config: MapConfig): Promise<void> {
  const shown: Shown = { on: new Set(config.layers.filter((layer) => layer.on).map((layer) => layer.key)), way: new Map() };
  const view = await open(place, config, shown, { hash: "at" });
  const part = (name: string): HTMLElement | null => document.querySelector(`[data-map-${name}]`);
  const say = (text: string): void => void part("said")?.replaceChildren(text);
  const hexagons = new Hexagons(view, config.layers.filter((layer) => layer.kind === "hexagons"), shown);
  const panel = part("panel");
  if (panel) buildPanel(panel, config, shown, view, () => hexagons.update());
  const bar = part("bar");
  if (bar) startBar(view, bar);
  startPaper(view, part("print"));
  part("in")?.addEventListener("click", () => view.zoomIn());
  part("out")?.addEventListener("click", () => view.zoomOut());
  part("home")?.addEventListener("click", () => view.fitBounds(config.bounds, { padding: 24 }));
  startDrawing(view, config, say, part);
  view.on("error", () => say(word(config, "failed")));
}

function startDrawing(view: View, config: MapConfig, say: (text: string) => void, part: (name: string) => HTMLElement | null): void {
  const form = part("inside");
  const holder = part("card");
  const clear = part("clear");
  const close = part("close");
  const drawing = new Drawing(
    view,
    (polygon) => {
      if (!(form instanceof HTMLFormElement) || !holder) return;
      const sent = new FormData(form);
      sent.set("polygon", JSON.stringify(polygon));
      void fill(holder, form.action, { method: "POST", body: sent }, config);
    },
    (corners, active) => {
      if (clear) clear.hidden = !active && corners === 0;
      if (close) close.hidden = !active || corners < 3;
      if (active) say(corners ? word(config, "corners", { n: corners }) : word(config, "draw_how"));
      else if (!corners) say("");
    },
  );
  part("draw")?.addEventListener("click", () => drawing.begin());
  clear?.addEventListener("click", () => {
    drawing.clear();
    holder?.replaceChildren();
  });
  close?.addEventListener("click", () => drawing.close());
  const choose = (at: PointLike): void => {
    if (!drawing.drawing && holder) pick(view, config, at, holder);
  };
  view.on("click", (event) => choose(event.point));
  view.getCanvas().addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || drawing.drawing) return;
    event.preventDefault();
    choose([view.getCanvas().clientWidth / 2, view.getCanvas().clientHeight / 2]);
  });
  view.on("mousemove", (event) => {
    if (!drawing.drawing) view.getCanvas().style.cursor = nearest(view, config, event.point) ? "pointer" : "";
  });
}

/** Open what lies at a place of the screen: the card of a point, or the points of a cluster. */
function pick(view: View, config: MapConfig, at: PointLike, holder: HTMLElement): void {
  const found = nearest(view, config, at);
  if (!found || found.feature.geometry.type !== "Point") return;
  const { layer, feature } = found;
  if ("n" in feature.properties) {
    const [x, y] = found.feature.geometry.coordinates as [number, number];
    view.easeTo({ center: [x, y], zoom: Math.min(view.getZoom() + 2, Math.max(view.getZoom() + 1, SINGLE_FROM)) });
  } else if (layer.card) {
    void fill(holder, layer.card.replace("{id}", String(feature.id)), {}, config);
  }
}

function nearest(view: View, config: MapConfig, at: PointLike): { layer: LayerConfig; feature: MapGeoJSONFeature } | null {
  const { x, y } = Array.isArray(at) ? { x: at[0], y: at[1] } : at;
  const box: [PointLike, PointLike] = [[x - REACH, y - REACH], [x + REACH, y + REACH]];
  const points = config.layers.filter((layer) => layer.kind === "points");
  const names = points.flatMap(pointed).filter((name) => view.getLayer(name));
  const away = (feature: MapGeoJSONFeature): number => {
    if (feature.geometry.type !== "Point") return Infinity;
    const there = view.project(feature.geometry.coordinates as [number, number]);
    return Math.hypot(there.x - x, there.y - y);
  };
  const feature = view.queryRenderedFeatures(box, { layers: names }).sort((one, other) => away(one) - away(other))[0];
  const layer = feature && points.find((each) => each.key === feature.source);
  return layer && feature ? { layer, feature } : null;
}

/** Put the answer of the server into its place, and lead the reader there. */
async function fill(holder: HTMLElement, address: string, how: RequestInit, config: MapConfig): Promise<void> {
  holder.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(address, { ...how, headers: { "X-Requested-With": "fetch" } });
    if (answer.status >= 500 || answer.redirected) throw new Error(String(answer.status));
    holder.innerHTML = await answer.text();
    holder.dispatchEvent(new CustomEvent("map:filled", { bubbles: true }));
    const head = holder.querySelector<HTMLElement>("[tabindex]");
    (head ?? holder).focus({ preventScroll: matchMedia("(min-width: 1200px)").matches });
  } catch {
    holder.textContent = word(config, "failed");
  } finally {
    holder.removeAttribute("aria-busy");
  }
}

/** Hexagons come for one resolution at a time, as the zoom asks. */
class Hexagons {
  private readonly loaded = new Map<string, number>();

  constructor(
    private readonly view: View,
    private readonly layers: LayerConfig[],
    private readonly shown: Shown,
  ) {
    view.on("zoomend", () => this.update());
    view.on("style.load", () => {
      this.loaded.clear();
      this.update();
    });
  }

  update(): void {
    const resolution = resolutionAt(this.view.getZoom());
    for (const layer of this.layers) {
      if (!this.shown.on.has(layer.key) || this.loaded.get(layer.key) === resolution) continue;
      const source = this.view.getSource(layer.key) as GeoJSONSource | undefined;
      if (!source) continue;
      this.loaded.set(layer.key, resolution);
      source.setData(absolute(layer.url).replace("{resolution}", String(resolution)));
    }
  }
}
