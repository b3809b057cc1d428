// @ts-check
/**
 * The technician's service worker: the list and the open jobs can be read in a basement. It stands in
 * front of the pages under /field/ only. The server puts `self.vakhta` before this text.
 *
 * Pages are asked from the network first; what came last is shown when the network is silent, marked
 * with `data-kept`. They are kept for one person and one release and no longer than a sign-in lasts;
 * an answer that somebody is not let in drops them all. Files of the release are kept with it.
 */
const here = /** @type {any} */ (self);
/** @type {{release: string, assets: string[], list: string, noNetwork: string, keptFor: number}} */
const { release, assets, list, noNetwork, keptFor } = here.vakhta;

const FILES = `vakhta-files:${release}`;
const PAGES = "vakhta-pages:";
const PATIENCE = 4000;
/** Milliseconds that a page may be awaited when there is a kept one. */

const JUST_NOW = 10_000;

let isOutdated = false;
/** The server has another release already: its files are asked from it until its worker is here. */
let era = 0;
/** Goes on when all is dropped: what was asked for before then is not kept any more. */

here.addEventListener("install", (/** @type {any} */ event) => event.waitUntil(install()));
here.addEventListener("activate", (/** @type {any} */ event) => event.waitUntil(activate()));
here.addEventListener("fetch", onFetch);
here.addEventListener("message", (/** @type {any} */ event) => event.waitUntil(onMessage(event.data, event.ports[0])));

async function install() {
  const files = await caches.open(FILES);
  await files.addAll(assets.map((path) => new Request(path, { cache: "no-cache" })));
  await files.add(new Request(noNetwork, { cache: "no-cache" }));
  await here.skipWaiting();
}

async function activate() {
  for (const name of await caches.keys()) {
    if (name.startsWith("vakhta-") && name !== FILES && !name.startsWith(`${PAGES}${release}:`)) await caches.delete(name);
  }
  await here.clients.claim();
}

/** @param {any} event */
function onFetch(event) {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (assets.includes(url.pathname)) event.respondWith(file(request));
  else if (request.mode === "navigate" && isPage(url.pathname)) event.respondWith(page(event, url));
}

/** The list or a job. @param {string} path */
function isPage(path) {
  return path === list || (path.startsWith(list) && /^\d+\/$/.test(path.slice(list.length)));
}

/** @param {Request} request */
async function file(request) {
  const kept = await caches.match(request.url, { cacheName: FILES, ignoreVary: true });
  if (!kept) return fetch(request);
  return isOutdated ? fetch(request).catch(() => kept) : kept;
}

// ── Pages ────────────────────────────────────────────────────────────────────────────────────

/** @param {any} event @param {URL} url */
async function page(event, url) {
  const then = era;
  const asked = fetch(event.request).catch(() => undefined);
  event.waitUntil(asked.then((answer) => answer && learn(url, answer.clone(), then)));
  const answer = await Promise.race([asked, silence()]);
  if (answer && answer.status < 500) return answer;
  return (await kept(url.pathname)) ?? answer ?? (await asked) ?? (await caches.match(noNetwork)) ?? Response.error();
}

/** @returns {Promise<undefined>} */
function silence() {
  return new Promise((done) => setTimeout(done, PATIENCE));
}

/** Keeps a page, or drops all when its person is not let in any more. @param {URL} url @param {Response} answer @param {number} then the era in which it was asked for */
async function learn(url, answer, then) {
  if (answer.type === "opaqueredirect" || answer.redirected || [401, 403].includes(answer.status)) return dropAll();
  if ([404, 410].includes(answer.status)) return forget(url.pathname);
  // With a question the page says what was just done: that is no page to come back to.
  if (!answer.ok || url.search || !isPage(url.pathname)) return;
  const text = await answer.text();
  const owner = /data-draft-owner="([^"]+)"/.exec(text)?.[1];
  if (!owner || then !== era) return;
  isOutdated = /data-release="([^"]+)"/.exec(text)?.[1] !== release;
  const name = `${PAGES}${release}:${owner}`;
  await drop(name);
  const headers = new Headers({ "Content-Type": "text/html; charset=utf-8", "X-Kept-At": String(Date.now()) });
  const policy = answer.headers.get("Content-Security-Policy");
  if (policy) headers.set("Content-Security-Policy", policy);
  const pages = await caches.open(name);
  await pages.put(url.pathname, new Response(text.replace("<body ", "<body data-kept "), { headers }));
  if (then !== era) await caches.delete(name);
}

/** @param {string} path */
async function kept(path) {
  for (const name of await pagesKept()) {
    const copy = await (await caches.open(name)).match(path, { ignoreVary: true });
    if (!copy) continue;
    if (ageOf(copy) < keptFor) return copy;
    await caches.delete(name);
  }
  return undefined;
}

/** Milliseconds since it was kept. @param {Response} copy */
function ageOf(copy) {
  return Date.now() - Number(copy.headers.get("X-Kept-At"));
}

async function pagesKept() {
  return (await caches.keys()).filter((name) => name.startsWith(PAGES));
}

/** @param {string} [but] the name of what stays */
async function drop(but) {
  for (const name of await pagesKept()) if (name !== but) await caches.delete(name);
}

function dropAll() {
  era += 1;
  return drop();
}

/** @param {string} path */
async function forget(path) {
  for (const name of await pagesKept()) await (await caches.open(name)).delete(path);
}

// ── What a page asks for ─────────────────────────────────────────────────────────────────────

/**
 * `drop`: all pages, with an answer when it is done; `keep`: these pages anew; `seen`: these too,
 * unless they were kept as they came just now; `only`: and of all that are kept none but these.
 * @param {{drop?: boolean, keep?: string[], seen?: string[], only?: string[]}} asked @param {MessagePort} [answer]
 */
async function onMessage({ drop: all = false, keep = [], seen = [], only }, answer) {
  if (all) await dropAll();
  answer?.postMessage("done");
  for (const name of only ? await pagesKept() : []) {
    const pages = await caches.open(name);
    for (const request of await pages.keys()) if (!only?.includes(new URL(request.url).pathname)) await pages.delete(request);
  }
  const then = era;
  for (const path of [...seen, ...keep]) {
    const copy = seen.includes(path) ? await kept(path) : undefined;
    if (copy && ageOf(copy) < JUST_NOW) continue;
    const page = await fetch(path, { redirect: "manual" }).catch(() => undefined);
    if (page) await learn(new URL(path, location.href), page, then);
  }
}
