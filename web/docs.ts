import { dirname, posix, relative, resolve } from "node:path";

import { Marked, type Tokens } from "marked";
import type { Plugin } from "vite";

const DOCS = resolve(import.meta.dirname, "../docs");
const OTHER_LANGUAGE = "zh-CN/";
const SERVED = /^(howto|reference|explain)\/|^glossary$/;

/** Makes the project's documentation part of the console: `x.md?page` is its HTML with its pictures, `x.md?title` its heading. */
export function docs(): Plugin {
  return {
    name: "docs",
    enforce: "pre",
    transform(code, id) {
      const [file = "", query] = id.split("?");
      if (!file.endsWith(".md") || (query !== "page" && query !== "title")) return null;
      const made = query === "title" ? `export default ${JSON.stringify(titleOf(code))};` : moduleOf(render(code, relative(DOCS, file)), file);
      return { code: made, map: null, moduleType: "js" };
    },
  };
}

const PICTURE = /<img src="([^"]+\.webp)"/g;

/** The module of a page: its pictures are files of the build, whose addresses are put into the HTML. */
function moduleOf(html: string, file: string): string {
  const found = [...new Set([...html.matchAll(PICTURE)].map(([, path = ""]) => path))];
  const imports = found.map((path, number) => `import p${number} from ${JSON.stringify(`${resolve(dirname(file), path)}?url`)};`);
  const parts = found.map((path, number) => `.replaceAll(${JSON.stringify(`src="${path}"`)}, \`src="\${p${number}}"\`)`);
  return `${imports.join("\n")}\nexport default ${JSON.stringify(html)}${parts.join("")};`;
}

function titleOf(markdown: string): string {
  return (/^# (.+)$/m.exec(markdown)?.[1] ?? "").replaceAll("`", "");
}

/** Markdown as HTML. Raw HTML is dropped; a link leads to another page of the console, or is no link. */
function render(markdown: string, path: string): string {
  const marked = new Marked({
    renderer: {
      html: () => "",
      heading({ tokens, depth, text }: Tokens.Heading) {
        return `<h${depth} id="${slug(text)}">${this.parser.parseInline(tokens)}</h${depth}>\n`;
      },
      link({ href, tokens }: Tokens.Link) {
        const label = this.parser.parseInline(tokens);
        const address = addressOf(href, path);
        return address === "" ? label : `<a href="${address}">${label}</a>`;
      },
      table(token: Tokens.Table) {
        const cells = (row: Tokens.TableCell[], tag: string): string =>
          `<tr>${row.map((cell) => `<${tag}>${this.parser.parseInline(cell.tokens)}</${tag}>`).join("")}</tr>`;
        const body = token.rows.map((row) => cells(row, "td")).join("\n");
        return `<div class="wide" tabindex="0"><table><thead>${cells(token.header, "th")}</thead><tbody>${body}</tbody></table></div>\n`;
      },
    },
  });
  return marked.parse(markdown, { async: false }).replaceAll("<pre>", '<pre tabindex="0">');
}

/** The name by which a heading is linked to. */
function slug(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
    .trim()
    .replaceAll(/\s/g, "-");
}

function addressOf(href: string, path: string): string {
  const [file = "", heading = ""] = href.split("#");
  const end = heading === "" ? "" : `#${heading}`;
  if (file === "") return end;
  if (!file.endsWith(".md")) return "";
  const page = posix.join(posix.dirname(path), file).slice(0, -".md".length).replace(OTHER_LANGUAGE, "");
  return SERVED.test(page) ? `/help/${page}${end}` : "";
}
