import { addProtocol, type LayerSpecification, type SourceSpecification } from "maplibre-gl";
import { PMTiles, Protocol, TileType } from "pmtiles";

import type { Base } from "./config";
import type { Tokens } from "./tokens";

/** The ground under our layers: sources and layers of whatever the operator gave. */
export interface Ground {
  sources: Record<string, SourceSpecification>;
  layers: LayerSpecification[];
}

type Role = "water" | "green" | "building" | "road" | "label";
/** How the common schemata (Protomaps, OpenMapTiles, Shortbread, our own) call a layer. */
const ROLES: [RegExp, Role][] = [
  [/label|place|poi|name/i, "label"],
  [/water|ocean|river/i, "water"],
  [/landuse|landcover|land_use|park|green|^land$|^natural$/i, "green"],
  [/building/i, "building"],
  [/road|street|transport|highway|path/i, "road"],
];
const ORDER: Role[] = ["green", "water", "road", "building", "label"];

export async function ground(base: Base, colours: Tokens, language: string): Promise<Ground> {
  if (base.kind === "wmts") return raster(base.layers, base.credit, 18, colours);
  if (base.kind === "geojson") {
    const found: Ground = { sources: {}, layers: [] };
    const files = base.files.map((file, place) => ({ ...file, name: `base-${place}` }));
    for (const file of files) found.sources[file.name] = { type: "geojson", data: file.url, maxzoom: 16, tolerance: 0.2 };
    for (const role of ORDER) for (const file of files) if (file.role === role || file.role === "") found.layers.push(...layersOf(role, file.name, undefined, colours, language, file.role === ""));
    return found;
  }
  if (base.kind === "pmtiles") return archive(base.url, colours, language);
  return { sources: {}, layers: [] };
}

let protocol: Protocol | undefined;

async function archive(address: string, colours: Tokens, language: string): Promise<Ground> {
  const url = new URL(address, location.href).href;
  if (!protocol) {
    protocol = new Protocol();
    addProtocol("pmtiles", protocol.tile);
  }
  const file = new PMTiles(url);
  protocol.add(file);
  const header = await file.getHeader();
  const about = (await file.getMetadata()) as { attribution?: string; vector_layers?: { id: string }[] };
  if (header.tileType !== TileType.Mvt) return raster([`pmtiles://${url}/{z}/{x}/{y}`], about.attribution ?? "", header.maxZoom, colours);
  const source = { type: "vector", url: `pmtiles://${url}`, attribution: plain(about.attribution ?? "") } satisfies SourceSpecification;
  const named = (about.vector_layers ?? []).map(({ id }) => ({ id, role: ROLES.find(([like]) => like.test(id))?.[1] }));
  const layers = ORDER.flatMap((role) => named.filter((each) => each.role === role).flatMap(({ id }) => layersOf(role, "base", id, colours, language, false)));
  return { sources: { base: source }, layers };
}

/** Pictures, one above the other: a service may keep its names apart from its ground. */
function raster(addresses: string[], attribution: string, maxzoom: number, colours: Tokens): Ground {
  const paint = { "raster-opacity": colours.dark ? 0.55 : 0.85, "raster-saturation": -0.35 };
  const found: Ground = { sources: {}, layers: [] };
  addresses.forEach((address, place) => {
    found.sources[`base-${place}`] = { type: "raster", tiles: [address], tileSize: 256, maxzoom, attribution: place ? "" : plain(attribution) };
    found.layers.push({ id: `base-raster-${place}`, type: "raster", source: `base-${place}`, paint });
  });
  return found;
}

/** The map takes a credit for HTML, and archives give it as such; only its words are kept. */
function plain(text: string): string {
  const made = document.createElement("span");
  made.textContent = new DOMParser().parseFromString(text, "text/html").body.textContent;
  return made.innerHTML;
}

/** What lies in a file without a role is told by OpenStreetMap's tags, or by a `kind`. */
const BY_TAG: Record<Role, unknown[]> = {
  road: ["any", ["has", "highway"], ["==", ["get", "kind"], "road"]],
  building: ["any", ["has", "building"], ["==", ["get", "kind"], "building"]],
  water: ["any", ["has", "waterway"], ["in", ["get", "natural"], ["literal", ["water", "bay"]]], ["==", ["get", "kind"], "water"]],
  green: ["any", ["has", "leisure"], ["has", "landuse"], ["==", ["get", "kind"], "green"]],
  label: ["any", ["has", "place"], ["==", ["get", "kind"], "label"]],
};

function layersOf(role: Role, source: string, layer: string | undefined, colours: Tokens, language: string, mixed: boolean): LayerSpecification[] {
  const from = { source, ...(layer ? { "source-layer": layer } : {}) };
  const id = (part: string): string => `base-${role}-${part}-${source}-${layer ?? ""}`;
  const only = (...filters: unknown[]): { filter: never } => ({ filter: ["all", ...(mixed ? [BY_TAG[role]] : []), ...filters] as never });
  const polygon = ["==", ["geometry-type"], "Polygon"];
  const line = ["==", ["geometry-type"], "LineString"];
  const name = ["coalesce", ...(language === "en" ? [["get", "name:en"], ["get", "name_en"]] : [["get", "name:zh-Hans"], ["get", "name:zh"]]), ["get", "name"]];
  const text = { "text-color": colours.quiet, "text-halo-color": colours.ground, "text-halo-width": 1.5 };
  const font = { "text-font": [colours.face], "text-size": 12 };
  const made = {
    water: [
      { id: id("fill"), type: "fill", ...from, ...only(polygon), paint: { "fill-color": colours.dark ? "#16303d" : "#cfe3ee" } },
      { id: id("line"), type: "line", ...from, ...only(line), paint: { "line-color": colours.dark ? "#16303d" : "#cfe3ee", "line-width": 2 } },
    ],
    green: [{ id: id("fill"), type: "fill", ...from, ...only(polygon), paint: { "fill-color": colours.dark ? "#15211a" : "#e6f0e4" } }],
    building: [
      {
        id: id("fill"), type: "fill", ...from, ...only(polygon), minzoom: 14,
        paint: { "fill-color": colours.dark ? "#1b2127" : "#e9e6e1", "fill-outline-color": colours.dark ? "#2d343c" : "#d6d1ca" },
      },
    ],
    road: [
      { id: id("edge"), type: "line", ...from, ...only(line), minzoom: 13, layout: ROUND, paint: { "line-color": colours.line, "line-width": widths(2) } },
      { id: id("line"), type: "line", ...from, ...only(line), layout: ROUND, paint: { "line-color": colours.dark ? "#39424b" : colours.paper, "line-width": widths(0) } },
      {
        id: id("name"), type: "symbol", ...from, ...only(line, ["has", "name"]), minzoom: 14,
        layout: { ...font, "symbol-placement": "line", "text-field": name, "symbol-spacing": 320 }, paint: text,
      },
    ],
    label: [{ id: id("name"), type: "symbol", ...from, ...only(), layout: { ...font, "text-field": name, "text-max-width": 8 }, paint: text }],
  };
  return made[role] as LayerSpecification[];
}

const ROUND = { "line-cap": "round", "line-join": "round" };

/** Wide for a main road, as the schemata name it; `more` for the edge on both sides. */
function widths(more: number): unknown[] {
  const main = ["in", ["coalesce", ["get", "kind_detail"], ["get", "class"], ["get", "highway"], ["get", "kind"], ""], ["literal", ["motorway", "trunk", "primary", "secondary", "highway", "major_road", "main"]]];
  return ["interpolate", ["exponential", 1.6], ["zoom"], 11, ["case", main, 1.2 + more, 0.5 + more / 2], 14, ["case", main, 4 + more, 2 + more], 18, ["case", main, 22 + more, 12 + more]];
}
