// @ts-check
/**
 * Rows of a list that are chosen for one act: Space in a row, Shift with an arrow row by row, a click, a click with
 * Shift up to there, or all of the page by the box in the head; then all that the list was asked for, too.
 *
 * And the order of the columns of a list: Alt with an arrow, or the button beside a column.
 */

let last = /** @type {HTMLInputElement | null} */ (null);

/** @param {Element} form @returns {HTMLInputElement[]} */
function boxes(form) {
  return [...form.querySelectorAll("input[name=ticket]")].map((box) => /** @type {HTMLInputElement} */ (box));
}

/** Says how many are chosen, and what the box in the head shows. @param {Element} form */
function tell(form) {
  const all = boxes(form);
  const chosen = all.filter((box) => box.checked).length;
  const told = form.querySelector("[data-choose-told]");
  const rest = form.querySelector("[data-choose-rest]");
  const head = form.querySelector("[data-choose-all]");
  if (!(told instanceof HTMLElement) || !(rest instanceof HTMLElement) || !(head instanceof HTMLInputElement)) return;
  told.dataset.empty ??= told.textContent ?? "";
  told.textContent = chosen ? `${told.dataset.words} ${chosen}` : told.dataset.empty;
  head.checked = chosen > 0 && chosen === all.length;
  head.indeterminate = chosen > 0 && chosen < all.length;
  if (!head.checked) rest.replaceChildren();
  else if (!rest.hasChildNodes()) rest.dispatchEvent(new Event("wanted"));
}

/** @param {HTMLInputElement} box @param {boolean} checked */
function set(box, checked) {
  box.checked = checked;
  last = box;
}

/** @param {Element | null} row @param {1 | -1} by @returns {Element | null} */
function beside(row, by) {
  return (by > 0 ? row?.nextElementSibling : row?.previousElementSibling) ?? null;
}

/** The same control of another row. @param {Element} control @param {Element} row */
function focusIn(control, row) {
  const same = control.matches("input") ? row.querySelector("input[name=ticket]") : row.querySelector("a");
  const found = same ?? row.querySelector("input[name=ticket]");
  if (found instanceof HTMLElement) found.focus();
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  const control = event.target instanceof Element ? event.target : null;
  const row = control?.closest("[data-choose] [data-list] > tr") ?? null;
  const form = row?.closest("[data-choose]");
  const box = row?.querySelector("input[name=ticket]");
  if (!control || !row || !form || !(box instanceof HTMLInputElement) || event.altKey || event.ctrlKey || event.metaKey) return;
  const by = { ArrowDown: /** @type {const} */ (1), ArrowUp: /** @type {const} */ (-1) }[event.code];
  if (event.code === "Space" && control !== box) {
    event.preventDefault();
    set(box, !box.checked);
  } else if (by && (event.shiftKey || control === box)) {
    event.preventDefault();
    const next = beside(row, by);
    if (event.shiftKey) set(box, true);
    if (next) {
      const other = next.querySelector("input[name=ticket]");
      if (event.shiftKey && other instanceof HTMLInputElement) set(other, true);
      focusIn(control, next);
    }
  } else {
    return;
  }
  tell(form);
}

/** @param {MouseEvent} event */
function onClick(event) {
  const box = event.target;
  if (!(box instanceof HTMLInputElement) || box.name !== "ticket") return;
  const form = box.closest("[data-choose]");
  const all = form ? boxes(form) : [];
  if (event.shiftKey && last && all.includes(last)) {
    const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((one, other) => one - other);
    for (const between of all.slice(from, to + 1)) between.checked = box.checked;
  }
  last = box;
}

/** @param {Event} event */
function onChange(event) {
  const box = event.target;
  const form = box instanceof Element ? box.closest("[data-choose]") : null;
  if (!form || !(box instanceof HTMLInputElement)) return;
  if (box.matches("[data-choose-all]")) for (const each of boxes(form)) each.checked = box.checked;
  if (box.name === "ticket" || box.matches("[data-choose-all]")) tell(form);
}

/** @param {Element} item @param {1 | -1} by */
function move(item, by) {
  const other = beside(item, by);
  if (other) other[by > 0 ? "after" : "before"](item);
}

/** @param {KeyboardEvent} event */
function onOrderKey(event) {
  const box = event.target instanceof HTMLInputElement ? event.target : null;
  const item = box?.closest("[data-order] > li");
  const by = { ArrowDown: /** @type {const} */ (1), ArrowUp: /** @type {const} */ (-1) }[event.code];
  if (!box || !item || !by || !event.altKey) return;
  event.preventDefault();
  move(item, by);
  box.focus();
}

/** @param {MouseEvent} event */
function onOrderClick(event) {
  const up = event.target instanceof Element ? event.target.closest("[data-order-up]") : null;
  const item = up?.closest("[data-order] > li");
  if (!(up instanceof HTMLElement) || !item) return;
  move(item, -1);
  up.focus();
}

export function startChoice() {
  document.addEventListener("keydown", onKey, true);
  document.addEventListener("keydown", onOrderKey, true);
  document.addEventListener("click", onClick);
  document.addEventListener("click", onOrderClick);
  document.addEventListener("change", onChange);
  for (const form of document.querySelectorAll("[data-choose]")) tell(form);
  for (const hint of document.querySelectorAll("[data-order-hint], [data-order-up]")) {
    if (hint instanceof HTMLElement) hint.hidden = false;
  }
}
