// @ts-check
/**
 * Keys by their place on the keyboard (`event.code`), so that the Russian and the Latin layout are equal.
 *
 * A control names its keys: `data-key="Ctrl+Enter"`, several by spaces: `data-key="F4 Insert"`.
 * Buttons, links and summaries are clicked, fields get the focus. While somebody types text only
 * Ctrl, Alt and function keys count; single letters live in `[data-list]` and can be switched off.
 * An open dialog owns the keyboard: only its own keys work then.
 */
import { say } from "./parts.js";
import { inWords } from "./words.js";

/** @param {string} code `event.code` @returns {string} the name as `data-key` writes it */
export function keyName(code) {
  if (code.startsWith("Key")) return code.slice(3);
  if (code.startsWith("Digit")) return code.slice(5);
  if (code.startsWith("Numpad") && code !== "NumpadEnter") return code.slice(6);
  if (code === "NumpadEnter") return "Enter";
  if (code.startsWith("Arrow")) return code.slice(5);
  return code;
}

/** @param {KeyboardEvent} event @returns {string} e.g. "Ctrl+Enter" */
export function chord(event) {
  const parts = [];
  if (event.ctrlKey || event.metaKey) parts.push("Ctrl");
  if (event.altKey) parts.push("Alt");
  if (event.shiftKey && !isQuestion(event)) parts.push("Shift");
  parts.push(isQuestion(event) ? "Question" : keyName(event.code));
  return parts.join("+");
}

/**
 * «?» stands on Slash in the Latin layout and on Digit7 in the Russian one.
 * @param {KeyboardEvent} event
 */
function isQuestion(event) {
  return event.key === "?" || (event.shiftKey && event.code === "Slash" && !event.ctrlKey && !event.altKey);
}

/** @param {EventTarget | null} target */
export function isTyping(target) {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true;
  if (!(target instanceof HTMLInputElement)) return false;
  return !["checkbox", "radio", "button", "submit", "range", "file", "color"].includes(target.type);
}

/** A key that may be used while typing. @param {string} pressed */
function isCommand(pressed) {
  return /^(Ctrl|Alt)\+/.test(pressed) || /^(F\d{1,2}|Insert)$/.test(pressed);
}

/** Keys that text fields need themselves while there is text. @param {string} pressed @param {EventTarget | null} target */
function belongsToText(pressed, target) {
  const hasText = (target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement) && target.value !== "";
  return hasText && ["Ctrl+Z", "Ctrl+A", "Ctrl+X", "Ctrl+C", "Ctrl+V", "Ctrl+Y"].includes(pressed);
}

/** @returns {ParentNode} where keys are looked for now */
function scope() {
  const open = document.querySelectorAll("dialog[open]");
  return open[open.length - 1] ?? document;
}

/** Of several the one in the form that has the focus, then in the part that has it. @param {string} pressed @returns {HTMLElement | null} */
function owner(pressed) {
  /** @type {HTMLElement[]} */
  const able = [];
  for (const element of scope().querySelectorAll("[data-key]")) {
    if (!(element instanceof HTMLElement) || !(element.dataset.key ?? "").split(" ").includes(pressed)) continue;
    if (element.closest("dialog:not([open])") || element.closest("[hidden]") || isFolded(element)) continue;
    if (element instanceof HTMLButtonElement && element.disabled) continue;
    able.push(element);
  }
  const form = formOf(document.activeElement);
  const own = able.filter((element) => form && formOf(element) === form);
  const near = (/** @type {HTMLElement} */ element) => element.closest("details")?.contains(document.activeElement);
  if (own.length) return own.find(near) ?? own[0] ?? null;
  return (pressed === "Ctrl+Enter" && form && sender(form)) || (able.find(near) ?? able[0] ?? null);
}

/** @param {Element | null} element @returns {HTMLFormElement | null} */
function formOf(element) {
  return element instanceof HTMLButtonElement || element instanceof HTMLInputElement ? element.form : (element?.closest("form") ?? null);
}

/** Of a part that is closed only what opens it can be used. @param {Element} element */
function isFolded(element) {
  return element.closest("details:not([open])") !== null && !element.matches("summary");
}

/**
 * What sends a form none of whose buttons names the key: what somebody types is sent, and not another form of the page.
 * A button that names a key of its own is that key's alone.
 * @param {HTMLFormElement} form @returns {HTMLElement | null}
 */
function sender(form) {
  const able = [...form.querySelectorAll("button:not([type=button], :disabled, [data-key])")].filter((button) => !isFolded(button));
  const found = able.find((button) => button.matches(".first")) ?? (able.length === 1 ? able[0] : null);
  return found instanceof HTMLElement ? found : null;
}

/** Why a key does nothing here, where somebody may expect that it does. @param {string} pressed */
function refusal(pressed) {
  const none = /** @type {HTMLElement | null} */ (scope().querySelector(`[data-no-key~="${CSS.escape(pressed)}"]`));
  return none?.dataset.why ?? "";
}

/** @param {HTMLElement} element */
function use(element) {
  if (element.matches("input, textarea, select")) {
    element.focus();
    if (element instanceof HTMLInputElement) element.select();
  } else if (element instanceof HTMLElement && element.matches("summary")) {
    openDetails(element);
  } else if (element.hasAttribute("popovertarget") && !element.checkVisibility()) {
    intoFirst(laidBy(element)); // what it lays over the page stands in the bar already
  } else {
    element.click();
    const laid = laidBy(element);
    if (laid?.matches(":popover-open")) intoFirst(laid);
  }
}

/** What a button lays over the page. @param {Element} element */
function laidBy(element) {
  return document.getElementById(element.getAttribute("popovertarget") ?? "");
}

/** @param {Element | null} laid */
function intoFirst(laid) {
  const first = laid?.querySelector("a, button, input");
  if (first instanceof HTMLElement) first.focus();
}

let beforeDetails = /** @type {Element | null} */ (null);

/** A part that a key opens takes the focus into its first field, and gives it back when the key closes it. @param {HTMLElement} summary */
function openDetails(summary) {
  const details = summary.parentElement;
  if (!(details instanceof HTMLDetailsElement)) return;
  details.open = !details.open;
  if (details.open) beforeDetails = document.activeElement;
  const target = details.open ? details.querySelector("input:not([type=hidden]), textarea, select") : beforeDetails;
  if (target instanceof HTMLElement && target.isConnected) target.focus();
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  if (event.isComposing || event.defaultPrevented || event.getModifierState("AltGraph")) return;
  const pressed = chord(event);
  const typing = isTyping(event.target);
  if (event.repeat && pressed === "Enter" && event.target instanceof Element && event.target.matches("button, summary, a")) {
    return event.preventDefault(); // the browser would press it again and again
  }
  if (typing && pressed === "Down") return intoList(event);
  if (typing && (!isCommand(pressed) || belongsToText(pressed, event.target))) return;
  const single = !isCommand(pressed);
  if (single && pressed !== "Question" && document.documentElement.dataset.letters === "off") return;
  const found = owner(pressed);
  if (event.repeat && (found || refusal(pressed))) {
    event.preventDefault(); // held too long: one press is one act, and the next step wants a press of its own
  } else if (found) {
    event.preventDefault();
    use(found);
  } else if (refusal(pressed)) {
    event.preventDefault();
    say(refusal(pressed));
  } else if (pressed === "Ctrl+Z" && document.querySelector(".foot-last")) {
    event.preventDefault();
    say(inWords("Отменять уже нечего: десять секунд прошли.", "There is nothing to undo: the ten seconds are over."));
  } else if (!typing) {
    moveInList(event, pressed);
  }
}

/** ↓ in the words that a list is searched by leads to its first row. @param {KeyboardEvent} event */
function intoList(event) {
  const said = event.target instanceof HTMLInputElement && event.target.matches("[name=q]:not([role=combobox])") ? event.target : null;
  const first = said?.closest("main, dialog")?.querySelector(ROWS);
  if (!(first instanceof HTMLElement)) return;
  event.preventDefault();
  first.focus();
}

const ROWS = "[data-list] :is(a, button):not(:disabled)";

/** Arrows and J/K walk through the rows of a list; J from nowhere begins. @param {KeyboardEvent} event @param {string} pressed */
function moveInList(event, pressed) {
  const at = event.target === document.body && pressed === "J" ? document.querySelector("main [data-list]") : event.target;
  const list = at instanceof Element ? at.closest("[data-list]") : null;
  const by = { Down: 1, J: 1, Up: -1, K: -1 }[pressed];
  if (!list || !by) return;
  const rows = [...(list.closest("nav, section, main") ?? list).querySelectorAll(ROWS)];
  const next = rows[rows.indexOf(/** @type {Element} */ (document.activeElement)) + by];
  if (next instanceof HTMLElement) {
    event.preventDefault();
    next.focus();
  }
}

/** @param {HTMLElement} element */
function titleOf(element) {
  if (element.dataset.title) return element.dataset.title;
  const copy = /** @type {HTMLElement} */ (element.cloneNode(true));
  for (const part of copy.querySelectorAll("kbd, .working-word, .count, [data-countdown]")) part.remove();
  return (copy.textContent ?? "").replace(/\s+/g, " ").trim();
}

/** Writes the keys of this screen into the dialog `?`. @param {HTMLElement} dialog */
export function listKeys(dialog) {
  const list = dialog.querySelector("dl");
  if (!list) return;
  list.replaceChildren();
  const told = new Set();
  for (const element of document.querySelectorAll("[data-key], [data-key-told]")) {
    if (!(element instanceof HTMLElement) || element.closest("dialog") || element.closest("[hidden]")) continue;
    const keys = (element.dataset.key ?? element.dataset.keyTold ?? "").split(" ");
    const first = keys[0];
    if (told.has(first)) continue; // the empty place has the queue's button once more
    told.add(first);
    const name = document.createElement("dt");
    for (const key of keys) {
      const printed = document.createElement("kbd");
      printed.textContent = key.replace("Question", "?").replace("Slash", "/");
      name.append(printed, " ");
    }
    const what = document.createElement("dd");
    what.textContent = titleOf(element);
    list.append(name, what);
  }
}

/** Chooses in a dialog what the nature found beside it asks for, and nothing while there is none. @param {HTMLDialogElement} dialog */
function follow(dialog) {
  const group = /** @type {HTMLElement | null} */ (dialog.querySelector("[data-follows]"));
  const nature = /** @type {HTMLElement | null} */ (document.querySelector("input[name=classifier]:checked"));
  if (!group) return;
  const [wanted] = (nature?.dataset[group.dataset.follows ?? ""] ?? "").split(" ");
  for (const radio of group.querySelectorAll("input[type=radio]")) {
    if (radio instanceof HTMLInputElement) radio.checked = radio.value === wanted;
  }
}

/** Opens and closes dialogs named by `data-opens`, `data-closes`; native dialogs give the focus back. @param {MouseEvent} event */
function onClick(event) {
  const target = event.target instanceof Element ? event.target : null;
  const opener = target?.closest("[data-opens]");
  if (opener instanceof HTMLElement) {
    const dialog = document.getElementById(opener.dataset.opens ?? "");
    if (dialog instanceof HTMLDialogElement && !dialog.open) {
      if (dialog.matches("[data-keylist]")) listKeys(dialog);
      follow(dialog);
      dialog.showModal();
      const chosen = dialog.querySelector("[data-follows] :checked");
      if (chosen instanceof HTMLElement) chosen.focus();
    }
  }
  if (target?.closest("[data-closes]")) target.closest("dialog")?.close();
}

/** Where nothing has the focus any more, the page has it: the next Tab begins there and not at the top. */
function landFocus() {
  if (document.activeElement === document.body) document.getElementById("main")?.focus();
}

/** A page that says what was done begins at its own field, which the browser may not have focused yet. */
function beginFocus() {
  const asks = [...document.querySelectorAll("[autofocus]")].find((field) => !field.closest("dialog:not([open])"));
  if (document.activeElement === document.body && asks instanceof HTMLElement) asks.focus();
  landFocus();
}

/** Dialogs that the server says to be open (a mistake in them), once: what somebody has closed stays so. @param {ParentNode} root */
function openMarked(root) {
  for (const dialog of root.querySelectorAll('dialog[data-open=""]')) {
    if (!(dialog instanceof HTMLDialogElement)) continue;
    dialog.dataset.open = "opened";
    if (!dialog.open) dialog.showModal();
  }
}

/**
 * What was refused is before the eyes and under the hands: its fold is open, its field has the focus, whichever
 * field its form begins with, and the words beside it are in sight. @param {ParentNode} root
 */
function intoWrong(root) {
  const wrong = [...root.querySelectorAll('[aria-invalid="true"], [data-wrong] input:enabled')].find((field) => !field.closest("dialog:not([open])"));
  if (!(wrong instanceof HTMLElement)) return;
  const fold = wrong.closest("details");
  if (fold) fold.open = true;
  wrong.focus();
  document.getElementById(wrong.getAttribute("aria-describedby") ?? "")?.scrollIntoView({ block: "nearest" });
}

/** Who goes on typing goes on behind what stands there; a day or time is typed anew over the proposed one. */
function caretBehindWords() {
  const field = document.activeElement;
  if (!(field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement) || !field.autofocus) return;
  if (!field.value || field.selectionStart !== 0 || field.selectionEnd !== 0) return;
  if (field.dataset.mask) field.select();
  else field.setSelectionRange(field.value.length, field.value.length);
}

/** The hands are where they are seen: on a narrow or much enlarged page the card stands below what was looked at. */
function showFocus() {
  const field = document.activeElement;
  if (field instanceof HTMLElement && field.autofocus) field.scrollIntoView({ block: "nearest" });
}

export function startKeys() {
  requestAnimationFrame(caretBehindWords);
  document.addEventListener("htmx:afterSettle", () => requestAnimationFrame(caretBehindWords));
  document.addEventListener("htmx:afterSettle", (event) => event.target instanceof Element && event.target.id === "work" && requestAnimationFrame(showFocus));
  document.addEventListener("keydown", onKey);
  document.addEventListener("click", onClick);
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.target instanceof Element) openMarked(document);
    const { xhr, elt } = /** @type {CustomEvent} */ (event).detail;
    if (xhr?.status === 422) intoWrong(elt);
  });
  document.addEventListener("close", () => requestAnimationFrame(landFocus), true);
  openMarked(document);
  intoWrong(document);
  if (document.querySelector(".ticket-last")) beginFocus();
}
