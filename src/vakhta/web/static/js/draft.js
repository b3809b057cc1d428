// @ts-check
/**
 * Work is saved as it is typed. A form with `data-draft="name"` keeps its words in this browser under
 * the person's own key, gets them back after a reload or a crash, and drops them once they were sent.
 * Drafts older than a day are dropped: a shift is over by then.
 *
 * A form with `data-proposes` holds what the service proposes now: a term, an hour, a crew. In a step its fields of one
 * line come back where somebody has written over what is still proposed. In a dialog they come back only on the page where
 * they were typed, while a refusal is mended; closed unsent or opened anew, it proposes afresh. Words of several lines are a
 * person's own, and stay.
 */
import { later } from "./combo.js";

const DAY = 24 * 3600 * 1000;
const BORN = Date.now();

/** @typedef {{name: string, value: string, checked?: boolean, was?: string | boolean}} Word `was`: what stood there before */

/** @param {HTMLFormElement} form */
function keyOf(form) {
  return `vakhta-draft:${document.body.dataset.draftOwner ?? ""}:${form.dataset.draft ?? ""}`;
}

/** @param {HTMLFormElement} form @returns {(HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement)[]} */
function fields(form) {
  return [...form.elements].filter(
    /** @returns {element is HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement} */
    (element) => element.matches("input:not([type=hidden]):not([type=file]):not([type=password]), textarea, select") && Boolean(element.getAttribute("name")),
  );
}

/** The forms that somebody has written in. @type {WeakMap<HTMLFormElement, () => void>} */
const keepers = new WeakMap();

/** @param {HTMLFormElement} form */
function keep(form) {
  if (!form.closest("dialog:not([open])")) keepWords(form, fields(form));
}

/** @param {HTMLFormElement} form @param {ReturnType<typeof fields>} those */
function keepWords(form, those) {
  const words = those.map((field) => {
    const ticked = field instanceof HTMLInputElement && ["checkbox", "radio"].includes(field.type);
    return { name: field.name, value: field.value, checked: ticked ? field.checked : undefined, was: proposed(field) };
  });
  localStorage.setItem(keyOf(form), JSON.stringify({ at: Date.now(), words }));
  tellKept();
}

/** What a field had before anybody wrote in it; undefined where none can be told. @param {ReturnType<typeof fields>[number]} field */
function proposed(field) {
  if (field instanceof HTMLSelectElement) return undefined;
  return field instanceof HTMLInputElement && ["checkbox", "radio"].includes(field.type) ? field.defaultChecked : field.defaultValue;
}

/** Somebody has written it over what is still proposed. @param {Word} word @param {ReturnType<typeof fields>[number]} field */
function isOwn(word, field) {
  return word.was !== undefined && word.was === proposed(field) && word.was !== (word.checked ?? word.value);
}

/** Whether words that stand here are kept; of a form that is gone nothing is said. */
function tellKept() {
  const isKept = [...document.querySelectorAll("form[data-draft]")].some((form) => localStorage.getItem(keyOf(/** @type {HTMLFormElement} */ (form))) !== null);
  for (const place of document.querySelectorAll("[data-draft-word]")) {
    place.textContent = isKept ? (/** @type {HTMLElement} */ (place).dataset.kept ?? "") : "";
  }
}

/** @param {HTMLFormElement} form */
function restore(form) {
  if (form.dataset.restored) return;
  form.dataset.restored = "yes";
  const kept = JSON.parse(localStorage.getItem(keyOf(form)) ?? "null");
  if (!kept || Date.now() - kept.at > DAY) return;
  const isMended = kept.at >= BORN || form.closest("dialog[data-open]");
  const isOver = form.hasAttribute("data-proposes") && !isMended;
  const isOpened = form.closest("dialog") !== null;
  if (isOver && isOpened && !form.querySelector("textarea")) return dropDraft(form);
  let changed = /** @type {HTMLElement | null} */ (null);
  for (const field of fields(form)) {
    const word = kept.words.find((/** @type {Word} */ w) => w.name === field.name && (w.checked === undefined || w.value === field.value));
    if (!word) continue;
    if (isOver && !(field instanceof HTMLTextAreaElement) && (isOpened || !isOwn(word, field))) continue;
    if (field instanceof HTMLInputElement && word.checked !== undefined) {
      field.checked = word.checked;
    } else if (word.value && field.value !== word.value) {
      field.value = word.value;
      changed = field;
    }
  }
  changed?.dispatchEvent(new Event("input", { bubbles: true }));
}

function clean() {
  for (const key of Object.keys(localStorage)) {
    if (!key.startsWith("vakhta-draft:")) continue;
    const kept = JSON.parse(localStorage.getItem(key) ?? "null");
    if (!kept || Date.now() - kept.at > DAY) localStorage.removeItem(key);
  }
}

const SENT = "vakhta-sent";

/** A plain form leaves the page, so nobody is here to hear the answer: its name is noted. @param {HTMLFormElement} form */
function noteSent(form) {
  const sent = JSON.parse(sessionStorage.getItem(SENT) ?? "[]");
  sessionStorage.setItem(SENT, JSON.stringify([...sent, keyOf(form)]));
}

/** The server redirects once it has the words, and answers with a page when it has not: only then they are dropped. */
function dropAnswered() {
  const [load] = performance.getEntriesByType("navigation");
  if (load instanceof PerformanceNavigationTiming && load.redirectCount > 0) {
    for (const key of JSON.parse(sessionStorage.getItem(SENT) ?? "[]")) localStorage.removeItem(key);
  }
  sessionStorage.removeItem(SENT);
}

/** Sent in another tab: what stands here of it is not sent once more. @param {StorageEvent} event */
function dropElsewhere({ key, oldValue, newValue }) {
  if (!key?.startsWith("vakhta-draft:") || newValue !== null || !oldValue) return;
  const { words } = /** @type {{words: {name: string, value: string}[]}} */ (JSON.parse(oldValue));
  for (const form of document.querySelectorAll("form[data-draft]")) {
    if (!(form instanceof HTMLFormElement) || keyOf(form) !== key) continue;
    for (const field of form.querySelectorAll("textarea, input[type=text]")) {
      const text = /** @type {HTMLTextAreaElement | HTMLInputElement} */ (field);
      if (words.some((word) => word.name === text.name && word.value === text.value)) text.value = text.defaultValue;
    }
  }
}

/** Closed unsent: its page is drawn anew, so that it proposes what is so now; a longer word stays for the next time. @param {Event} event */
function dropClosed(event) {
  const dialog = event.target instanceof HTMLDialogElement ? event.target : null;
  const form = dialog?.querySelector("form[data-proposes]");
  if (!dialog || !(form instanceof HTMLFormElement)) return;
  const isRefused = dialog.hasAttribute("data-open");
  if (!isRefused && !keepers.has(form) && localStorage.getItem(keyOf(form)) === null) return;
  const longer = fields(form).filter((field) => field instanceof HTMLTextAreaElement);
  if (longer.some((field) => isRefused || field.value !== field.defaultValue)) keepWords(form, longer);
  else dropDraft(form);
  form.closest("[data-keep-typing]")?.dispatchEvent(new CustomEvent("live"));
}

/** Words that somebody else keeps now. @param {HTMLFormElement} form */
export function dropDraft(form) {
  localStorage.removeItem(keyOf(form));
}

/** @param {ParentNode} root */
export function restoreAll(root) {
  for (const form of root.querySelectorAll("form[data-draft]")) restore(/** @type {HTMLFormElement} */ (form));
}

export function startDrafts() {
  /** @param {Event} event */
  const onInput = (event) => {
    const form = event.target instanceof Element ? event.target.closest("form[data-draft]") : null;
    if (!(form instanceof HTMLFormElement)) return;
    if (!keepers.has(form)) keepers.set(form, later(() => form.isConnected && keep(form), 150));
    keepers.get(form)?.();
  };
  document.addEventListener("input", onInput);
  document.addEventListener("htmx:beforeRequest", (event) => {
    // The words that are being sent are kept until the server has said that it has them.
    const form = event.target;
    if (form instanceof HTMLFormElement && form.dataset.draft) keep(form);
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const { detail } = /** @type {CustomEvent} */ (event);
    // The element of the event is another one once the form was swapped away.
    const form = detail.requestConfig.elt;
    if (!(form instanceof HTMLFormElement) || !form.dataset.draft || !detail.successful) return;
    localStorage.removeItem(keyOf(form));
    tellKept();
  });
  document.addEventListener("htmx:afterSettle", () => {
    restoreAll(document);
    tellKept();
  });
  document.addEventListener("close", dropClosed, true);
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form instanceof HTMLFormElement && form.dataset.draft && !form.hasAttribute("hx-post")) {
      keep(form);
      noteSent(form);
    }
  });
  window.addEventListener("storage", dropElsewhere);
  dropAnswered();
  clean();
  restoreAll(document);
}
