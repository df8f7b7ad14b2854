/** Every colour and size of the console. Nothing else names one: lint refuses it. */

export const GRID = 4;

export const space = {
  tight: GRID,
  small: GRID * 2,
  medium: GRID * 4,
  large: GRID * 6,
  huge: GRID * 12,
} as const;

export const type = {
  caption: 12,
  body: 14,
  lead: 16,
  heading: 20,
  title: 28,
} as const;

export const width = {
  side: 224,
  brand: 184,
  form: 360,
  text: 720,
  narrow: 768,
  tag: 128,
  kind: 144,
  person: 160,
  time: 184,
  state: 112,
  tree: 224,
  dialog: 640,
  node: 200,
  count: 96,
  acts: 152,
} as const;

export const height = {
  tree: 560,
  graphLeast: 240,
  graph: 520,
  pair: 400,
  box: 160,
  node: 56,
} as const;

/** What a plan does to an object: the colour and the sign that the command line uses for it too. */
export const plan = {
  light: {
    create: "#1a7f37",
    overwrite: "#8a5a00",
    unchanged: "#57606a",
    held: "#6639ba",
    blocked: "#c62828",
  },
  dark: {
    create: "#57c97a",
    overwrite: "#e3b341",
    unchanged: "#9aa4af",
    held: "#b99bf8",
    blocked: "#ff7b72",
  },
} as const;

/** Text that matters less, readable on every surface. */
export const quiet = { light: "#57606a", dark: "#a3adb8" } as const;
/** What stands in an empty field. */
export const hint = { light: "#6b7480", dark: "#8b96a3" } as const;
/** Text on what is selected. */
export const selected = { light: "#14418f", dark: "#e6edf5" } as const;
export const brand = { light: "#1f5fd0", dark: "#3f78e6" } as const;
export const danger = { light: "#c62828", dark: "#c93c3c" } as const;
/** Ant Design darkens the dark one: it is lighter here than on the page. */
export const link = { light: "#1f5fd0", dark: "#9cc0ff" } as const;
export const surface = { light: "#f5f7fa", dark: "#0d0e10" } as const;
