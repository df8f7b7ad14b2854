/** How many rows of a list are asked for at once. */
export const ROWS = 50;
