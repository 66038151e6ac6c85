import { defineConfig } from "vite";

export default defineConfig({
  base: "./",
  publicDir: false,
  build: {
    outDir: "../jishi/base/static/build",
    emptyOutDir: true,
    target: "es2022",
    cssCodeSplit: false,
    cssTarget: ["chrome111", "firefox121", "safari16.4"],
    modulePreload: false,
    rollupOptions: {
      input: { app: "src/app.ts" },
      output: {
        entryFileNames: "[name].js",
        chunkFileNames: "[name].js",
        assetFileNames: (asset) => (asset.names.some((name) => name.endsWith(".css")) ? "app.css" : "[name][extname]"),
      },
    },
  },
});
