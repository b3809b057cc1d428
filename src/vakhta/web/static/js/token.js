// @ts-check
/**
 * The token that a form proves itself with, of now: whoever signs in anew in another tab has another one, and what stands
 * in the pages that are open would be refused for ever. Where another person has signed in there is none: what is pressed
 * on a page that names one would be done by the other.
 */

const FIELD = "csrfmiddlewaretoken";
const PERSON = "vakhta_person";

/** Whom this page names, as the journal does; "" where nobody is signed in. */
const own = () => document.body.dataset.draftOwner ?? "";

/** A cookie: what is kept in the storage reaches the other tabs a moment later. @param {string} name */
function cookie(name) {
  const said = document.cookie.split("; ").find((part) => part.startsWith(`${name}=`));
  return decodeURIComponent(said?.slice(name.length + 1) ?? "");
}

/** @returns {string} "" where there is none */
export function token() {
  return own() && cookie(PERSON) !== own() ? "" : cookie("csrftoken");
}

/** @param {Event} event */
function ofRequest(event) {
  const { headers, parameters, verb } = /** @type {CustomEvent} */ (event).detail;
  if (verb === "get") return;
  headers["X-CSRFToken"] = token();
  if (parameters[FIELD]) parameters[FIELD] = token();
}

/** @param {SubmitEvent} event */
function ofForm(event) {
  const field = event.target instanceof HTMLFormElement ? event.target.elements.namedItem(FIELD) : null;
  if (field instanceof HTMLInputElement) field.value = token();
}

export function startToken() {
  if (own()) document.cookie = `${PERSON}=${encodeURIComponent(own())}; path=/; SameSite=Lax`;
  document.addEventListener("htmx:configRequest", ofRequest);
  document.addEventListener("submit", ofForm, true);
}
