import type { ExpressionSpecification, LayerSpecification, SourceSpecification } from "maplibre-gl";

import type { LayerConfig, Way } from "./config";
import { imageOf } from "./icons";
import type { Tokens } from "./tokens";

/** From this zoom on the server sends points one by one, below it sums of squares. */
export const SINGLE_FROM = 14;
export const DEEPEST = 18;

export function sourceOf(layer: LayerConfig): SourceSpecification {
  if (layer.kind === "points") return { type: "vector", tiles: [absolute(layer.url)], minzoom: 0, maxzoom: DEEPEST };
  return { type: "geojson", data: layer.kind === "areas" ? absolute(layer.url) : NOTHING };
}

/** What a layer draws; `shown` is its switch, `way` how its points are told apart. */
export function layersOf(layer: LayerConfig, way: Way | undefined, shown: boolean, colours: Tokens): LayerSpecification[] {
  const made = layer.kind === "points" ? points(layer, way, colours) : layer.kind === "areas" ? areas(layer, colours) : hexagons(layer, colours);
  const visibility = shown ? "visible" : "none";
  return made.map((each) => ({ ...each, layout: { ...("layout" in each ? each.layout : {}), visibility } })) as LayerSpecification[];
}

/** The H3 resolution whose cells are some centimetres wide at a zoom. */
export function resolutionAt(zoom: number): number {
  return zoom < 9.5 ? 6 : zoom < 11 ? 7 : zoom < 12.5 ? 8 : 9;
}

/** The names of the layers that can be pointed at. */
export const pointed = (layer: LayerConfig): string[] => [`${layer.key}-single`, `${layer.key}-cluster`];

/** An address of ours with its host, as the worker needs it, and its braces as they were. */
export function absolute(address: string): string {
  return new URL(address, location.href).href.replace(/%7B/g, "{").replace(/%7D/g, "}");
}

/** Where the name or the number of a surface stands: a point of its own, so that it is written once. */
const NAMED = ["==", ["geometry-type"], "Point"] as const as ExpressionSpecification;
const NOTHING = { type: "FeatureCollection" as const, features: [] };

function points(layer: LayerConfig, way: Way | undefined, colours: Tokens): LayerSpecification[] {
  const from = { source: layer.key, "source-layer": layer.key };
  const count = ["get", "n"];
  const some = [">", ["get", "o"], 0];
  const radius = ["interpolate", ["linear"], ["log10", ["max", count, 1]], 0, 11, 1, 14, 2, 18, 3, 23, 5, 32];
  const short = ["case", ["<", count, 10000], ["number-format", count, { locale: "en" }], ["concat", ["to-string", ["round", ["/", count, 1000]]], "k"]];
  return [
    {
      id: `${layer.key}-cluster`, type: "circle", ...from, filter: ["has", "n"],
      paint: {
        "circle-radius": radius, "circle-color": colours["accent-wash"], "circle-opacity": 0.94,
        "circle-stroke-color": colours.accent, "circle-stroke-width": 2,
      },
    },
    {
      id: `${layer.key}-count`, type: "symbol", ...from, filter: ["has", "n"],
      layout: {
        "text-field": ["case", some, ["format", short, {}, "\n▲", { "font-scale": 0.75, "text-color": colours.red }, ["number-format", ["get", "o"], { locale: "en" }], { "font-scale": 0.75, "text-color": colours.red }], ["format", short, {}]],
        "text-font": [colours.face], "text-size": 12, "text-line-height": 1, "text-allow-overlap": true, "text-padding": 10,
      },
      paint: { "text-color": colours.ink },
    },
    {
      id: `${layer.key}-single`, type: "symbol", ...from, filter: ["!", ["has", "n"]],
      layout: {
        "icon-image": way ? imageOf(layer, way) : "", "icon-allow-overlap": true, "icon-ignore-placement": true,
        "icon-size": ["interpolate", ["linear"], ["zoom"], SINGLE_FROM, 0.62, 16, 0.86, 18, 1.1],
      },
    },
  ] as LayerSpecification[];
}

function areas(layer: LayerConfig, colours: Tokens): LayerSpecification[] {
  const from = { source: layer.key };
  return [
    { id: `${layer.key}-halo`, type: "line", ...from, filter: ["!", NAMED], paint: { "line-color": colours.paper, "line-width": 4, "line-opacity": 0.7 } },
    { id: `${layer.key}-line`, type: "line", ...from, filter: ["!", NAMED], paint: { "line-color": colours.ink, "line-width": 1.4, "line-dasharray": [4, 2] } },
  ] as LayerSpecification[];
}

/** The names of the areas: beside the sums of the points, which come first. */
export function namesOf(layer: LayerConfig, shown: boolean, colours: Tokens): LayerSpecification[] {
  if (layer.kind !== "areas") return [];
  return [
    {
      id: `${layer.key}-name`, type: "symbol", source: layer.key, minzoom: 11, filter: NAMED,
      layout: {
        "text-field": ["get", "name"], "text-font": [colours.face], "text-size": 13, "text-max-width": 9,
        "text-variable-anchor": ["center", "bottom", "top", "left", "right"], "text-radial-offset": 1.6,
        visibility: shown ? "visible" : "none",
      },
      paint: { "text-color": colours.ink, "text-halo-color": colours.paper, "text-halo-width": 2.5 },
    },
  ];
}

function hexagons(layer: LayerConfig, colours: Tokens): LayerSpecification[] {
  const from = { source: layer.key };
  // `share` is the count over the largest one on the map: one hue, darker where there is more, and the number itself
  const most = (top: number): unknown[] => ["interpolate", ["linear"], ["sqrt", ["get", "share"]], 0, 0.06, 1, top];
  const depth = ["interpolate", ["linear"], ["zoom"], 13, most(0.6), 15, most(0.2), 16, 0];
  return [
    { id: `${layer.key}-fill`, type: "fill", ...from, filter: ["!", NAMED], paint: { "fill-color": colours.accent, "fill-opacity": depth } },
    { id: `${layer.key}-line`, type: "line", ...from, filter: ["!", NAMED], paint: { "line-color": colours.accent, "line-width": 1 } },
    {
      id: `${layer.key}-count`, type: "symbol", ...from, filter: NAMED,
      layout: { "text-field": ["number-format", ["get", "n"], { locale: "en" }], "text-font": [colours.face], "text-size": 12 },
      paint: { "text-color": colours.ink, "text-halo-color": colours.paper, "text-halo-width": 1.5 },
    },
  ] as LayerSpecification[];
}
