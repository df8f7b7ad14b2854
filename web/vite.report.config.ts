import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

import { withNonce } from "./vite.plugins";

const output = "build/report";
const target = "../src/jobferry/console/report.html";
const policy = "default-src 'none'; script-src 'nonce-report'; style-src 'nonce-report'; img-src data:; base-uri 'none'; form-action 'none'";

/** Puts script and styles into one page, with a place for the data. It names nothing outside of itself. */
function onePage(): Plugin {
  return {
    name: "one-page",
    closeBundle() {
      const script = readFileSync(join(output, "report.js"), "utf8").replaceAll("</script", "<\\/script");
      const style = readFileSync(join(output, "report.css"), "utf8").replaceAll("</style", "<\\/style");
      const head = `<meta charset="utf-8" /><meta name="viewport" content="width=device-width, initial-scale=1" />
<meta name="color-scheme" content="light dark" /><meta http-equiv="Content-Security-Policy" content="${policy}" />
<meta property="csp-nonce" nonce="report" /><title>Jobferry</title><link rel="icon" href="data:," />`;
      const data = '<script nonce="report" type="application/json" id="report-data">{report-data}</script>';
      writeFileSync(
        target,
        `<!doctype html>\n<html lang="en"><head>${head}\n<style nonce="report">${style}</style></head>
<body><div id="report"></div>\n${data}\n<script nonce="report">${script}</script></body></html>\n`,
      );
      rmSync(output, { recursive: true });
    },
  };
}

export default defineConfig({
  plugins: [react(), withNonce(), onePage()],
  resolve: { alias: { "@": new URL("src", import.meta.url).pathname } },
  define: { "process.env.NODE_ENV": '"production"' },
  build: {
    outDir: output,
    cssCodeSplit: false,
    chunkSizeWarningLimit: 2000,
    lib: { entry: "src/report/main.tsx", formats: ["iife"], name: "report", fileName: () => "report.js", cssFileName: "report" },
  },
});
