// @ts-check
/** The technician's page: place of the work, state of the network in words, drafts, ready reasons. */
import { startClocks } from "./clock.js";
import { startDrafts } from "./draft.js";
import { startLive } from "./live.js";
import { inWords, say, startParts } from "./parts.js";

/** Tells the network's state in words. */
function startNetwork() {
  const show = () => {
    for (const place of document.querySelectorAll("[data-network]")) {
      const on = navigator.onLine;
      /** @type {HTMLElement} */ (place).dataset.state = on ? "on" : "off";
      const words = { on: place.querySelector("[data-network-on]"), off: place.querySelector("[data-network-off]") };
      if (words.on instanceof HTMLElement) words.on.hidden = !on;
      if (words.off instanceof HTMLElement) words.off.hidden = on;
    }
  };
  window.addEventListener("online", show);
  window.addEventListener("offline", show);
  show();
}

/** Puts «lat,lon±metres» into the forms that take the place; asks the phone only when there is such a form. */
function startPlace() {
  const fields = () => document.querySelectorAll("[data-place]");
  if (!fields().length || !navigator.geolocation) return;
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
      for (const field of fields()) /** @type {HTMLInputElement} */ (field).value = text;
      tell(true);
    },
    () => tell(false),
    { enableHighAccuracy: true, maximumAge: 60_000, timeout: 20_000 },
  );
}

/** A move without a network is not sent into nothing: its words stay. @param {SubmitEvent} event */
function onSubmit(event) {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || !form.matches("[data-move]")) return;
  if (!navigator.onLine) {
    event.preventDefault();
    say(inWords("Сети нет: набранное сохранено, нажмите ещё раз, когда она вернётся.", "No network: your words are kept, press again when it is back."));
    return;
  }
  for (const button of form.querySelectorAll("button")) button.setAttribute("aria-busy", "true");
}

/** @param {MouseEvent} event */
function onFill(event) {
  const button = event.target instanceof Element ? event.target.closest("[data-fill]") : null;
  if (!(button instanceof HTMLElement)) return;
  const field = document.getElementById(button.dataset.fill ?? "");
  if (!(field instanceof HTMLTextAreaElement)) return;
  field.value = button.textContent ?? "";
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

/** A form that is open is not drawn away under the fingers. @param {Event} event */
function keepOpenForm(event) {
  const { elt, requestConfig } = /** @type {CustomEvent} */ (event).detail;
  if (requestConfig?.verb !== "get" || !elt.querySelector?.("details.move[open]")) return;
  event.preventDefault();
  say(inWords("Наряд изменился: закончите запись, и он обновится.", "The job has changed: it is refreshed once you finish writing."));
}

startClocks();
startParts();
startDrafts();
startLive();
startNetwork();
startPlace();
document.addEventListener("htmx:beforeRequest", keepOpenForm);
document.addEventListener("submit", onSubmit);
document.addEventListener("click", onFill);
