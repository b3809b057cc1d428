// @ts-check
/**
 * Fields with a list that the server finds: the line and the address. The pattern is the ARIA
 * combobox with a listbox; arrows move, Enter takes the option that is shown as active, Esc closes.
 */

/** @param {() => void} act @param {number} ms */
export function later(act, ms) {
  let timer = 0;
  return () => {
    clearTimeout(timer);
    timer = window.setTimeout(act, ms);
  };
}

export class Combo {
  /**
   * @param {HTMLInputElement} input
   * @param {HTMLElement} answer where the list is put
   * @param {string} url asked with ?q=
   * @param {(option: HTMLElement) => void} take
   */
  constructor(input, answer, url, take) {
    this.input = input;
    this.answer = answer;
    this.url = url;
    this.take = take;
    this.asked = 0;
    /** @type {Promise<void>} */
    this.pending = Promise.resolve();
    const ask = later(() => this.ask(), 80);
    input.addEventListener("input", () => (input.value.trim() ? ask() : this.close()));
    input.addEventListener("keydown", (event) => this.onKey(event));
    input.addEventListener("blur", () => setTimeout(() => this.close(), 150));
    answer.addEventListener("pointerdown", (event) => {
      const option = event.target instanceof Element ? event.target.closest('[role="option"]') : null;
      if (option instanceof HTMLElement) {
        event.preventDefault();
        this.choose(option);
      }
    });
  }

  ask() {
    this.pending = this.fetch();
    return this.pending;
  }

  async fetch() {
    const query = this.input.value.trim();
    const mine = ++this.asked;
    if (!query) return;
    const address = new URL(this.url, location.href);
    address.searchParams.set("q", query);
    const response = await fetch(address, { headers: { "HX-Request": "true" } }).catch(() => null);
    if (mine !== this.asked) return;
    if (!response?.ok) {
      this.answer.replaceChildren(this.sorry());
    } else {
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      if (mine !== this.asked) return;
      this.answer.replaceChildren(...page.body.childNodes);
      this.shown = query;
    }
    this.answer.hidden = false;
    this.input.setAttribute("aria-expanded", String(this.options().length > 0));
    this.mark(this.options()[0]);
  }

  sorry() {
    const line = document.createElement("p");
    line.className = "combo-none";
    line.textContent = document.documentElement.lang.startsWith("en")
      ? "No answer from the server. What you typed is kept."
      : "Сервер не ответил. Набранное сохранено, повторите.";
    return line;
  }

  /** @returns {HTMLElement[]} */
  options() {
    return [...this.answer.querySelectorAll('[role="option"]')].map((option) => /** @type {HTMLElement} */ (option));
  }

  active() {
    return this.options().find((option) => option.getAttribute("aria-selected") === "true");
  }

  /** @param {HTMLElement | undefined} chosen */
  mark(chosen) {
    for (const option of this.options()) option.setAttribute("aria-selected", String(option === chosen));
    if (!chosen) {
      this.input.removeAttribute("aria-activedescendant");
      return;
    }
    this.input.setAttribute("aria-activedescendant", chosen.id);
    chosen.scrollIntoView({ block: "nearest" });
    const does = this.answer.querySelector("[data-does]:not([role])");
    if (does) does.textContent = chosen.dataset.does ?? "";
  }

  /** @param {KeyboardEvent} event */
  async onKey(event) {
    const options = this.options();
    const at = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (!options.length || event.altKey) return;
      event.preventDefault();
      this.mark(options[(at + (event.key === "ArrowDown" ? 1 : options.length - 1)) % options.length]);
    } else if (event.key === "Escape" && !this.answer.hidden) {
      event.preventDefault();
      event.stopPropagation();
      this.close();
    } else if (event.key === "Enter" && !event.ctrlKey && !event.altKey && this.input.value.trim()) {
      event.preventDefault();
      await this.enter();
    }
  }

  /** Enter takes only what was shown for these very words: when they are newer, they are asked first and shown. */
  async enter() {
    if (this.shown !== this.input.value.trim() || this.answer.hidden) {
      await this.ask();
      return;
    }
    const option = this.active();
    if (option) this.choose(option);
  }

  /** @param {HTMLElement} option */
  choose(option) {
    this.close();
    this.take(option);
  }

  close() {
    this.asked++;
    this.answer.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }
}
