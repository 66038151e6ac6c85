/** What the page says about its map: one JSON script beside the place where the map is drawn. */

export type Shape = "square" | "diamond" | "circle" | "triangle" | "ring" | "half";
export type Colour = "accent" | "ink" | "quiet" | "red" | "orange" | "yellow" | "blue";

/** How one value is drawn. */
export interface Mark {
  value: string | number;
  label: string;
  shape: Shape;
  colour: Colour;
}

/** A letter inside the mark, by another value. */
export interface Letter {
  value: string | number;
  label: string;
  letter: string;
}

/** One way to draw the points of a layer: the property that gives shape and colour, and the one that gives the letter. */
export interface Way {
  key: string;
  label: string;
  by: string;
  marks: Mark[];
  letterBy?: string;
  letters?: Letter[];
}

export interface LayerConfig {
  key: string;
  label: string;
  kind: "points" | "areas" | "hexagons";
  /** Points: an address with {z}, {x} and {y}.  Hexagons: with {resolution}.  Areas: as it is. */
  url: string;
  /** The address of a card, with {id}. */
  card?: string;
  on: boolean;
  ways?: Way[];
  /** What the small number in a cluster counts, in words. */
  alarm?: string;
}

export type Base =
  | { kind: "none" }
  | { kind: "pmtiles"; url: string }
  | { kind: "geojson"; files: { role: string; url: string }[] }
  | { kind: "wmts"; layers: string[]; credit: string };

export interface MapConfig {
  mode: "explore" | "point";
  language: string;
  /** west, south, east, north */
  bounds: [number, number, number, number];
  base: Base;
  layers: LayerConfig[];
  words: Record<string, string>;
  /** In the mode "point": the fields that hold the place. */
  fields?: { lon: string; lat: string; datum: string };
}

export function configOf(place: HTMLElement): MapConfig {
  const script = document.getElementById(place.dataset["map"] ?? "");
  return JSON.parse(script?.textContent ?? "{}") as MapConfig;
}

/** A word of the page, in the reader's language. */
export function word(config: MapConfig, name: string, facts: Record<string, string | number> = {}): string {
  let text = config.words[name] ?? name;
  for (const [key, value] of Object.entries(facts)) text = text.replace(`{${key}}`, String(value));
  return text;
}
