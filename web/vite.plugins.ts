import type { Plugin, Rollup } from "vite";

const writesStyle = /@rc-component\/(util\/es\/getScrollBarSize|portal\/es\/useScrollLocker)\.js$/;
const unsigned = /`, (randomId|id)\);/;
const nonce = "document.querySelector('meta[property=\"csp-nonce\"]')?.nonce";

/** Gives the page's nonce to the two styles that Ant Design's tables and overlays write without it. */
export function withNonce(): Plugin {
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

/** Modules of pages that index.html fetches before the console has begun, by the name that it calls them. */
const fetched = {
  list: ["src/features/development/list/pages.tsx"],
  job: ["src/features/development/object/pages.tsx", "src/shared/graph/GraphView.tsx"],
  object: ["src/features/development/object/pages.tsx"],
  import: ["src/features/imports/ImportPage.tsx"],
};

/** Tells index.html which files these are: else they would be asked for only once the console runs. */
export function withCodeAhead(): Plugin {
  return {
    name: "with-code-ahead",
    transformIndexHtml: {
      order: "post",
      handler(html, { bundle }) {
        const chunks = Object.values(bundle ?? {}).filter((one) => one.type === "chunk");
        const begun = new Set(chunks.filter(({ isEntry }) => isEntry).flatMap(({ fileName }) => needs(fileName, chunks)));
        const files = Object.entries(fetched).map(([page, modules]): [string, string[]] => {
          const all = modules.flatMap((path) => needs(chunkOf(path, chunks), chunks));
          return [page, [...new Set(all)].filter((file) => !begun.has(file))];
        });
        return html.replace("{ /* code */ }", JSON.stringify(bundle ? Object.fromEntries(files) : {}));
      },
    },
  };
}

function chunkOf(path: string, chunks: readonly Rollup.OutputChunk[]): string {
  const found = chunks.find(({ moduleIds }) => moduleIds.some((id) => id.endsWith(path)));
  if (found === undefined) throw new Error(`the build has no ${path}: correct the list in vite.plugins.ts`);
  return found.fileName;
}

/** A file, and all that it imports. */
function needs(fileName: string, chunks: readonly Rollup.OutputChunk[]): string[] {
  const found = new Set<string>();
  const add = (name: string): void => {
    if (found.has(name)) return;
    found.add(name);
    chunks.find((chunk) => chunk.fileName === name)?.imports.forEach(add);
  };
  add(fileName);
  return [...found];
}
