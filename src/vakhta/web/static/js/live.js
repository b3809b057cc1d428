// @ts-check
/**
 * One stream of server-sent events for all tabs of this browser. The tab that holds the lock
 * «vakhta-live» listens and passes each event on by BroadcastChannel; when it closes, another takes
 * the lock and goes on from the last entry seen.
 *
 * An event is `{entry, kind, subjects}`: a journal entry's id, its fact and what it is about. Fragments
 * name what they show, `data-live="interaction ticket/17"`, have an `id`, and get the event `live` on which
 * htmx asks for them again: `hx-trigger="live"`.
 */

/** @typedef {{entry: number, kind: string, subjects: string[]}} Change */
/** @typedef {{type: "change", change: Change} | {type: "state", state: string, ms?: number} | {type: "missed", entry: number}} Message */

const CHANNEL = "vakhta-live";
/** Milliseconds without a sound from the stream, which beats every 15 s: the line is dead and nobody told us. */
const DEAF = 40_000;
/** Milliseconds before the next attempt, and as much again by chance: a thousand screens do not come at once. */
const SHORTEST = 500;
const LONGEST = 10_000;
let last = 0;

/** @param {string} token "ticket" or "ticket/17" @param {string[]} subjects */
export function concerns(token, subjects) {
  return subjects.some((subject) => subject === token || subject.startsWith(`${token}/`));
}

/** Milliseconds between two askings for one fragment, however many words come. */
const PACE = 500;
/** Fragment's id → whether a word came since it was last asked for. @type {Map<string, boolean>} */
const asked = new Map();

/**
 * Asks for a fragment again: at once, and once more when words came meanwhile, which the answer under way may not
 * know of. (`throttle` of htmx forgets those.) By id: an answer puts another element in the place of this one.
 * @param {Element} element
 */
function ask(element) {
  if (asked.has(element.id)) {
    asked.set(element.id, true);
    return;
  }
  const isBusy = isAsking(element);
  asked.set(element.id, isBusy);
  if (!isBusy) element.dispatchEvent(new CustomEvent("live"));
  setTimeout(askAgain, PACE, element.id);
}

/** @param {string} id */
function askAgain(id) {
  const element = document.getElementById(id);
  if (element && isAsking(element)) {
    setTimeout(askAgain, PACE, id);
    return;
  }
  const isNew = asked.get(id);
  asked.delete(id);
  if (element && isNew) ask(element);
}

/** @param {Element} element */
function isAsking(element) {
  return element.classList.contains("htmx-request");
}

/** @param {Change} change */
function spread(change) {
  last = Math.max(last, change.entry || 0);
  for (const element of document.querySelectorAll("[data-live]")) {
    const tokens = (/** @type {HTMLElement} */ (element).dataset.live ?? "").split(" ");
    if (tokens.some((token) => concerns(token, change.subjects))) ask(element);
  }
  document.dispatchEvent(new CustomEvent("live:change", { detail: change }));
}

/** After a gap that the stream cannot fill, everything is asked for again. @param {number} entry the newest one now */
function refreshAll(entry) {
  last = entry;
  for (const element of document.querySelectorAll("[data-live]")) ask(element);
}

let current = { state: "wait", ms: /** @type {number | undefined} */ (undefined) };
/** How this page's last request failed, «off» or «fault»; "" when it did not. A stream that lives beside a dead server
 * or database is no connection: nothing can be sent. */
let failed = "";

/** @param {string} state wait, on, slow, off, gone (the database) @param {number} [ms] */
function show(state, ms) {
  const isBack = state === "on" && current.state !== "on";
  current = { state, ms };
  // What failed meanwhile is asked for again by the page itself: nobody has to press anything to see that it is over.
  if (isBack && failed) setTimeout(refreshAll, Math.random() * SHORTEST, last);
  document.dispatchEvent(new CustomEvent("live:state", { detail: state }));
  showLink();
}

/** One truth for the foot: what was last asked for, and only then the stream. */
function showLink() {
  const state = current.state === "gone" ? "gone" : failed || current.state;
  const ms = state === "on" || state === "slow" ? current.ms : undefined;
  for (const place of document.querySelectorAll("[data-link-state]")) {
    if (!(place instanceof HTMLElement)) continue;
    const words = JSON.parse(place.dataset.words ?? "{}");
    place.dataset.state = state;
    place.textContent = (words[state] ?? "") + (ms !== undefined ? ` ${Math.round(ms)} ${words.ms ?? ""}` : "");
  }
}

/** @param {number} status of an answer; 0: there was none */
function judge(status) {
  const now = status === 0 ? "off" : status >= 500 ? "fault" : "";
  if (now === failed) return;
  failed = now;
  showLink();
}

/** @param {string} url @param {(message: Message) => void} tell */
function listen(url, tell) {
  let wait = SHORTEST;
  /** @type {EventSource | undefined} */
  let source;
  let alarm = 0;
  let next = 0;
  const lost = () => {
    clearTimeout(alarm);
    tell({ type: "state", state: "off" });
    source?.close();
    next = setTimeout(open, wait + Math.random() * wait);
    wait = Math.min(wait * 2, LONGEST);
  };
  // The wait spares a server that is starting. Our own network's return, or somebody's look at the page, ends it.
  const atOnce = () => {
    wait = SHORTEST;
    if (!next) return;
    clearTimeout(next);
    open();
  };
  window.addEventListener("online", atOnce);
  document.addEventListener("visibilitychange", () => document.hidden || atOnce());
  const heard = () => {
    clearTimeout(alarm);
    alarm = setTimeout(lost, DEAF);
  };
  const open = () => {
    next = 0;
    const address = new URL(url, location.href);
    address.searchParams.set("after", String(last));
    const began = performance.now();
    source = new EventSource(address, { withCredentials: true });
    heard();
    source.onopen = () => {
      heard();
      wait = SHORTEST;
      const ms = performance.now() - began;
      tell({ type: "state", state: ms > 1500 ? "slow" : "on", ms });
    };
    source.onmessage = (event) => {
      heard();
      tell({ type: "change", change: JSON.parse(event.data) });
    };
    source.addEventListener("missed", (event) => {
      heard();
      tell({ type: "missed", entry: JSON.parse(event.data).entry });
    });
    source.addEventListener("beat", (event) => {
      heard();
      const sent = Number(/** @type {MessageEvent} */ (event).data);
      if (sent) tell({ type: "state", state: "on" });
    });
    source.addEventListener("gone", () => {
      heard();
      tell({ type: "state", state: "gone" });
    });
    source.onerror = lost;
  };
  open();
}

export function startLive() {
  const meta = document.querySelector('meta[name="live-url"]');
  if (!(meta instanceof HTMLMetaElement)) return;
  last = Number(meta.dataset.from ?? 0);
  const others = new BroadcastChannel(CHANNEL);
  /** @param {Message} message */
  const take = (message) => {
    if (message.type === "change") spread(message.change);
    else if (message.type === "missed") refreshAll(message.entry);
    else if (message.type === "state") show(message.state, message.ms);
  };
  const me = Math.random();
  let leads = false;
  others.onmessage = (event) => {
    if (event.data.type === "hello") {
      if (leads) others.postMessage({ type: "state", ...current });
      // What the newcomer's page did not know yet when it was drawn has passed already.
      if (leads && last > event.data.last) others.postMessage({ type: "missed", entry: last, to: event.data.from });
    } else if (event.data.to === undefined || event.data.to === me) {
      take(event.data);
    }
  };
  others.postMessage({ type: "hello", last, from: me });
  navigator.locks.request(CHANNEL, () => {
    leads = true;
    listen(meta.content, (message) => {
      take(message);
      others.postMessage(message);
    });
    return new Promise(() => {});
  });
  window.addEventListener("offline", () => show("off"));
  document.addEventListener("htmx:afterSettle", showLink);
  for (const silence of ["htmx:sendError", "htmx:timeout"]) document.addEventListener(silence, () => judge(0));
  document.addEventListener("htmx:beforeSwap", (event) => judge(/** @type {CustomEvent} */ (event).detail.xhr.status));
}
