// @ts-check
/**
 * A table whose cells are links (`data-grid`): arrows go from cell to cell, Home and End along the row; the table is
 * one stop of the Tab key. Without this script each link is a stop of its own.
 */

/** @param {HTMLTableElement} table @returns {(HTMLAnchorElement | null)[][]} the links by rows and columns */
function cellsOf(table) {
  return [...(table.tBodies[0]?.rows ?? [])].map((row) => [...row.cells].map((cell) => cell.querySelector("a")));
}

/** The one link that Tab stops at. @param {HTMLAnchorElement} link @param {(HTMLAnchorElement | null)[][]} cells */
function stopAt(link, cells) {
  for (const other of cells.flat()) if (other) other.tabIndex = other === link ? 0 : -1;
}

const STEPS = /** @type {Record<string, [number, number]>} */ ({
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  Home: [0, -Infinity],
  End: [0, Infinity],
});

/**
 * The next link in that direction; cells without one are passed over.
 * @param {(HTMLAnchorElement | null)[][]} cells @param {number} row @param {number} column @param {[number, number]} step
 */
function next(cells, row, column, [down, right]) {
  if (!Number.isFinite(right)) {
    const links = (cells[row] ?? []).filter((link) => link !== null);
    return links[right < 0 ? 0 : links.length - 1] ?? null;
  }
  for (let r = row + down, c = column + right; cells[r] && c >= 0 && c < cells[r].length; r += down, c += right) {
    if (cells[r][c]) return cells[r][c];
  }
  return null;
}

for (const table of document.querySelectorAll("table[data-grid]")) {
  if (!(table instanceof HTMLTableElement)) continue;
  const cells = cellsOf(table);
  const first = table.querySelector("a[aria-current]") ?? table.querySelector("[data-today] a") ?? table.querySelector("a");
  if (first instanceof HTMLAnchorElement) stopAt(first, cells);
  table.addEventListener("keydown", (event) => {
    const step = STEPS[event.code];
    const row = cells.findIndex((links) => links.some((link) => link === event.target));
    if (!step || row < 0 || event.ctrlKey || event.altKey || event.metaKey) return;
    const column = cells[row].findIndex((link) => link === event.target);
    const link = next(cells, row, column, step);
    event.preventDefault();
    if (!link) return;
    stopAt(link, cells);
    link.focus();
  });
}
