// Each part of the window brings web/src/window/<part>.ts and .css for its public pages.
import.meta.glob(["./*.ts", "./*.css", "!./main.ts", "!./base.ts", "!./parts.ts", "!./window.css"], { eager: true });
