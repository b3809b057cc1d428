// @ts-check
/**
 * One press is one act: it counts for what it was made on, and counts once.
 *
 * A press counts for what it was made on. The queue is drawn anew while somebody presses its row: the browser then
 * clicks nothing, for what the button went down on is gone when it comes up. What stands for it now is clicked instead.
 * A finger needs none of this: of a touch the browser makes the whole click at its end.
 */

const CONTROLS = "button, summary, label, a[href]";

/** What is pressed: the control, what it is known by, where it was. @type {{control: Element, name: string, place: DOMRect} | null} */
let pressed = null;

/** What tells a control from all others and stays when it is drawn anew; its words may hold a running clock. @param {Element} control */
function nameOf(control) {
  const asks = (/** @type {Element | null | undefined} */ element) => element?.getAttribute("hx-post") ?? element?.getAttribute("hx-get");
  const form = control instanceof HTMLButtonElement ? control.form : null;
  const address = asks(control) ?? control.getAttribute("href") ?? asks(form) ?? form?.getAttribute("action");
  const field = control instanceof HTMLLabelElement ? control.control : control;
  const own = ["id", "name", "value", "data-opens", "data-key", "popovertarget"].map((name) => field?.getAttribute(name));
  const words = address || own.some(Boolean) ? "" : control.textContent?.trim();
  return JSON.stringify([control.tagName, address, ...own, words]);
}

/** @param {PointerEvent} event */
function down(event) {
  const control = event.button === 0 && event.pointerType === "mouse" && event.target instanceof Element ? event.target.closest(CONTROLS) : null;
  pressed = control && { control, name: nameOf(control), place: control.getBoundingClientRect() };
}

/** @param {PointerEvent} event */
function up({ clientX, clientY }) {
  const was = pressed;
  pressed = null;
  if (!was || was.control.isConnected) return;
  const { left, right, top, bottom } = was.place;
  if (clientX < left || clientX > right || clientY < top || clientY > bottom) return; // led away: not meant any more
  const alike = [...document.querySelectorAll(was.control.tagName)].filter((control) => nameOf(control) === was.name);
  const here = document.elementFromPoint(clientX, clientY)?.closest(CONTROLS);
  const now = alike.find((control) => control === here) ?? (alike.length === 1 ? alike[0] : null);
  if (now instanceof HTMLElement && now.checkVisibility()) now.click();
}

/**
 * A form that leaves the page is sent once: of two quick presses, or of one that is held, the second would write the same
 * again. What htmx or the phone's outbox sends is theirs to guard, and what opens beside the page leaves it usable.
 * @param {SubmitEvent} event
 */
function once(event) {
  const { target: form, submitter } = event;
  if (!(form instanceof HTMLFormElement) || form.method !== "post" || form.matches("[hx-post], [data-move], [data-sign-out]")) return;
  if (submitter?.hasAttribute("hx-post") || submitter?.hasAttribute("formtarget")) return;
  if (form.hasAttribute("data-sent")) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  form.setAttribute("data-sent", "");
  setTimeout(() => event.defaultPrevented && form.removeAttribute("data-sent"));
}

/** A page that the browser has kept is used anew: the way back leads to it. */
function again() {
  for (const form of document.querySelectorAll("form[data-sent]")) form.removeAttribute("data-sent");
}

export function startPress() {
  document.addEventListener("submit", once, true);
  window.addEventListener("pageshow", again);
  document.addEventListener("pointerdown", down, true);
  document.addEventListener("pointerup", up, true);
  document.addEventListener("pointercancel", () => (pressed = null), true);
}
