import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

import { docs } from "./docs";
import { withCodeAhead, withNonce } from "./vite.plugins";

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

/** Components of Ant Design that the console does not use, by the names that their styles have. */
const unused: Record<string, readonly string[]> = {
  anchor: ["Anchor"],
  avatar: ["Avatar"],
  breadcrumb: ["Breadcrumb"],
  calendar: ["Calendar"],
  carousel: ["Carousel"],
  cascader: ["Cascader"],
  "color-picker": ["ColorPicker"],
  "float-btn": ["FloatButton"],
  image: ["Image"],
  list: ["List"],
  mentions: ["Mentions"],
  picker: ["DatePicker", "TimePicker"],
  qrcode: ["QRCode"],
  rate: ["Rate"],
  slider: ["Slider"],
  splitter: ["Splitter"],
  statistic: ["Statistic"],
  switch: ["Switch"],
  timeline: ["Timeline"],
  tour: ["Tour"],
  transfer: ["Transfer"],
};
const aRule = /([^{}]+)\{[^{}]*\}/g;
/** Variables of pages that a server has drawn have such a name, too: a browser names its own. */
const isUnused = new RegExp(`\\.(ant-(${Object.keys(unused).join("|")})\\b|css-var-_R_)`);
const fromAntd = /import \{([^}]*)\} from "antd"/g;

/** Leaves out their styles, and stops a build that uses one all the same. */
function withoutUnused(): Plugin {
  return {
    name: "without-unused",
    apply: "build",
    enforce: "pre",
    transform(code, id) {
      if (id.endsWith("antd/dist/antd.css")) {
        return code.replace(aRule, (rule, selectors: string) =>
          selectors.includes("@") || !selectors.split(",").every((one) => isUnused.test(one)) ? rule : "",
        );
      }
      if (!id.includes("/web/src/")) return null;
      const names = [...code.matchAll(fromAntd)].flatMap(([, list = ""]) => list.split(",").map((name) => name.trim()));
      const wrong = names.find((name) => Object.values(unused).flat().includes(name));
      if (wrong) throw new Error(`${id} uses ${wrong}: take it off the list of unused components in vite.config.ts`);
      return null;
    },
  };
}

const folders = "src/shared/(look|objects|export|people|settings)/";
const small = "development/(TagsField|object/ApprovalFields)|code/Code\\.tsx|antd/es/descriptions|(Lock|More)Outlined|useQueries";
/** What comes in one file, with all that it imports: a browser asks for six files at a time, and each costs the platform a turn. */
const together = [
  { name: "shell", test: /src\/app\/main\.tsx$/, priority: 3 },
  { name: "table", test: /src\/shared\/table\//, priority: 2 },
  { name: "nodes", test: /development\/(tabs\/nodes|edit\/document)\.ts$|jsonc-parser/, priority: 2 },
  { name: "parts", test: new RegExp(`${folders}|${small}`), priority: 1 },
];

export default defineConfig({
  plugins: [docs(), react(), compressed(), withNonce(), withoutUnused(), withCodeAhead()],
  resolve: { alias: { "@": new URL("src", import.meta.url).pathname } },
  html: { cspNonce: "{nonce}" },
  build: {
    outDir: output,
    emptyOutDir: true,
    license: { fileName: "assets/licences.json" },
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1200,
    rolldownOptions: { output: { codeSplitting: { groups: together } } },
  },
  server: { fs: { allow: [".."] }, proxy: { "/api": api, "/healthz": api, "/readyz": api } },
  // a slow machine fails no test; one that hangs is still named within the gate's time
  test: { environment: "jsdom", include: ["src/**/*.test.{ts,tsx}"], testTimeout: 600_000 },
});
