import type { Plugin } from "vite";

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
