// @ts-check
/** Small behaviours of parts: tabs, choices beside a text, words of slow and failed requests, settings. */
import { inWords } from "./words.js";

/** @param {HTMLElement} tab */
function selectTab(tab) {
  const tabs = tab.closest("[data-tabs]");
  if (!tabs) return;
  for (const other of tabs.querySelectorAll('[role="tab"]')) {
    const chosen = other === tab;
    other.setAttribute("aria-selected", String(chosen));
    /** @type {HTMLElement} */ (other).tabIndex = chosen ? 0 : -1;
    const panel = document.getElementById(other.getAttribute("aria-controls") ?? "");
    if (panel) panel.hidden = !chosen;
  }
}

/** A fault that was chosen by hand stays chosen while the words change; its questions are asked for again. @param {Event} event */
function onEntry(event) {
  const radio = event.target;
  if (!(radio instanceof HTMLInputElement) || radio.type !== "radio" || !radio.closest(".entries")) return;
  const chosen = radio.form?.elements.namedItem("chosen");
  const text = radio.form?.querySelector(`[data-choices="${radio.name}"]`);
  if (!(chosen instanceof HTMLInputElement) || !text) return;
  chosen.value = "yes";
  text.dispatchEvent(new CustomEvent("again"));
}

/** The fault is found: its lack is no more said. @param {Event} event */
function onFound(event) {
  const text = document.getElementById("n-description");
  const isFound = event.target instanceof Element && event.target.id === "suggestions" && event.target.querySelector("input:checked");
  if (isFound && text?.getAttribute("aria-describedby") === "n-classifier-about") text.removeAttribute("aria-invalid");
}

/** The house's tickets have changed: what is alike is asked for again. @param {Event} event */
function onNear(event) {
  const isNear = event.target instanceof Element && event.target.id === "near";
  if (isNear) document.querySelector("#work [data-choices]")?.dispatchEvent(new CustomEvent("again"));
}

/** @param {KeyboardEvent} event */
function walkTabs(event) {
  const tab = event.target instanceof Element ? event.target.closest('[role="tab"]') : null;
  const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!tab || !by) return;
  const all = [...(tab.parentElement?.querySelectorAll('[role="tab"]') ?? [])];
  const next = all[(all.indexOf(tab) + by + all.length) % all.length];
  if (next instanceof HTMLElement) {
    event.preventDefault();
    next.focus();
    selectTab(next);
  }
}

/** Alt+↓ and Alt+↑ in a text move the choice beside it, so that hands stay in the text. @param {KeyboardEvent} event */
function walkChoices(event) {
  const field = event.target instanceof HTMLElement ? event.target : null;
  const name = field?.dataset.choices;
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!field || !name || !by || !event.altKey) return;
  const radios = [...(field.closest("form")?.querySelectorAll(`input[type="radio"][name="${name}"]`) ?? [])];
  if (!radios.length) return;
  event.preventDefault();
  const at = radios.findIndex((radio) => /** @type {HTMLInputElement} */ (radio).checked);
  const next = /** @type {HTMLInputElement} */ (radios[(at + by + radios.length) % radios.length]);
  next.checked = true;
  next.dispatchEvent(new Event("input", { bubbles: true }));
  next.dispatchEvent(new Event("change", { bubbles: true }));
}

/** Says aloud and shows one line. @param {string} text */
export function say(text) {
  const place = document.getElementById("alerts");
  if (!place) return;
  const line = document.createElement("p");
  line.className = "alert-line";
  line.textContent = text;
  refused = "";
  place.replaceChildren(line);
  clearAlerts();
}

let clearing = 0;

/** What was said stays long enough to be read, by its length. */
function clearAlerts() {
  const place = document.getElementById("alerts");
  clearTimeout(clearing);
  clearing = window.setTimeout(() => place?.replaceChildren(), 6000 + 60 * (place?.textContent?.length ?? 0));
}

/** A refusal is a fragment; a whole page as an answer is none, and must not stand inside a screen. @param {CustomEvent} event */
function onAnswer(event) {
  const { detail } = event;
  if (detail.xhr.status >= 400 && /^\s*<(!doctype|html)/i.test(detail.serverResponse)) {
    detail.shouldSwap = false;
    onFailure(event);
  }
  dropRefusal(detail);
  if (detail.target?.id !== "alerts") return;
  refused = detail.requestConfig.path;
  clearAlerts();
}

/** Whose refusal stands at the edge. */
let refused = "";

/** What is accepted now, or told beside its field, is refused at the edge no more. @param {any} detail of an answer */
function dropRefusal({ isError, requestConfig, target }) {
  if (!refused || (target?.id !== "work" && (isError || requestConfig.path !== refused))) return;
  refused = "";
  document.getElementById("alerts")?.replaceChildren();
}

/** What failed, what is kept, what to do. @param {CustomEvent} event */
function onFailure(event) {
  const { xhr, requestConfig } = event.detail;
  const status = xhr?.status ?? 0;
  // A phone says by itself that the network is away, and what waits in it is sent without anybody.
  if (requestConfig?.verb === "get" && document.querySelector("[data-network]")) return;
  if (status === 403) {
    return say(inWords("Вход сменился или закончился. Набранное сохранено: обновите страницу (F5) и отправьте снова.", "Your sign-in has changed or is over. Your words are kept: reload the page (F5) and send again."));
  }
  say(
    status > 0
      ? inWords("Сервер не смог это сделать. Ваши слова сохранены здесь, повторите.", "The server could not do it. Your words are kept here, try again.")
      : inWords("Связи нет. Набранное сохранено, отправьте ещё раз, когда связь вернётся.", "No connection. Your words are kept here; send them again when it is back."),
  );
}

/** @param {string} name @param {string} value */
function remember(name, value) {
  document.cookie = `vakhta_${name}=${encodeURIComponent(value)}; path=/; max-age=31536000; SameSite=Lax`;
}

/** @param {Event} event */
function onSetting(event) {
  const field = event.target;
  if (!(field instanceof HTMLInputElement)) return;
  const root = document.documentElement;
  if (field.name === "look-theme") {
    if (field.value) root.dataset.theme = field.value;
    else delete root.dataset.theme;
    remember("theme", field.value);
  } else if (field.name === "look-size") {
    root.dataset.size = field.value;
    remember("size", field.value);
  } else if (field.name === "look-sound") {
    localStorage.setItem("vakhta-volume", field.value);
  } else if (field.matches("[data-letters-switch]")) {
    root.dataset.letters = field.checked ? "on" : "off";
    remember("letters", field.checked ? "on" : "off");
  }
}

function showSettings() {
  for (const box of document.querySelectorAll("[data-letters-switch]")) {
    /** @type {HTMLInputElement} */ (box).checked = document.documentElement.dataset.letters !== "off";
  }
  const volume = document.querySelector('input[name="look-sound"]');
  if (volume instanceof HTMLInputElement) volume.value = localStorage.getItem("vakhta-volume") ?? "40";
}

/** A request that takes longer than a tenth of a second is said on its control. */
function markSlow() {
  /** @type {WeakMap<Element, number>} */
  const timers = new WeakMap();
  document.addEventListener("htmx:beforeRequest", (event) => {
    const element = /** @type {CustomEvent} */ (event).detail.elt;
    timers.set(element, window.setTimeout(() => element.setAttribute("data-slow", ""), 100));
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const element = /** @type {CustomEvent} */ (event).detail.requestConfig.elt;
    clearTimeout(timers.get(element));
    element.removeAttribute("data-slow");
  });
}

/** A fragment that is drawn again gives the focus back to the same control. */
function keepFocus() {
  let place = "";
  document.addEventListener("htmx:beforeSwap", (event) => {
    const target = /** @type {CustomEvent} */ (event).detail.target;
    const active = document.activeElement;
    place = "";
    if (!(active instanceof HTMLElement) || !target?.contains(active)) return;
    const opens = active.dataset.opens;
    const url = active.getAttribute("hx-post") ?? active.getAttribute("hx-get") ?? active.getAttribute("href");
    place = active.id ? `#${CSS.escape(active.id)}` : opens ? `[data-opens="${CSS.escape(opens)}"]` : url ? `[hx-post="${CSS.escape(url)}"], [hx-get="${CSS.escape(url)}"], [href="${CSS.escape(url)}"]` : "";
  });
  document.addEventListener("htmx:afterSettle", () => {
    if (!place || document.activeElement !== document.body) return;
    const same = document.querySelector(place);
    place = "";
    if (same instanceof HTMLElement) same.focus();
  });
}

/** What a card has asked about itself and its house: once another one is drawn, the answer is nobody's. @param {Event} event */
function letGo(event) {
  const element = event.target;
  if (element instanceof HTMLElement && ["presence", "near"].includes(element.id)) {
    element.addEventListener("htmx:beforeOnLoad", (answer) => answer.preventDefault());
  }
}

/** The row of the contact that is open: the queue is drawn anew without knowing which one that is. */
function markOpen() {
  const open = document.getElementById("work")?.dataset.contact;
  for (const row of document.querySelectorAll(".row-item[data-contact]")) {
    if (open && /** @type {HTMLElement} */ (row).dataset.contact === open) {
      row.setAttribute("aria-current", "true");
      showInList(row);
    } else row.removeAttribute("aria-current");
  }
}

/** Its own list scrolls to it and not the page, which on a phone begins with the card. @param {Element} row */
function showInList(row) {
  const list = row.closest(".rows-mine");
  if (!list) return;
  const [here, seen] = [row.getBoundingClientRect(), list.getBoundingClientRect()];
  list.scrollTop += Math.min(0, here.top - seen.top) || Math.max(0, here.bottom - seen.bottom);
}

/** What can no more be undone is no more offered: somebody else has the contact, the ten seconds were over there. @param {Event} event */
function dropUndo(event) {
  const { xhr, requestConfig } = /** @type {CustomEvent} */ (event).detail;
  if (xhr.status !== 409 && xhr.status !== 404) return;
  for (const undo of document.querySelectorAll("[data-undo][hx-post]")) {
    const url = undo.getAttribute("hx-post") ?? "";
    if (requestConfig.elt === undo || url.split("?")[0] === requestConfig.path.split("?")[0]) undo.remove();
  }
}

/** From one call that I hold to the next one. @param {Event} event */
function openNextOwn(event) {
  const button = event.target instanceof Element ? event.target.closest("[data-next-own]") : null;
  const own = [...(button?.closest(".left-sub")?.nextElementSibling?.querySelectorAll(".row-item") ?? [])];
  if (own.length === 0) return;
  const at = own.findIndex((row) => row.getAttribute("aria-current") === "true");
  const next = own[(at + 1) % own.length]?.querySelector("button");
  if (next instanceof HTMLElement) next.click();
}

/** @type {Map<string, {value: string, start: number, end: number, isHere: boolean}>} */
const typed = new Map();

/**
 * A page that is drawn anew by itself waits for an open form and for a file that was chosen, which cannot be put
 * back; words beside them are kept, see `keepWords`. @param {Event} event
 */
function waitForForm(event) {
  const { elt, requestConfig } = /** @type {CustomEvent} */ (event).detail;
  if (requestConfig?.verb !== "get" || !elt.matches?.("[data-keep-typing]")) return;
  const files = /** @type {NodeListOf<HTMLInputElement>} */ (elt.querySelectorAll('input[type="file"]'));
  if (!elt.querySelector("dialog[open]") && ![...files].some((input) => input.files?.length)) return;
  event.preventDefault(); // the request, or the swap of what was asked for before the form was opened
  elt.setAttribute("data-stale", "");
  say(inWords("Здесь есть новое: обновится, когда вы закончите запись.", "This has changed; it will be refreshed once you finish writing."));
}

/** The form was closed: what had come meanwhile is shown. @param {Event} event */
function showStale(event) {
  const stale = event.target instanceof Element ? event.target.closest("[data-stale]") : null;
  if (!stale || stale.querySelector("dialog[open]")) return;
  stale.removeAttribute("data-stale");
  stale.dispatchEvent(new CustomEvent("live"));
}

/** What somebody is typing on a page that is drawn anew stays, with the caret where it was. @param {Event} event */
function keepWords(event) {
  const { target } = /** @type {CustomEvent} */ (event).detail;
  if (!target?.matches?.("[data-keep-typing]")) return;
  for (const text of target.querySelectorAll("textarea[id]")) {
    const isHere = text === document.activeElement;
    if (!isHere && text.value === text.defaultValue) continue;
    typed.set(text.id, { value: text.value, start: text.selectionStart, end: text.selectionEnd, isHere });
  }
}

function giveWordsBack() {
  for (const [id, words] of typed) {
    const text = document.getElementById(id);
    if (!(text instanceof HTMLTextAreaElement)) continue;
    text.value = words.value;
    if (!words.isHere) continue;
    text.focus();
    text.setSelectionRange(words.start, words.end);
  }
  typed.clear();
}

/** The names of the files that were chosen: the browser's own words would be in the browser's language. @param {Event} event */
function nameFiles(event) {
  const inputs = event.target instanceof HTMLFormElement ? [...event.target.querySelectorAll("[data-file]")] : [event.target];
  for (const input of inputs) {
    if (!(input instanceof HTMLInputElement) || !input.matches("[data-file]")) continue;
    const place = input.closest(".file-field")?.querySelector("[data-file-names]");
    const files = event.type === "reset" ? [] : [...(input.files ?? [])];
    if (place) place.textContent = files.map((file) => file.name).join(", ");
  }
}

export function startParts() {
  document.addEventListener("change", nameFiles);
  document.addEventListener("reset", nameFiles);
  document.addEventListener("htmx:beforeRequest", waitForForm);
  document.addEventListener("close", showStale, true);
  document.addEventListener("htmx:beforeSwap", waitForForm);
  document.addEventListener("htmx:beforeSwap", keepWords);
  document.addEventListener("htmx:afterSettle", giveWordsBack);
  document.addEventListener("htmx:beforeCleanupElement", letGo);
  document.addEventListener("click", (event) => {
    const tab = event.target instanceof Element ? event.target.closest('[role="tab"]') : null;
    if (tab instanceof HTMLElement) selectTab(tab);
  });
  document.addEventListener("keydown", walkTabs);
  document.addEventListener("keydown", walkChoices);
  document.addEventListener("htmx:responseError", (event) => onFailure(/** @type {CustomEvent} */ (event)));
  document.addEventListener("htmx:sendError", (event) => onFailure(/** @type {CustomEvent} */ (event)));
  document.addEventListener("htmx:beforeSwap", (event) => onAnswer(/** @type {CustomEvent} */ (event)));
  document.addEventListener("change", onEntry);
  document.addEventListener("live", onNear, true);
  document.addEventListener("htmx:afterSettle", onFound);
  document.addEventListener("change", onSetting);
  document.addEventListener("input", onSetting);
  document.addEventListener("htmx:afterRequest", dropUndo);
  document.addEventListener("htmx:afterSettle", markOpen);
  document.addEventListener("click", openNextOwn);
  markSlow();
  keepFocus();
  showSettings();
}
