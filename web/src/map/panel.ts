import type { Map as View } from "maplibre-gl";

import { word, type LayerConfig, type MapConfig } from "./config";
import { picture } from "./icons";
import { layersOf, namesOf } from "./layers";
import { onTheme, tokens } from "./tokens";
import { wayOf, type Shown } from "./view";

/** The switches of the layers, and under each what its marks mean. */
export function buildPanel(place: HTMLElement, config: MapConfig, shown: Shown, view: View, changed: (layer: LayerConfig) => void): void {
  for (const layer of config.layers) {
    const group = document.createElement("fieldset");
    group.className = "map-layer";
    const legend = element("legend", "unseen", layer.label);
    const box = tick("checkbox", `map-${layer.key}`, layer.label, shown.on.has(layer.key));
    const key = element("div", "map-key");
    const update = (): void => {
      key.hidden = !shown.on.has(layer.key);
      key.replaceChildren(...keyOf(layer, config, shown));
    };
    box.input.addEventListener("change", () => {
      if (box.input.checked) shown.on.add(layer.key);
      else shown.on.delete(layer.key);
      apply(view, layer, shown);
      update();
      changed(layer);
    });
    group.append(legend, box.label);
    if ((layer.ways?.length ?? 0) > 1) group.append(waysOf(layer, shown, () => (apply(view, layer, shown), update())));
    group.append(key);
    place.append(group);
    update();
    onTheme(() => requestAnimationFrame(update));
  }
}

function apply(view: View, layer: LayerConfig, shown: Shown): void {
  const on = shown.on.has(layer.key);
  for (const each of [...layersOf(layer, wayOf(layer, shown), on, tokens()), ...namesOf(layer, on, tokens())]) {
    view.setLayoutProperty(each.id, "visibility", on ? "visible" : "none");
    if (each.id.endsWith("-single") && each.type === "symbol") view.setLayoutProperty(each.id, "icon-image", each.layout?.["icon-image"]);
  }
}

function waysOf(layer: LayerConfig, shown: Shown, changed: () => void): HTMLElement {
  const row = element("div", "map-ways");
  for (const way of layer.ways ?? []) {
    const radio = tick("radio", `map-${layer.key}-way`, way.label, way === wayOf(layer, shown));
    radio.input.addEventListener("change", () => {
      shown.way.set(layer.key, way.key);
      changed();
    });
    row.append(radio.label);
  }
  return row;
}

function keyOf(layer: LayerConfig, config: MapConfig, shown: Shown): HTMLElement[] {
  const way = wayOf(layer, shown);
  const found: HTMLElement[] = [];
  const colours = tokens();
  if (way) {
    const list = element("ul", "map-marks");
    for (const mark of way.marks) list.append(item(picture(mark, undefined, colours), mark.label));
    found.push(list);
    if (way.letters?.length) {
      const letters = element("ul", "map-letters");
      for (const each of way.letters) letters.append(item(element("span", "map-letter", each.letter), each.label));
      const few = way.letters.length < 7;
      const holder = few ? letters : document.createElement("details");
      if (!few) holder.append(element("summary", "", word(config, "letters")), letters);
      found.push(holder);
    }
  }
  if (layer.kind === "points") {
    const sign = element("span", "map-sum", "n");
    const text = layer.alarm ? `${word(config, "cluster")}; ▲ ${layer.alarm}` : word(config, "cluster");
    const line = element("p", "map-note");
    line.append(sign, text);
    found.push(line);
  }
  if (layer.kind === "hexagons") found.push(element("p", "map-note", word(config, "hexagons")));
  return found;
}

function item(sign: Element, label: string): HTMLElement {
  const made = document.createElement("li");
  made.append(sign, label);
  return made;
}

function tick(type: "checkbox" | "radio", name: string, text: string, checked: boolean): { label: HTMLElement; input: HTMLInputElement } {
  const label = element("label", "tick");
  const input = document.createElement("input");
  input.type = type;
  input.name = name;
  input.checked = checked;
  label.append(input, element("span", "", text));
  return { label, input };
}

export function element(tag: string, name: string, text = ""): HTMLElement {
  const made = document.createElement(tag);
  if (name) made.className = name;
  if (text) made.textContent = text;
  return made;
}
