// @ts-check
/**
 * Moves that wait in the phone: kept in IndexedDB before they are sent, sent in their order, each with
 * the key of its own form, so that what was sent twice is done once. A move leaves the phone when the
 * server has said that it has it, when the person throws it away, or when it goes back into its form.
 */

import { token } from "./token.js";

/**
 * @typedef {object} Move
 * @property {number} [id] the order of pressing
 * @property {string} owner "staff/12"
 * @property {string} job path of its job, "/field/12/"
 * @property {string} where address
 * @property {string} code "arrive"
 * @property {string} title «На месте»
 * @property {string} ends the order's state after it, "" when it stays
 * @property {string} url where it is posted
 * @property {string} key
 * @property {string} note
 * @property {string} place
 * @property {File[]} photos
 * @property {number} madeAt milliseconds of the phone's clock
 * @property {number} shownAt the same by the server's clock, to be read by people
 * @property {string} [refused] why the server has not taken it
 * @property {string} [field] what the refusal is about: note, photo, ago
 */

/** @typedef {{recorded: Move[], end: "sent" | "silent" | "signed_out"}} Sent */

const KEPT_FOR = 7 * 24 * 3600 * 1000;
/** Milliseconds: what nobody has come back for in a week is thrown away with its words. */
const ANSWER = 20_000;
const ANSWER_WITH_PHOTOS = 180_000;
/** Milliseconds that an answer may take before the network counts as gone. */

/** @returns {Promise<IDBDatabase>} */
function open() {
  return new Promise((done, failed) => {
    const asked = indexedDB.open("vakhta-field", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("moves", { keyPath: "id", autoIncrement: true });
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  });
}

/** @template T @param {IDBTransactionMode} mode @param {(moves: IDBObjectStore) => IDBRequest<T>} act @returns {Promise<T>} */
async function inStore(mode, act) {
  const base = await open();
  return new Promise((done, failed) => {
    const change = base.transaction("moves", mode);
    const asked = act(change.objectStore("moves"));
    change.oncomplete = () => done(asked.result);
    change.onabort = change.onerror = () => failed(change.error);
  }).finally(() => base.close());
}

/** @param {Move} move */
export function keep(move) {
  return inStore("readwrite", (moves) => moves.put(move));
}

/** @param {Move} move */
export function throwAway(move) {
  return inStore("readwrite", (moves) => moves.delete(/** @type {number} */ (move.id)));
}

/** A person's moves in the order of pressing. @param {string} owner @returns {Promise<Move[]>} */
export async function waiting(owner) {
  const all = /** @type {Move[]} */ (await inStore("readonly", (moves) => moves.getAll()));
  const old = all.filter((move) => Date.now() - move.madeAt > KEPT_FOR);
  for (const move of old) await throwAway(move);
  return all.filter((move) => move.owner === owner && !old.includes(move));
}

/**
 * Sends what waits. A job's later moves are held back while an earlier one is refused: they were
 * meant to follow it. Only one tab sends at a time.
 * @param {string} owner @param {(move: Move) => void} begin @param {(move: Move) => void} end of one that the server has, before it leaves the phone @returns {Promise<Sent>}
 */
export async function sendAll(owner, begin, end) {
  return await navigator.locks.request("vakhta-outbox", () => sendEach(owner, begin, end));
}

/** @param {string} owner @param {(move: Move) => void} begin @param {(move: Move) => void} end @returns {Promise<Sent>} */
async function sendEach(owner, begin, end) {
  /** @type {Sent} */
  const sent = { recorded: [], end: "sent" };
  const held = new Set();
  for (const move of await waiting(owner)) {
    if (move.refused !== undefined) held.add(move.job);
    if (held.has(move.job)) continue;
    begin(move);
    const answer = await send(move);
    if (answer === "recorded") {
      end(move);
      await throwAway(move);
      sent.recorded.push(move);
    } else if (typeof answer === "string") {
      return { ...sent, end: answer };
    } else {
      held.add(move.job);
      await keep({ ...move, ...answer });
    }
  }
  return sent;
}

/** @param {Move} move @returns {Promise<"recorded" | "silent" | "signed_out" | {refused: string, field: string}>} */
async function send(move) {
  const form = new FormData();
  const ago = Math.round((Date.now() - move.madeAt) / 1000);
  for (const [name, value] of Object.entries({ note: move.note, place: move.place, key: move.key, ago: String(ago) })) form.set(name, value);
  for (const photo of move.photos) form.append("photo", photo, photo.name);
  const limit = AbortSignal.timeout(move.photos.length ? ANSWER_WITH_PHOTOS : ANSWER);
  const headers = { Accept: "application/json", "X-CSRFToken": token() };
  const answer = await fetch(move.url, { method: "POST", body: form, headers, redirect: "manual", signal: limit }).catch(() => undefined);
  if (!answer || answer.status >= 500) return "silent";
  if (answer.ok) return "recorded";
  if (!answer.headers.get("Content-Type")?.startsWith("application/json")) {
    return [400, 413].includes(answer.status) ? { refused: "", field: "" } : "signed_out";
  }
  const { message, field } = await answer.json();
  return { refused: message, field };
}
