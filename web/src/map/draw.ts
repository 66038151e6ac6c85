import type { Feature, Geometry } from "geojson";
import type { GeoJSONSource, Map as View, MapMouseEvent } from "maplibre-gl";

import { tokens } from "./tokens";

type Corner = [number, number];
const SOURCE = "drawn";

/** Draw a polygon: click for each corner, or move the cross with the arrow keys and press space; Enter closes it. */
export class Drawing {
  private corners: Corner[] = [];
  private active = false;

  constructor(
    private readonly view: View,
    private readonly done: (polygon: { type: "Polygon"; coordinates: Corner[][] }) => void,
    private readonly changed: (corners: number, active: boolean) => void,
  ) {
    view.on("click", (event) => this.active && this.add(event));
    view.on("dblclick", (event) => {
      if (!this.active) return;
      event.preventDefault();
      this.close();
    });
    view.getCanvas().addEventListener("keydown", (event) => this.active && this.key(event));
    view.on("style.load", () => this.draw());
  }

  get drawing(): boolean {
    return this.active;
  }

  begin(): void {
    this.corners = [];
    this.active = true;
    this.view.getCanvas().focus();
    this.say();
  }

  /** Take the polygon away. */
  clear(): void {
    this.corners = [];
    this.active = false;
    this.say();
  }

  /** Close the polygon and say what it is; fewer than three corners are none. */
  close(): void {
    this.corners = this.corners.filter((corner, place) => place === 0 || !same(corner, this.corners[place - 1] as Corner));
    if (this.corners.length < 3) return;
    this.active = false;
    this.say();
    this.done({ type: "Polygon", coordinates: [[...this.corners, this.corners[0] as Corner]] });
  }

  back(): void {
    this.corners.pop();
    this.say();
  }

  /** A corner where the cross stands: the middle of the map. */
  addMiddle(): void {
    const { lng, lat } = this.view.getCenter();
    this.corners.push([lng, lat]);
    this.say();
  }

  private add(event: MapMouseEvent): void {
    this.corners.push([event.lngLat.lng, event.lngLat.lat]);
    this.say();
  }

  private key(event: KeyboardEvent): void {
    if (event.key === " ") this.addMiddle();
    else if (event.key === "Enter") this.close();
    else if (event.key === "Backspace") this.back();
    else if (event.key === "Escape") this.clear();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  private say(): void {
    this.view.getCanvas().style.cursor = this.active ? "crosshair" : "";
    this.draw();
    this.changed(this.corners.length, this.active);
  }

  private draw(): void {
    const ring = this.active ? this.corners : [...this.corners, ...this.corners.slice(0, 1)];
    const features = [
      ...this.corners.map((corner) => feature({ type: "Point", coordinates: corner })),
      ...(ring.length > 1 ? [feature({ type: "LineString", coordinates: ring })] : []),
      ...(ring.length > 3 && !this.active ? [feature({ type: "Polygon", coordinates: [ring] })] : []),
    ];
    const data = { type: "FeatureCollection" as const, features };
    const source = this.view.getSource(SOURCE) as GeoJSONSource | undefined;
    if (source) {
      source.setData(data);
      return;
    }
    if (!this.corners.length) return;
    const colours = tokens();
    this.view.addSource(SOURCE, { type: "geojson", data });
    this.view.addLayer({ id: "drawn-fill", type: "fill", source: SOURCE, filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": colours.accent, "fill-opacity": 0.12 } });
    this.view.addLayer({ id: "drawn-line", type: "line", source: SOURCE, filter: ["==", ["geometry-type"], "LineString"], paint: { "line-color": colours.accent, "line-width": 3, "line-dasharray": [2, 1] } });
    this.view.addLayer({ id: "drawn-corner", type: "circle", source: SOURCE, filter: ["==", ["geometry-type"], "Point"], paint: { "circle-radius": 5, "circle-color": colours.paper, "circle-stroke-color": colours.accent, "circle-stroke-width": 2 } });
  }
}

const same = (one: Corner, other: Corner): boolean => one[0] === other[0] && one[1] === other[1];

function feature(geometry: Geometry): Feature {
  return { type: "Feature", properties: {}, geometry };
}
