// @ts-check
/**
 * Fields with a list that the server finds: the line and the address. The pattern is the ARIA
 * combobox with a listbox; arrows move, Enter takes the option that is shown as active, Esc closes.
 * What answers older words than the field holds is dimmed and says «ищу…» until it is answered anew.
 */
import { inWords } from "./words.js";

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
    /** What the list answers. @type {string | undefined} */
    this.shown = undefined;
    /** What is being asked, and its answer. @type {{query: string, answer: Promise<void>} | undefined} */
    this.pending = undefined;
    const ask = later(() => this.isWaiting() && void this.ask(), 80);
    input.addEventListener("input", () => {
      if (!input.value.trim()) this.close();
      else if (this.shown !== input.value.trim() || answer.hidden) {
        this.wait();
        ask();
      } else this.settle(); // typed back: the list answers these very words
    });
    input.addEventListener("keydown", (event) => this.onKey(event));
    input.addEventListener("blur", () => setTimeout(() => document.activeElement !== input && this.close(), 150));
    answer.addEventListener("pointerdown", (event) => {
      const option = event.target instanceof Element ? event.target.closest('[role="option"]') : null;
      if (option instanceof HTMLElement) {
        event.preventDefault();
        this.choose(option);
      }
    });
  }

  isWaiting() {
    return this.answer.getAttribute("aria-busy") === "true";
  }

  /** The field says what the list does not answer yet. */
  wait() {
    if (this.answer.hidden) {
      this.answer.replaceChildren(this.note(inWords("ищу…", "looking up…")));
      this.shown = undefined; // the list that answered is gone, whatever is typed again
    }
    this.answer.hidden = false;
    this.answer.setAttribute("aria-busy", "true");
    const does = this.answer.querySelector("[data-does]:not([role])");
    if (does) does.textContent = inWords("ищу…", "looking up…");
  }

  /** The list answers what the field says. */
  settle() {
    this.asked++;
    this.pending = undefined;
    this.answer.removeAttribute("aria-busy");
    this.mark(this.active() ?? this.options()[0]);
  }

  /** Asks once for the same words. */
  ask() {
    const query = this.input.value.trim();
    if (this.pending?.query === query) return this.pending.answer;
    const answer = this.fetch(query);
    this.pending = { query, answer };
    return answer;
  }

  /** @param {string} query */
  async fetch(query) {
    const mine = ++this.asked;
    if (!query) return;
    const address = new URL(this.url, location.href);
    address.searchParams.set("q", query);
    const response = await fetch(address, { headers: { "HX-Request": "true" } }).catch(() => null);
    const text = response?.ok ? await response.text().catch(() => null) : null;
    if (mine !== this.asked) return;
    this.pending = undefined;
    if (query !== this.input.value.trim()) return; // other words since: they are about to be asked
    if (text === null) {
      this.shown = undefined;
      this.answer.replaceChildren(this.sorry());
    } else {
      this.answer.replaceChildren(...new DOMParser().parseFromString(text, "text/html").body.childNodes);
      this.shown = query;
    }
    this.answer.hidden = false;
    this.answer.removeAttribute("aria-busy");
    this.input.setAttribute("aria-expanded", String(this.options().length > 0));
    this.mark(this.options()[0]);
  }

  sorry() {
    const words = ["Сервер не ответил. Набранное сохранено, повторите.", "No answer from the server. What you typed is kept."];
    return this.note(inWords(words[0], words[1]));
  }

  /** @param {string} text */
  note(text) {
    const line = document.createElement("p");
    line.className = "combo-none";
    line.setAttribute("role", "status");
    line.textContent = text;
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
      if (this.isWaiting()) return; // these options are gone in a moment
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

  /**
   * Enter takes what these very words mean. While they are being looked up it waits for their answer; a closed list
   * is only shown. Other words or Esc meanwhile, and nothing is taken.
   */
  async enter() {
    const query = this.input.value.trim();
    if (this.shown !== query || this.answer.hidden || this.isWaiting()) {
      const isTyped = this.isWaiting();
      await this.ask();
      if (!isTyped || this.answer.hidden || this.shown !== query || this.input.value.trim() !== query) return;
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
    this.pending = undefined;
    this.answer.hidden = true;
    this.answer.removeAttribute("aria-busy");
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }
}
