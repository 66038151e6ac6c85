import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

import { defineConfig, type Plugin } from "vite";

const OUT = "../jishi/base/static/build";

/** The server sends what lies beside a file, packed: a phone loads a quarter of the bytes. */
function packed(): Plugin {
  return {
    name: "packed",
    closeBundle() {
      for (const name of readdirSync(OUT)) {
        if (!/\.(js|mjs|css)$/.test(name)) continue;
        const content = readFileSync(join(OUT, name));
        writeFileSync(join(OUT, `${name}.gz`), gzipSync(content, { level: 9 }));
        writeFileSync(join(OUT, `${name}.br`), brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }));
      }
    },
  };
}

const INPUTS: Record<string, string> = { app: "src/app.ts", map: "src/map/main.ts", window: "src/window/main.ts" };

/** Three builds, so that a page loads nothing of another's: the office, the map (`--mode map`), the public (`--mode window`). */
export default defineConfig(({ mode }) => {
  const name = mode in INPUTS ? mode : "app";
  return {
    base: "./",
    publicDir: false,
    plugins: [packed()],
    build: {
      outDir: OUT,
      emptyOutDir: name === "app",
      target: "es2022",
      cssCodeSplit: false,
      cssTarget: ["chrome111", "firefox121", "safari16.4"],
      modulePreload: false,
      chunkSizeWarningLimit: 1200,
      rollupOptions: {
        input: { [name]: INPUTS[name]! },
        output: {
          entryFileNames: "[name].js",
          chunkFileNames: "[name].js",
          assetFileNames: (asset) => (asset.names.some((each) => each.endsWith(".css")) ? `${name}.css` : "[name]-[hash][extname]"),
        },
      },
    },
  };
});
