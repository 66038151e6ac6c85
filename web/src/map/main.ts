import "maplibre-gl/dist/maplibre-gl.css";
import "./map.css";

import { configOf, word } from "./config";
import { openExplore } from "./explore";
import { openPoint } from "./point";

for (const place of document.querySelectorAll<HTMLElement>("[data-map]")) {
  const config = configOf(place);
  const opened = config.mode === "point" ? openPoint(place, config) : openExplore(place, config);
  opened.catch(() => {
    // no WebGL, or a broken base map: the table beside the map says the same
    place.classList.add("map-without");
    place.textContent = word(config, "without");
  });
}
