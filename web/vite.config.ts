import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

const output = "../src/jobferry/console";
const compressible = /\.(js|css|svg|json)$/;
const api = process.env["JOBFERRY_SERVER"] ?? "http://127.0.0.1:8650";

/** Lays a Brotli and a gzip copy beside each text file, so that nothing is compressed while it is served. */
function compressed(): Plugin {
  return {
    name: "compressed",
    apply: "build",
    closeBundle() {
      const folder = join(output, "assets");
      for (const name of readdirSync(folder).filter((file) => compressible.test(file))) {
        const bytes = readFileSync(join(folder, name));
        const best = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } };
        writeFileSync(join(folder, `${name}.br`), brotliCompressSync(bytes, best));
        writeFileSync(join(folder, `${name}.gz`), gzipSync(bytes, { level: 9 }));
      }
    },
  };
}

const writesStyle = /@rc-component\/(util\/es\/getScrollBarSize|portal\/es\/useScrollLocker)\.js$/;
const unsigned = /`, (randomId|id)\);/;
const nonce = "document.querySelector('meta[property=\"csp-nonce\"]')?.nonce";

/** Gives the page's nonce to the two styles that Ant Design's tables and overlays write without it. */
function withNonce(): Plugin {
  return {
    name: "with-nonce",
    apply: "build",
    transform(code, id) {
      if (!writesStyle.test(id)) return null;
      if (!unsigned.test(code)) throw new Error(`${id} is another than this build knows`);
      return { code: code.replace(unsigned, `\`, $1, { csp: { nonce: ${nonce} } });`), map: null };
    },
  };
}

export default defineConfig({
  plugins: [react(), compressed(), withNonce()],
  resolve: { alias: { "@": new URL("src", import.meta.url).pathname } },
  html: { cspNonce: "{nonce}" },
  build: {
    outDir: output,
    emptyOutDir: true,
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1200,
  },
  server: { proxy: { "/api": api, "/healthz": api, "/readyz": api } },
  test: { environment: "jsdom", include: ["src/**/*.test.{ts,tsx}"] },
});
