import boundaries from "eslint-plugin-boundaries";
import hooks from "eslint-plugin-react-hooks";
import globals from "globals";
import tseslint from "typescript-eslint";

const element = (type) => ({ element: { type } });
const sameFeature = { element: { type: "feature", captured: { feature: "{{from.element.captured.feature}}" } } };
const literal = "Colours and sizes are named in src/shared/look/tokens.ts.";

export default tseslint.config(
  { ignores: ["build", "node_modules"] },
  ...tseslint.configs.strictTypeChecked,
  hooks.configs.flat.recommended,
  {
    files: ["**/*.{ts,tsx}"],
    languageOptions: { globals: globals.browser, parserOptions: { projectService: true } },
    plugins: { boundaries },
    settings: {
      "import/resolver": { typescript: { project: "tsconfig.json" } },
      "boundaries/elements": [
        { type: "app", pattern: "src/app" },
        { type: "report", pattern: "src/report" },
        { type: "feature", pattern: "src/features/*", capture: ["feature"] },
        { type: "shared", pattern: "src/shared" },
      ],
    },
    rules: {
      "boundaries/dependencies": [
        "error",
        {
          default: "disallow",
          policies: [
            { from: element("app"), allow: { to: element(["app", "feature", "shared"]) } },
            { from: element("report"), allow: { to: element(["report", "feature", "shared"]) } },
            { from: element("feature"), allow: { to: [element("shared"), sameFeature] } },
            { from: element("shared"), allow: { to: element("shared") } },
          ],
        },
      ],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "max-lines": ["error", 300],
    },
  },
  {
    files: ["src/**/*.{ts,tsx}"],
    ignores: ["src/shared/look/tokens.ts"],
    rules: {
      "no-restricted-syntax": [
        "error",
        { selector: "Literal[value=/^#[0-9a-fA-F]{3,8}$|^(rgb|hsl)a?\\(/]", message: literal },
        { selector: "Literal[value=/^-?\\d+(\\.\\d+)?px$/]", message: literal },
        { selector: "JSXAttribute[name.name='style'] Property > Literal[raw=/^[1-9]\\d*$/]", message: literal },
      ],
    },
  },
  { files: ["eslint.config.js"], extends: [tseslint.configs.disableTypeChecked] },
);
