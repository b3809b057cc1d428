// @ts-check
/**
 * The token that a form proves itself with, of now: whoever signs in anew in another tab has another one, and what stands
 * in the pages that are open would be refused for ever.
 */

const FIELD = "csrfmiddlewaretoken";

/** @returns {string} "" where there is none */
export function token() {
  return /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? "";
}

/** @param {Event} event */
function ofRequest(event) {
  const { headers, parameters, verb } = /** @type {CustomEvent} */ (event).detail;
  const now = token();
  if (verb === "get" || !now) return;
  headers["X-CSRFToken"] = now;
  if (parameters[FIELD]) parameters[FIELD] = now;
}

/** @param {SubmitEvent} event */
function ofForm(event) {
  const field = event.target instanceof HTMLFormElement ? event.target.elements.namedItem(FIELD) : null;
  const now = token();
  if (field instanceof HTMLInputElement && now) field.value = now;
}

export function startToken() {
  document.addEventListener("htmx:configRequest", ofRequest);
  document.addEventListener("submit", ofForm, true);
}
