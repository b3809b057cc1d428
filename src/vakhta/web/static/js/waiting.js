// @ts-check
/**
 * What the technician's pages show of the moves that wait in the phone, and which move comes next.
 * Every move goes through the outbox: with a network it is gone at once, without one it is shown as
 * waiting and the next move is offered, from the forms that the page brought along.
 */
import { serverNow } from "./clock.js";
import { dropDraft, restoreAll } from "./draft.js";
import { giveBack, startMend } from "./mend.js";
import { keep, sendAll, throwAway, waiting } from "./outbox.js";
import { say } from "./parts.js";
import { inWords } from "./words.js";

/** @typedef {import("./outbox.js").Move} Move */

const SLOW = 500;
/** Milliseconds after which a press is shown as waiting. */
const RETRY = [3_000, 5_000, 10_000, 20_000];

let sending = 0;
let fails = 0;
let retry = 0;

const owner = () => document.body.dataset.draftOwner ?? "";

/** @returns {HTMLElement | null} */
const jobPage = () => document.querySelector("main[data-job]");

/** @param {number} at milliseconds */
export function clockWords(at) {
  const zone = document.body.dataset.zone || undefined;
  return new Intl.DateTimeFormat("ru", { hour: "2-digit", minute: "2-digit", timeZone: zone }).format(at);
}

/** @param {boolean} isOn */
function reach(isOn) {
  document.dispatchEvent(new CustomEvent("reach", { detail: isOn }));
}

// ── What waits ───────────────────────────────────────────────────────────────────────────────

/** @returns {Promise<boolean>} whether a refused move went back into its form */
export async function show() {
  const moves = await waiting(owner()).catch(() => []);
  const main = jobPage();
  if (main) return await showJob(main, moves.filter((move) => move.job === main.dataset.job));
  drawAll(moves, true);
  markLines(moves);
  return false;
}

/** «Диспетчер видит» is not said over what he does not see. @param {HTMLElement} main @param {Move[]} moves */
async function showJob(main, moves) {
  if (moves.length) main.querySelector("[data-said]")?.remove();
  arrange(main, moves);
  const left = await giveBack(main, moves);
  drawAll(left, false);
  return left.length < moves.length;
}

/** @param {Move[]} moves @param {boolean} withPlace */
function drawAll(moves, withPlace) {
  for (const place of document.querySelectorAll("[data-outbox]")) draw(/** @type {HTMLElement} */ (place), moves, withPlace);
}

/** Each job of the list says what was marked of it last and has not left the phone: its own state is older. @param {Move[]} moves */
function markLines(moves) {
  for (const link of /** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll(".job-line a"))) {
    const mine = moves.filter((move) => move.job === new URL(link.href).pathname);
    const last = mine.at(-1);
    link.querySelector(".job-line-waits")?.remove();
    if (!last) continue;
    const isHeld = mine.slice(0, -1).some((move) => move.refused !== undefined);
    link.append(element("span", "job-line-waits", element("b", "", last.title), ` · ${stateOf(last, isHeld)}`));
  }
}

/** @param {HTMLElement} place @param {Move[]} moves @param {boolean} withPlace */
function draw(place, moves, withPlace) {
  place.hidden = !moves.length;
  const refused = new Set();
  const lines = moves.map((move, at) => {
    const isHeld = refused.has(move.job);
    if (move.refused !== undefined) refused.add(move.job);
    return line(move, isHeld, withPlace && move.job !== moves[at - 1]?.job);
  });
  place.querySelector("ul")?.replaceChildren(...lines);
}

/** @param {string} tag @param {string} name @param {...(string | Node)} inside */
function element(tag, name, ...inside) {
  const made = document.createElement(tag);
  if (name) made.className = name;
  made.append(...inside);
  return made;
}

/** @param {Move} move @param {boolean} isHeld an earlier move of its job is refused */
function stateOf(move, isHeld) {
  if (move.refused !== undefined) return inWords("не записано", "not recorded");
  if (isHeld) return inWords("ждёт записи выше", "waits for the one above");
  return move.id === sending ? inWords("отправляется…", "being sent…") : inWords("ждёт связи", "waits for the network");
}

/** @param {Move} move @param {boolean} isHeld @param {boolean} withPlace */
function line(move, isHeld, withPlace) {
  const isRefused = move.refused !== undefined;
  const made = element("li", "waiting");
  made.dataset.state = isRefused ? "refused" : "waiting";
  if (withPlace) made.append(element("a", "", move.where));
  made.querySelector("a")?.setAttribute("href", move.job);
  made.append(element("p", "waiting-what", element("b", "", move.title), " ", clockWords(move.shownAt), ` · ${stateOf(move, isHeld)}`));
  const photos = move.photos.length ? [inWords(`фото: ${move.photos.length}`, `photos: ${move.photos.length}`)] : [];
  const about = [move.note, ...photos].filter(Boolean).join(" · ");
  if (about) made.append(element("p", "waiting-note", about));
  if (isRefused) made.append(element("p", "field-error", move.refused || inWords("Сервер этого не принял.", "The server did not take it.")), answers(move));
  return made;
}

/** What can be done about a refusal. @param {Move} move */
function answers(move) {
  const words = {
    ago: inWords("Записать временем «сейчас»", "Record it as of now"),
    photo: inWords("Отправить без фото", "Send it without photos"),
  }[move.field ?? ""];
  const again = element("button", "", words ?? inWords("Отправить ещё раз", "Send it again"));
  again.addEventListener("click", async () => {
    const { refused: _refused, field, ...rest } = move;
    if (field === "ago") Object.assign(rest, { madeAt: Date.now(), shownAt: serverNow() });
    if (field === "photo") rest.photos = [];
    await keep(rest);
    await flush();
  });
  const away = element("button", "", inWords("Убрать", "Throw it away"));
  away.addEventListener("click", async () => {
    await throwAway(move);
    await show();
    await flush();
  });
  return element("p", "waiting-answers", again, away);
}

// ── What comes next ──────────────────────────────────────────────────────────────────────────

/** The forms of the moves from where the job is once everything that waits is recorded. @param {HTMLElement} main @param {Move[]} moves */
function arrange(main, moves) {
  const state = moves.filter((move) => move.refused === undefined && move.ends).at(-1)?.ends ?? main.dataset.state ?? "";
  if (state === (main.dataset.arranged ?? main.dataset.state)) return;
  main.dataset.arranged = state;
  const store = main.querySelector("template[data-moves]");
  const next = main.querySelector("[data-next]");
  const others = main.querySelector("[data-others]");
  if (!(store instanceof HTMLTemplateElement) || !(next instanceof HTMLElement) || !(others instanceof HTMLElement)) return;
  store.content.append(...main.querySelectorAll(".move"));
  /** @type {string[]} */
  const codes = JSON.parse(main.dataset.way ?? "{}")[state] ?? [];
  const forms = codes.map((code) => store.content.querySelector(`.move[data-code="${code}"]`)).filter((form) => form !== null);
  forms.forEach((form, at) => {
    form.querySelector("summary, :scope > form > button")?.classList.toggle("first", at === 0);
    (at ? others : next).append(form);
  });
  next.hidden = !forms.length;
  others.hidden = forms.length < 2;
  restoreAll(main);
}

// ── Pressing and sending ─────────────────────────────────────────────────────────────────────

/** @param {HTMLFormElement} form @returns {Move} */
function moveOf(form) {
  const main = jobPage();
  const frame = /** @type {HTMLElement} */ (form.closest(".move"));
  const said = new FormData(form);
  const text = (/** @type {string} */ name) => String(said.get(name) ?? "");
  return {
    owner: owner(),
    job: main?.dataset.job ?? "",
    where: main?.dataset.where ?? "",
    code: frame.dataset.code ?? "",
    title: frame.dataset.title ?? "",
    ends: frame.dataset.ends ?? "",
    url: new URL(form.action).pathname,
    key: text("key"),
    note: text("note").trim(),
    place: said.has("place") ? text("place") || (document.body.dataset.place ?? "") : "",
    photos: said.getAll("photo").filter((photo) => photo instanceof File && photo.name !== "").map((photo) => /** @type {File} */ (photo)),
    madeAt: Date.now(),
    shownAt: serverNow(),
  };
}

/** @param {SubmitEvent} event */
async function onSubmit(event) {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || !form.matches("[data-move]")) return;
  event.preventDefault();
  const buttons = [...form.querySelectorAll("button")];
  if (buttons.some((button) => button.getAttribute("aria-busy") === "true")) return;
  for (const button of buttons) button.setAttribute("aria-busy", "true");
  const isKept = await keep(moveOf(form)).then(() => true, () => false);
  if (!isKept && navigator.onLine) return form.submit();
  for (const button of buttons) button.removeAttribute("aria-busy");
  if (!isKept) {
    return say(inWords("В телефоне нет места, чтобы сохранить запись. Не закрывайте страницу, отправьте, когда будет связь.", "The phone has no room to keep this. Do not close the page; send it when the network is back."));
  }
  used(form);
  const slow = setTimeout(show, navigator.onLine ? SLOW : 0);
  await flush();
  clearTimeout(slow);
  document.querySelector('[data-outbox] [data-state="refused"]')?.scrollIntoView({ block: "center" });
}

/** The form is as new: its words are in the outbox, and its next use is another move. @param {HTMLFormElement} form */
function used(form) {
  dropDraft(form);
  form.reset();
  const key = form.elements.namedItem("key");
  if (key instanceof HTMLInputElement) key.value = [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  form.closest("details")?.removeAttribute("open");
}

let recorded = 0;
/** Moves that the server has taken while this page is open. */

/** The job is where the move has left it, whatever a page that was drawn before says. @param {Move} move */
function settle(move) {
  recorded += 1;
  const main = jobPage();
  if (!main || !move.ends || move.job !== main.dataset.job) return;
  main.dataset.arranged ??= main.dataset.state;
  main.dataset.state = move.ends;
}

/** What a page is asked for with: how many moves the server had by then. @param {Event} event */
function markAsked(event) {
  const { xhr } = /** @type {CustomEvent} */ (event).detail;
  if (xhr) xhr.vakhtaRecorded = recorded;
}

/** A page that was drawn before the last move, or comes while somebody writes, is not put in: the next one is.
 * @param {Event} event */
function keepNewer(event) {
  const { detail } = /** @type {CustomEvent} */ (event);
  const main = jobPage();
  if (!main || detail.target !== main) return;
  const isOlder = (detail.xhr?.vakhtaRecorded ?? recorded) !== recorded;
  if (isOlder || main.querySelector("details.move[open]")) detail.shouldSwap = false;
}

/** Sends what waits and shows what came of it. @returns {Promise<boolean>} whether the page is asked for anew */
export async function flush() {
  clearTimeout(retry);
  let tried = 0;
  const begin = (/** @type {Move} */ move) => {
    tried += 1;
    sending = move.id ?? 0;
  };
  const sent = await sendAll(owner(), begin, settle).catch(() => undefined);
  sending = 0;
  const isBack = await show();
  if (!sent || !tried) return false;
  if (sent.end === "silent") {
    reach(false);
    retry = window.setTimeout(flush, RETRY[Math.min(fails++, RETRY.length - 1)]);
    return false;
  }
  fails = 0;
  reach(true);
  if (sent.end === "signed_out") {
    say(inWords("Вход закончился. Отмеченное сохранено в телефоне: войдите снова, и оно уйдёт.", "Your sign-in is over. What you marked is kept in the phone: sign in again and it is sent."));
    return false;
  }
  if (isBack) told = "";
  else refresh(sent.recorded);
  return true;
}

/** The page anew, with the words of what was just recorded. @param {Move[]} [recorded] */
export function refresh(recorded = []) {
  const main = jobPage();
  const { htmx } = /** @type {any} */ (window);
  if (!main) {
    document.getElementById("jobs")?.dispatchEvent(new CustomEvent("live"));
    return;
  }
  told = recorded.filter((move) => move.job === main.dataset.job).at(-1)?.code ?? told;
  const path = main.dataset.job ?? "";
  if (htmx) htmx.ajax("GET", path, { source: main, target: main, select: "#main", swap: "outerHTML" });
  else location.assign(told ? `${path}?said=${told}` : path);
}

/** The move whose words «диспетчер видит» stand on this page: news of the same move must not wipe them away. */
let told = "";

/** @param {Event} event */
function keepTold(event) {
  const { verb, path, parameters } = /** @type {CustomEvent} */ (event).detail;
  if (told && verb === "get" && path === jobPage()?.dataset.job) parameters.said = told;
}

export function startOutbox() {
  if (!navigator.locks || !window.indexedDB) return; // plain forms then
  startMend();
  document.addEventListener("submit", onSubmit);
  document.addEventListener("htmx:configRequest", keepTold);
  document.addEventListener("htmx:beforeSend", markAsked);
  document.addEventListener("htmx:beforeSwap", keepNewer);
  document.addEventListener("htmx:afterSettle", show);
  show().then(flush);
}
