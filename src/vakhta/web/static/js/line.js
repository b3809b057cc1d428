// @ts-check
/** The line (строка): one field for addresses, phones, numbers, faults and commands; and the address field. */
import { Combo } from "./combo.js";

/** @typedef {{ajax: (verb: string, path: string, context: object) => Promise<void>}} Htmx */

/** @returns {Htmx} */
function htmx() {
  return /** @type {any} */ (window).htmx;
}

/** @param {HTMLElement} option */
function act(option) {
  const url = option.dataset.url ?? "";
  const target = document.getElementById("work");
  const method = option.dataset.method;
  if (method === "go" || !target) location.assign(url);
  // An action leaves the card in work as it is: what it changed comes out of band.
  else void htmx().ajax(method === "get" ? "GET" : "POST", url, { target: "#work", swap: method === "act" ? "none" : "outerHTML", source: "#work" });
}

/** @param {HTMLElement} place */
function startLine(place) {
  const input = place.querySelector("input");
  const answer = place.querySelector(".line-answer");
  if (!(input instanceof HTMLInputElement) || !(answer instanceof HTMLElement) || place.dataset.started) return;
  place.dataset.started = "yes";
  const combo = new Combo(input, answer, place.dataset.url ?? "", (option) => {
    input.value = "";
    combo.shown = undefined;
    act(option);
  });
  let before = /** @type {Element | null} */ (null);
  input.addEventListener("focus", (event) => (before = /** @type {Element | null} */ (event.relatedTarget)));
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !answer.hidden) return;
    input.value = "";
    if (before instanceof HTMLElement && before.isConnected) before.focus();
    else input.blur();
  });
}

/** The address of the caller: the chosen premises go into a hidden field and the form is sent. @param {HTMLElement} place */
function startAddress(place) {
  const input = place.querySelector('input[role="combobox"]');
  const answer = place.querySelector("[data-answer]");
  const into = place.querySelector(`input[name="${place.dataset.into}"]`);
  if (!(input instanceof HTMLInputElement) || !(answer instanceof HTMLElement) || !(into instanceof HTMLInputElement)) return;
  if (place.dataset.started) return;
  place.dataset.started = "yes";
  input.addEventListener("input", () => (into.value = ""));
  new Combo(input, answer, place.dataset.url ?? "", (option) => {
    input.value = option.dataset.title ?? "";
    into.value = option.dataset.value ?? "";
    input.dispatchEvent(new CustomEvent("draft:keep", { bubbles: true }));
    if (place.dataset.stays === undefined) input.form?.requestSubmit();
  });
}

/** A list of houses: each that is found becomes one more line of the text beside it. @param {HTMLElement} place */
function startHouses(place) {
  const input = place.querySelector('input[role="combobox"]');
  const answer = place.querySelector("[data-answer]");
  const into = document.getElementById(place.dataset.into ?? "");
  if (!(input instanceof HTMLInputElement) || !(answer instanceof HTMLElement) || !(into instanceof HTMLTextAreaElement)) return;
  if (place.dataset.started) return;
  place.dataset.started = "yes";
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.ctrlKey) event.preventDefault(); // it chooses a house and sends nothing
  });
  const combo = new Combo(input, answer, place.dataset.url ?? "", (option) => {
    const line = option.dataset.title ?? "";
    const lines = into.value.split("\n").filter((each) => each.trim());
    if (!lines.includes(line)) into.value = [...lines, line].join("\n");
    input.value = "";
    combo.shown = undefined;
    into.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

function startAll() {
  for (const place of document.querySelectorAll("[data-line]")) startLine(/** @type {HTMLElement} */ (place));
  for (const place of document.querySelectorAll("[data-combobox]")) startAddress(/** @type {HTMLElement} */ (place));
  for (const place of document.querySelectorAll("[data-houses]")) startHouses(/** @type {HTMLElement} */ (place));
}

/** A card that arrives while the next words are typed has a field that wants the focus: they stay in the line. */
function keepTyping() {
  let isTyped = false;
  document.addEventListener("htmx:beforeSwap", () => {
    const active = document.activeElement;
    isTyped = active instanceof HTMLInputElement && active.id === "line" && active.value !== "";
  });
  for (const name of ["htmx:afterSwap", "htmx:afterSettle"]) {
    document.addEventListener(name, () => {
      const line = document.getElementById("line");
      if (isTyped && line instanceof HTMLInputElement && line.value && document.activeElement !== line) line.focus();
    });
  }
}

export function startLines() {
  startAll();
  keepTyping();
  document.addEventListener("htmx:afterSettle", startAll);
  if (location.hash === "#line") document.getElementById("line")?.focus(); // its key was pressed on another page
}
