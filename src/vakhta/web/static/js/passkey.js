// @ts-check
/** Passkeys: the browser makes a key, or signs with one, and the form carries its word. Where the browser knows none,
 * the form stays hidden. */

/** @param {string} text */
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));

/** @param {ArrayBuffer | null} buffer */
const text = (buffer) =>
  buffer && btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

/** @param {any[] | undefined} known */
const named = (known) => known?.map((one) => ({ ...one, id: bytes(one.id) }));

/** What the browser's key said, as JSON.
 * @param {PublicKeyCredential} key */
function said(key) {
  const response = /** @type {any} */ (key.response);
  /** @type {Record<string, string | null>} */
  const parts = {};
  for (const part of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (response[part]) parts[part] = text(response[part]);
  }
  return JSON.stringify({
    id: key.id,
    rawId: text(key.rawId),
    type: key.type,
    response: parts,
    clientExtensionResults: key.getClientExtensionResults(),
  });
}

/** @param {any} options @param {string | undefined} what */
async function asked(options, what) {
  const known = options.publicKey;
  const publicKey = {
    ...known,
    challenge: bytes(known.challenge),
    allowCredentials: named(known.allowCredentials),
    excludeCredentials: named(known.excludeCredentials),
  };
  if (what === "create") publicKey.user = { ...known.user, id: bytes(known.user.id) };
  const key = what === "create" ? await navigator.credentials.create({ publicKey }) : await navigator.credentials.get({ publicKey });
  return said(/** @type {PublicKeyCredential} */ (key));
}

/** @param {HTMLFormElement} form @param {string} why */
function tell(form, why) {
  const words = /** @type {HTMLElement} */ (form.querySelector("[data-failed]"));
  words.textContent = words.dataset[why] ?? "";
  words.hidden = !why;
}

/** @param {HTMLFormElement} form */
async function send(form) {
  const button = /** @type {HTMLButtonElement} */ (form.querySelector("button"));
  button.disabled = true;
  tell(form, "");
  try {
    const answer = await fetch(form.dataset.options ?? "", { headers: { Accept: "application/json" } }).catch(() => null);
    if (!answer?.ok) return tell(form, "unanswered");
    const options = await answer.json();
    if (options.confirm) return location.assign(options.confirm);
    /** @type {HTMLInputElement} */ (form.elements.namedItem("credential")).value = await asked(options, form.dataset.passkey);
    form.submit();
  } catch (error) {
    tell(form, error instanceof DOMException && error.name === "InvalidStateError" ? "known" : "failed");
  } finally {
    button.disabled = false;
  }
}

/** A key is made for a name; a page that is open by its figures has none. */
const isNamed = /[a-z]/i.test(location.hostname.replace(/^\[.*\]$/, ""));

for (const form of /** @type {NodeListOf<HTMLFormElement>} */ (document.querySelectorAll("form[data-passkey]"))) {
  form.hidden = !window.PublicKeyCredential || !isNamed;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(form);
  });
}
document.querySelector("[data-prints]")?.addEventListener("click", () => window.print());
