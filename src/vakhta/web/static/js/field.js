// @ts-check
/** The technician's page: state of the network in words, moves that wait, place of the work, ready reasons. */
import { startClocks } from "./clock.js";
import { startDrafts } from "./draft.js";
import { startLacks } from "./lacks.js";
import { startLive } from "./live.js";
import { say, startParts } from "./parts.js";
import { startPress } from "./press.js";
import { startToken } from "./token.js";
import { inWords } from "./words.js";
import { clockWords, flush, refresh, startOutbox } from "./waiting.js";

const PROBE = 10_000;
const KEEP_AFTER = 3_000;
const OFFSET = "vakhta-clock-offset";

// ── The network ──────────────────────────────────────────────────────────────────────────────

let isOn = navigator.onLine;
let probing = 0;

/** A kept page was drawn long ago: its clocks go by how far this phone is from the server's time. */
function settleClock() {
  const { dataset } = document.body;
  if (dataset.kept === undefined) {
    localStorage.setItem(OFFSET, String(Date.parse(dataset.now ?? "") - Date.now()));
  } else {
    dataset.now = new Date(Date.now() + Number(localStorage.getItem(OFFSET) ?? 0)).toISOString();
  }
}

/** @param {boolean} on @param {boolean} [isFresh] what is shown is asked for already */
function network(on, isFresh = false) {
  const wasOn = isOn;
  isOn = on;
  for (const place of document.querySelectorAll("[data-network]")) {
    /** @type {HTMLElement} */ (place).dataset.state = on ? "on" : "off";
    for (const word of place.querySelectorAll("[data-network-on], [data-network-off]")) {
      /** @type {HTMLElement} */ (word).hidden = word.matches("[data-network-on]") !== on;
    }
  }
  clearTimeout(probing);
  if (!on) probing = window.setTimeout(probe, PROBE);
  else if (!wasOn && !isFresh) catchUp();
}

/** Asks the server whether it is there. */
async function probe() {
  if (document.hidden) return network(false);
  const path = document.body.dataset.probe;
  const answer = path ? await fetch(path, { cache: "no-store" }).catch(() => undefined) : undefined;
  network(answer !== undefined && answer.status < 500);
}

/** The server is there again: what waits is sent, what is shown is asked for anew. */
async function catchUp() {
  if (!(await flush())) refresh();
}

function startNetwork() {
  window.addEventListener("online", probe);
  window.addEventListener("offline", () => network(false));
  document.addEventListener("visibilitychange", () => !document.hidden && (isOn ? flush() : probe()));
  document.addEventListener("reach", (event) => network(/** @type {CustomEvent} */ (event).detail, true));
  document.addEventListener("live:state", (event) => {
    if ((/** @type {CustomEvent} */ (event).detail !== "off") !== isOn) probe();
  });
  document.addEventListener("htmx:sendError", () => network(false));
  document.addEventListener("htmx:beforeSwap", (event) => {
    const now = /data-now="([^"]+)"/.exec(/** @type {CustomEvent} */ (event).detail.serverResponse ?? "")?.[1];
    if (!now) return;
    for (const place of document.querySelectorAll("[data-as-of]")) place.textContent = clockWords(Date.parse(now));
    delete document.body.dataset.kept;
    if (isOn) return;
    network(true, true);
    flush();
  });
  network(navigator.onLine && document.body.dataset.kept === undefined);
  if (!isOn) probe();
}

// ── Pages that can be read without it ────────────────────────────────────────────────────────

/**
 * The worker of these pages, when there is one. Not the page's controller: a page that was reloaded past the
 * cache, or that the browser fetched without waiting for the worker, never gets one, and is to be kept too.
 * @returns {Promise<ServiceWorker | null>}
 */
async function workerHere() {
  return (await navigator.serviceWorker?.getRegistration())?.active ?? null;
}

/**
 * Tells the worker which pages to keep.
 * @param {boolean} isNew this page as it was loaded: the worker has seen it pass, if it was there in time
 */
async function keepPages(isNew) {
  const worker = await workerHere();
  if (!worker || document.body.dataset.kept !== undefined) return;
  const list = document.body.dataset.list ?? "";
  const main = document.querySelector("main[data-job]");
  const here = main instanceof HTMLElement ? (main.dataset.job ?? "") : list;
  const jobs = [...document.querySelectorAll(".job-line a")].map((link) => new URL(/** @type {HTMLAnchorElement} */ (link).href).pathname);
  const keep = isNew ? jobs : [here, ...jobs];
  worker.postMessage({ keep, seen: isNew ? [here, list] : [], ...(!main && { only: [list, ...jobs] }) });
}

const LOOK_AGAIN = 5_000;
/** Milliseconds between looks into the phone's own store; the network is asked only when the page is not there. */

function startWorker() {
  const { worker } = document.body.dataset;
  if (!worker || !navigator.serviceWorker) return;
  const register = () => navigator.serviceWorker.register(worker, { updateViaCache: "none" }).catch(() => {});
  register();
  navigator.serviceWorker.addEventListener("controllerchange", () => keepPages(true));
  keepPages(true);
  // A worker whose files did not all arrive is thrown away by the browser, and a word to one can be lost (it was
  // stopped, the network was away for a moment): both are asked again until they hold.
  window.setInterval(async () => {
    if (!isOn || document.hidden) return;
    if (!(await workerHere())) await register();
    else if (!(await caches.match(window.location.pathname, { ignoreVary: true }))) keepPages(true);
  }, LOOK_AGAIN);
  // What comes later is kept too: the job at once, the list with its jobs not at every word of a storm.
  let waits = 0;
  document.addEventListener("htmx:afterSettle", () => {
    if (document.querySelector("main[data-job]")) return keepPages(false);
    if (waits) return;
    waits = window.setTimeout(() => {
      waits = 0;
      keepPages(false);
    }, KEEP_AFTER);
  });
}

/** Whoever signs out leaves no pages behind. @param {SubmitEvent} event */
async function onSignOut(event) {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || !form.matches("[data-sign-out]") || !navigator.serviceWorker) return;
  event.preventDefault();
  const worker = await workerHere();
  if (!worker) return form.submit();
  const line = new MessageChannel();
  const dropped = new Promise((done) => (line.port1.onmessage = done));
  worker.postMessage({ drop: true }, [line.port2]);
  await Promise.race([dropped, new Promise((done) => setTimeout(done, 2000))]);
  form.submit();
}

// ── Forms ────────────────────────────────────────────────────────────────────────────────────

let isWatching = false;

/** Puts «lat,lon±metres» into the forms that take the place; asks the phone only when there is such a form. */
function startPlace() {
  const fields = () => document.querySelectorAll("[data-place]");
  if (isWatching || !fields().length || !navigator.geolocation) return;
  isWatching = true;
  /** @param {boolean} known */
  const tell = (known) => {
    for (const word of document.querySelectorAll("[data-place-word]")) {
      const { dataset } = /** @type {HTMLElement} */ (word);
      word.textContent = (known ? dataset.known : dataset.unknown) ?? "";
    }
  };
  navigator.geolocation.watchPosition(
    ({ coords }) => {
      const text = `${coords.latitude.toFixed(5)},${coords.longitude.toFixed(5)}±${Math.round(coords.accuracy)}`;
      document.body.dataset.place = text;
      for (const field of fields()) /** @type {HTMLInputElement} */ (field).value = text;
      tell(true);
    },
    () => tell(false),
    { enableHighAccuracy: true, maximumAge: 60_000, timeout: 20_000 },
  );
}

/** Ready words are added to what is typed, once. @param {MouseEvent} event */
function onFill(event) {
  const button = event.target instanceof Element ? event.target.closest("[data-fill]") : null;
  if (!(button instanceof HTMLElement)) return;
  const field = document.getElementById(button.dataset.fill ?? "");
  if (!(field instanceof HTMLTextAreaElement)) return;
  const words = button.textContent ?? "";
  const typed = field.value.replace(/[\s;,.]+$/, "");
  const isSaid = typed.split(";").some((part) => part.trim().toLowerCase().startsWith(words.toLowerCase()));
  if (!isSaid) field.value = typed ? `${typed}; ${words}` : words;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

/** A form that is open is not drawn away under the fingers. @param {Event} event */
function keepOpenForm(event) {
  const { elt, requestConfig } = /** @type {CustomEvent} */ (event).detail;
  if (requestConfig?.verb !== "get" || !elt.querySelector?.("details.move[open]")) return;
  event.preventDefault();
  say(inWords("Наряд изменился: закончите запись, и он обновится.", "The job has changed: it is refreshed once you finish writing."));
}

settleClock();
startClocks();
startParts();
startPress();
startToken();
startDrafts();
startLacks();
startOutbox();
startLive();
startNetwork();
startPlace();
startWorker();
document.addEventListener("htmx:beforeRequest", keepOpenForm);
document.addEventListener("htmx:afterSettle", startPlace);
document.addEventListener("submit", onSignOut);
document.addEventListener("click", onFill);
