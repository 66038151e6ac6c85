import { Map as View, setWorkerUrl, type LngLatBoundsLike, type MapOptions, type StyleSpecification } from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?url";

import { ground } from "./base";
import { word, type LayerConfig, type MapConfig, type Way } from "./config";
import { addImages } from "./icons";
import { DEEPEST, layersOf, namesOf, sourceOf } from "./layers";
import { onTheme, tokens } from "./tokens";

setWorkerUrl(new URL(workerUrl, import.meta.url).href);

/** What of the layers is shown, as the switches say. */
export interface Shown {
  on: Set<string>;
  way: Map<string, string>;
}

export function wayOf(layer: LayerConfig, shown: Shown): Way | undefined {
  return layer.ways?.find((way) => way.key === shown.way.get(layer.key)) ?? layer.ways?.[0];
}

/** Draw the map into its place, and again whenever the theme changes. */
export async function open(place: HTMLElement, config: MapConfig, shown: Shown, more: Partial<MapOptions> = {}): Promise<View> {
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const view = new View({
    container: place,
    style: await styleOf(config, shown),
    bounds: config.bounds as LngLatBoundsLike,
    fitBoundsOptions: { padding: 24 },
    maxZoom: DEEPEST + 1.5,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    attributionControl: { compact: true },
    localIdeographFontFamily: tokens().face,
    fadeDuration: still ? 0 : 100,
    locale: {
      "Map.Title": word(config, "title"),
      "AttributionControl.ToggleAttribution": word(config, "sources"),
      "Marker.Title": word(config, "marker"),
    },
    refreshExpiredTiles: false,
    ...more,
  });
  view.touchZoomRotate.disableRotation();
  view.keyboard.disableRotation();
  const images = (): void => config.layers.forEach((layer) => addImages(view, layer, tokens()));
  view.on("style.load", images);
  view.on("load", () => place.setAttribute("data-drawn", ""));
  onTheme(() => void styleOf(config, shown).then((style) => view.setStyle(style, { diff: false })));
  return view;
}

export async function styleOf(config: MapConfig, shown: Shown): Promise<StyleSpecification> {
  const colours = tokens();
  const under = await ground(config.base, colours, config.language).catch(() => ({ sources: {}, layers: [] }));
  const order = { areas: 0, hexagons: 1, points: 2 };
  const layers = [...config.layers].sort((one, other) => order[one.kind] - order[other.kind]);
  return {
    version: 8,
    sources: { ...under.sources, ...Object.fromEntries(layers.map((layer) => [layer.key, sourceOf(layer)])) },
    layers: [
      { id: "ground", type: "background", paint: { "background-color": colours.ground } },
      ...under.layers,
      ...layers.flatMap((layer) => [
        ...layersOf(layer, wayOf(layer, shown), shown.on.has(layer.key), colours),
        ...namesOf(layer, shown.on.has(layer.key), colours),
      ]),
    ],
  };
}
