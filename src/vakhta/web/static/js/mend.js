// @ts-check
/**
 * A move that the server has refused for its words or its photos goes back into its own form, where they were
 * written: the refusal stands beside the field, and what is sent then is a move of now.
 */
import { tell } from "./lacks.js";
import { throwAway } from "./outbox.js";
import { inWords } from "./words.js";

/** @typedef {import("./outbox.js").Move} Move */

const FIELDS = { note: "textarea", photo: "input[type=file]" };

/** Photos that came back with a refusal: those that are chosen next join them. @type {WeakMap<HTMLInputElement, File[]>} */
const kept = new WeakMap();

/** @param {HTMLElement} main @param {Move[]} moves of its job @returns {Promise<Move[]>} those that still wait in the phone */
export async function giveBack(main, moves) {
  const move = moves.at(-1);
  const place = move && placeOf(main, move);
  if (!move || !place) return moves;
  fill(place.form, move);
  point(place.field, move, photosOf(place.form));
  await throwAway(move);
  return moves.slice(0, -1);
}

/** The form and the field that a move can go back to; none when its job has no such form now or another one is
 * written there. @param {HTMLElement} main @param {Move} move */
function placeOf(main, move) {
  const wanted = FIELDS[/** @type {keyof typeof FIELDS} */ (move.field ?? "")];
  if (move.refused === undefined || !wanted) return null;
  const form = main.querySelector(`.move[data-code="${CSS.escape(move.code)}"] form`);
  const field = form?.querySelector(wanted);
  if (!(form instanceof HTMLFormElement) || !(field instanceof HTMLElement)) return null;
  const typed = noteOf(form)?.value.trim() ?? "";
  return typed && typed !== move.note ? null : { form, field };
}

/** @param {HTMLFormElement} form */
function noteOf(form) {
  return form.querySelector("textarea");
}

/** @param {HTMLFormElement} form @returns {HTMLInputElement | null} */
function photosOf(form) {
  return form.querySelector("input[type=file]");
}

/** @param {HTMLFormElement} form @param {Move} move */
function fill(form, move) {
  form.closest("details")?.setAttribute("open", "");
  const key = form.elements.namedItem("key");
  if (key instanceof HTMLInputElement) key.value = move.key;
  const note = noteOf(form);
  if (note) note.value = move.note;
  note?.dispatchEvent(new Event("input", { bubbles: true }));
}

/** Puts the words of the refusal beside the field and the field before the eyes. @param {HTMLElement} field @param {Move} move @param {HTMLInputElement | null} photos */
function point(field, move, photos) {
  const good = move.photos.filter((photo) => !move.refused?.includes(`«${photo.name.slice(0, 80)}»`));
  if (photos && good.length) {
    put(photos, good);
    photos.dispatchEvent(new Event("change", { bubbles: true }));
    kept.set(photos, good);
  }
  const gone = good.length < move.photos.length ? ` ${inWords("Выберите фото заново или отправьте без него.", "Choose the photo anew or send it without one.")}` : "";
  if (field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement) tell(field, `${move.refused}${gone}`);
  field.focus({ preventScroll: true });
  field.closest(".field")?.scrollIntoView({ block: "center" });
}

/** @param {HTMLInputElement} input @param {File[]} files */
function put(input, files) {
  const all = new DataTransfer();
  for (const file of files) all.items.add(file);
  input.files = all.files;
}

/** @param {Event} event */
function join(event) {
  const input = event.target;
  const before = input instanceof HTMLInputElement ? kept.get(input) : undefined;
  if (!(input instanceof HTMLInputElement) || !before) return;
  kept.delete(input);
  put(input, [...before, ...(input.files ?? [])]);
}

/** @param {Event} event */
function forget(event) {
  const photos = event.target instanceof HTMLFormElement ? photosOf(event.target) : null;
  if (photos) kept.delete(photos);
}

export function startMend() {
  document.addEventListener("change", join, true);
  document.addEventListener("reset", forget);
}
