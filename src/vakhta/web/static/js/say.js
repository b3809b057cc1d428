// @ts-check
/**
 * A sentence to read aloud follows the fields of its form while they are typed: what the operator says is
 * what will be written. The patterns and their first words are drawn by `vakhta.web.saying`.
 */

const PIECE = /\[([^\]]*)\]/g;
const FIELD = /\{(?:(day|later) )?(\w+)(?:\|([^}]*))?\}/g;
/** Half of an hour, or one that no clock has, is not read aloud. */
const TIME = /^([01]?\d|2[0-3]):[0-5]\d$/;
/** A month of one figure without a year behind it may be half of two: «27.1». */
const DAY = /^(\d{1,2})\.(?:(\d{2})\.?|(\d{1,2})\.(\d{4}|\d{2}))$/;

/** @param {number} year @param {number} month @param {number} number @returns {Date | null} null: no calendar has it */
function calendarDay(year, month, number) {
  const day = new Date(Date.UTC(year, month - 1, number));
  return day.getUTCDate() === number && day.getUTCMonth() === month - 1 ? day : null;
}

/** As `web.said.local_day`: without a year the nearest such day. @param {string} typed «28.11.2026», «28.11.» @param {Date} today @returns {Date | null} */
function dayOf(typed, today) {
  const found = DAY.exec(typed);
  if (!found) return null;
  const month = Number(found[2] ?? found[3]);
  const year = Number(found[4]) + (found[4]?.length === 2 ? 2000 : 0);
  const years = found[4] ? [year] : [-1, 0, 1].map((more) => today.getUTCFullYear() + more);
  const days = years.map((one) => calendarDay(one, month, Number(found[1]))).filter((day) => day !== null);
  days.sort((a, b) => Math.abs(a.getTime() - today.getTime()) - Math.abs(b.getTime() - today.getTime()));
  return days[0] ?? null;
}

/** The same words as `kernel.words.day_words`. @param {Date} day @param {Date} today */
function dayWords(day, today) {
  const lang = document.documentElement.lang.startsWith("en") ? "en-GB" : "ru";
  /** @param {Intl.DateTimeFormatOptions} form */
  const part = (form) => new Intl.DateTimeFormat(lang, { ...form, timeZone: "UTC" }).format(day);
  const said = part({ day: "numeric", month: "long" }).replace(" ", "\u00a0");
  const year = day.getUTCFullYear() === today.getUTCFullYear() ? "" : `\u00a0${day.getUTCFullYear()}`;
  return `${said}${year}, ${part({ weekday: "short" })}`;
}

/** @param {string} typed @param {string} how @param {HTMLElement} place */
function saidDay(typed, how, place) {
  const today = new Date(place.dataset.today ?? "");
  const day = dayOf(typed, today);
  if (!day) return "";
  const apart = Math.round((day.getTime() - today.getTime()) / 86400000);
  if (apart === 0) return how === "day" ? (place.dataset.todayWord ?? "") : "";
  return apart === 1 ? (place.dataset.tomorrowWord ?? "") : dayWords(day, today);
}

/** @param {HTMLElement} place @param {HTMLFormElement} form */
function say(place, form) {
  const said = new FormData(form);
  /** @param {string} how @param {string} name @param {string} other */
  const word = (how, name, other) => {
    const field = form.elements.namedItem(name);
    const isTime = field instanceof HTMLInputElement && field.dataset.mask === "time";
    const typed = String(said.get(name) ?? "").trim();
    const value = isTime && !TIME.test(typed) ? "" : typed;
    return (how && value ? saidDay(value, how, place) : value) || other || "";
  };
  /** @param {string} text @param {boolean} must */
  const filled = (text, must) => {
    let whole = true;
    const done = text.replace(FIELD, (_all, how, name, other) => {
      const found = word(how, name, other);
      whole &&= Boolean(found);
      return found;
    });
    return must && !whole ? "" : done;
  };
  const text = filled((place.dataset.saying ?? "").replace(PIECE, (_all, piece) => filled(piece, true)), false).trim();
  place.textContent = `«${text.charAt(0).toUpperCase()}${text.slice(1)}»`;
}

/** @param {Event} event */
function onInput(event) {
  const form = event.target instanceof Element ? event.target.closest("form") : null;
  for (const place of form?.querySelectorAll("[data-saying]") ?? []) {
    say(/** @type {HTMLElement} */ (place), /** @type {HTMLFormElement} */ (form));
  }
}

export function startSayings() {
  document.addEventListener("input", onInput);
  document.addEventListener("change", onInput);
}
