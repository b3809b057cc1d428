// @ts-check
/**
 * Goes on with every clock that the server drew (`.clock[data-due]`), by the server's time.
 * Its few words stand here in both languages, the same as in `vakhta.web.templatetags.vakhta`.
 */

/** Milliseconds to add to this computer's time to get the server's. Delays only make samples smaller. */
let offset = -Infinity;

/** @param {string | undefined} stamp server's moment as it was when the page was drawn */
export function learn(stamp) {
  if (!stamp) return;
  const sample = Date.parse(stamp) - Date.now();
  if (!Number.isNaN(sample)) offset = Math.max(offset, sample);
}

/** @returns {number} server's now in milliseconds */
export function serverNow() {
  return Date.now() + (Number.isFinite(offset) ? offset : 0);
}

/** The same words as `vakhta.kernel.words.span_words`. @param {number} seconds @param {Record<string, string>} units */
export function spanWords(seconds, units = words()) {
  const total = Math.floor(Math.abs(seconds));
  const minutes = Math.floor(total / 60);
  const hours = Math.floor(minutes / 60);
  const days = Math.floor(hours / 24);
  if (days) return `${days} ${units.d} ${hours % 24} ${units.h}`;
  if (hours) return `${hours} ${units.h} ${String(minutes % 60).padStart(2, "0")} ${units.m}`;
  return `${String(minutes).padStart(2, "0")}:${String(total % 60).padStart(2, "0")}`;
}

const RUSSIAN = { soon: "скоро", late: "просрочено", d: "дн", h: "ч", m: "мин" };
const ENGLISH = { soon: "soon", late: "overdue", d: "d", h: "h", m: "min" };

/** @returns {Record<string, string>} */
function words() {
  return document.documentElement.lang.startsWith("en") ? ENGLISH : RUSSIAN;
}

/** @param {number} left @param {number} now @param {number} risk milliseconds */
export function faceOf(left, now, risk) {
  if (left <= 0) return "late";
  return now >= risk ? "soon" : "calm";
}

/** @param {HTMLElement} clock @param {number} now */
function tick(clock, now) {
  const due = Date.parse(clock.dataset.due ?? "");
  const left = due - now;
  const face = faceOf(left, now, Date.parse(clock.dataset.risk ?? ""));
  const digits = clock.querySelector(".clock-left");
  const said = (left < 0 ? "\u2212" : "") + spanWords(left / 1000);
  if (digits && digits.textContent !== said) digits.textContent = said;
  const bar = clock.querySelector("progress");
  if (bar) bar.value = Math.max(0, left / 1000);
  if (face === clock.dataset.face) return;
  clock.dataset.face = face;
  const word = clock.querySelector(".clock-word");
  if (word) word.textContent = face === "calm" ? "" : words()[face];
  clock.dispatchEvent(new CustomEvent("clock:face", { bubbles: true, detail: face }));
}

function tickAll() {
  const now = serverNow();
  for (const clock of document.querySelectorAll(".clock[data-due]")) tick(/** @type {HTMLElement} */ (clock), now);
  for (const place of document.querySelectorAll("[data-until]")) countdown(/** @type {HTMLElement} */ (place), now);
  for (const place of document.querySelectorAll("[data-wall-clock]")) wallClock(/** @type {HTMLElement} */ (place), now);
}

/** The seconds in which an action can still be undone; the control goes when they are over. @param {HTMLElement} place @param {number} now */
function countdown(place, now) {
  const left = Math.ceil((Date.parse(place.dataset.until ?? "") - now) / 1000);
  const said = place.querySelector("[data-countdown]");
  if (left > 0) {
    if (said) said.textContent = String(left);
    return;
  }
  place.removeAttribute("data-until");
  const undo = place.querySelector("[data-undo]");
  if (undo instanceof HTMLElement) undo.hidden = true;
}

/** @param {HTMLElement} place @param {number} now */
function wallClock(place, now) {
  const zone = place.dataset.wallClock || undefined;
  place.textContent = new Intl.DateTimeFormat("ru", { hour: "2-digit", minute: "2-digit", timeZone: zone }).format(now);
}

export function startClocks() {
  learn(document.body.dataset.now);
  document.addEventListener("htmx:beforeSwap", (event) => {
    const detail = /** @type {CustomEvent} */ (event).detail;
    learn(/data-now="([^"]+)"/.exec(detail.serverResponse ?? "")?.[1]);
  });
  document.addEventListener("htmx:afterSettle", tickAll);
  document.addEventListener("visibilitychange", tickAll);
  tickAll();
  setInterval(tickAll, 1000);
}
