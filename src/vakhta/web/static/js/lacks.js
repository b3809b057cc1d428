// @ts-check
/**
 * What a form lacks is said by the page, in its own language and beside the field: the browser's bubble speaks
 * the browser's language and goes away before it is read. What the server refused stands there until the field is
 * changed: the words are about what was sent.
 */
import { inWords } from "./words.js";

/** @typedef {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} Field */
const FIELDS = "input, select, textarea";

/** @param {unknown} target @returns {target is Field} */
function isField(target) {
  return target instanceof HTMLInputElement || target instanceof HTMLSelectElement || target instanceof HTMLTextAreaElement;
}

/** The group of choices that a radio is of, else the field's own place. @param {Field} field */
function placeOf(field) {
  return (field.type === "radio" && field.closest("fieldset")) || field.closest(".field") || field.parentElement;
}

/** The words that stand beside it already. @param {Field} field */
function saidOf(field) {
  return placeOf(field)?.querySelector(`[data-lack="${CSS.escape(field.name)}"]`);
}

/** How a person calls it. @param {Field} field */
function nameOf(field) {
  const label = placeOf(field)?.querySelector("legend") ?? field.labels?.[0];
  const words = label?.querySelector("span") ?? label;
  return [...(words?.childNodes ?? [])].filter((node) => node.nodeType === Node.TEXT_NODE).map((node) => node.textContent).join(" ").trim();
}

/** @param {Field} field */
function lackOf(field) {
  const name = nameOf(field);
  if (field.type === "email" && !field.validity.valueMissing) {
    return inWords("Почта не читается: нужна вроде petrova@example.org.", "The e-mail cannot be read: it must look like petrova@example.org.");
  }
  if (!field.validity.valueMissing) return inWords(`Проверьте поле «${name}».`, `Check the field “${name}”.`);
  if (field.type === "radio") return inWords(`Выберите: «${name}».`, `Choose: “${name}”.`);
  if (field.type === "file") return inWords("Выберите файл.", "Choose a file.");
  return inWords(`Заполните поле «${name}».`, `Fill in the field “${name}”.`);
}

/** @param {Event} event */
function onInvalid(event) {
  const field = event.target;
  if (!isField(field)) return;
  event.preventDefault();
  const wrong = [...(field.form?.elements ?? [])].filter((other) => isField(other) && !other.validity.valid);
  if (wrong[0] === field) field.focus();
  if (!saidOf(field)) tell(field, lackOf(field));
}

/** What is wrong with a field, beside it until it is filled in. @param {Field} field @param {string} words */
export function tell(field, words) {
  saidOf(field)?.remove();
  const said = document.createElement("p");
  said.className = "field-error";
  said.dataset.lack = field.name;
  said.id = `lack-${field.id || field.name}`;
  said.setAttribute("role", "alert");
  said.textContent = words;
  field.setAttribute("aria-invalid", "true");
  field.setAttribute("aria-errormessage", said.id);
  placeOf(field)?.append(said);
}

/** @param {Event} event */
function onInput(event) {
  const field = event.target;
  if (!isField(field)) return;
  dropRefusal(field);
  const said = field.validity.valid ? saidOf(field) : null;
  if (!said) return;
  said.remove();
  for (const other of field.form?.querySelectorAll(FIELDS) ?? []) {
    if (other.getAttribute("aria-errormessage") !== said.id) continue;
    other.removeAttribute("aria-invalid");
    other.removeAttribute("aria-errormessage");
  }
}

/** What the server refused of a field, or of the choices that it is one of, is answered by a change. @param {Field} field */
function dropRefusal(field) {
  const about = document.getElementById(field.getAttribute("aria-describedby") ?? "");
  if (about?.matches(".field-error")) {
    about.remove();
    field.removeAttribute("aria-describedby");
    field.removeAttribute("aria-invalid");
  }
  const group = field.closest("fieldset");
  for (const said of [...(group?.querySelectorAll(":scope > .field-error") ?? []), group?.nextElementSibling]) {
    if (said?.matches(".field-error")) said.remove();
  }
  group?.removeAttribute("data-wrong");
}

export function startLacks() {
  document.addEventListener("invalid", onInvalid, true);
  document.addEventListener("input", onInput);
  document.addEventListener("change", onInput);
}
