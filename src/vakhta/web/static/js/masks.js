// @ts-check
/**
 * Days and times as digits are typed: «2411» becomes «24.11.» (a whole day, of the nearest year), «930» is left to the
 * person, «9:» becomes «09:», and a space behind «24.11.» goes on to the time. «завтра» becomes its day.
 * Only typing at the end is helped; what is pasted, put right in the middle or deleted stays as it is.
 */

/** @type {Record<string, {lengths: number[], marks: string[]}>} */
const SHAPES = {
  date: { lengths: [2, 2, 4], marks: [".", "."] },
  time: { lengths: [2, 2], marks: [":"] },
  "datetime-local": { lengths: [2, 2, 4, 2, 2], marks: [".", ".", " ", ":"] },
};

/** @param {string} text @param {{lengths: number[], marks: string[]}} shape */
export function masked(text, shape) {
  const groups = [""];
  for (const letter of text) {
    const at = groups.length - 1;
    const isDigit = /\d/.test(letter);
    if (letter === " " && !groups[at] && shape.marks[at] === " ") {
      groups.push("");
    } else if (!isDigit && groups[at] && at < shape.marks.length) {
      groups[at] = groups[at].padStart(2, "0");
      groups.push("");
    } else if (isDigit) {
      if (groups[at].length < shape.lengths[at]) groups[at] += letter;
      else if (at < shape.marks.length) groups.push(letter);
    }
  }
  const last = groups.length - 1;
  if (groups[last].length === shape.lengths[last] && last < shape.marks.length) groups.push("");
  return groups.map((group, at) => (at ? shape.marks[at - 1] : "") + group).join("");
}

/** Days ahead. @type {Record<string, number>} */
const WORDS = { вчера: -1, сегодня: 0, завтра: 1, послезавтра: 2, yesterday: -1, today: 0, tomorrow: 1 };

/**
 * A day that is said by a word: the whole word gives its date, a part of one stays as it is typed.
 * @param {string} text @param {Date} now @returns {string | null} null: it is no such word
 */
export function worded(text, now) {
  const said = text.toLowerCase();
  if (Object.hasOwn(WORDS, said)) {
    const day = new Date(now.getFullYear(), now.getMonth(), now.getDate() + WORDS[said]);
    const parts = [day.getDate(), day.getMonth() + 1].map((part) => String(part).padStart(2, "0"));
    return [...parts, day.getFullYear()].join(".");
  }
  return said && Object.keys(WORDS).some((word) => word.startsWith(said)) ? text : null;
}

/** @param {Event} event */
function onInput(event) {
  const field = event.target;
  if (!(field instanceof HTMLInputElement) || !(event instanceof InputEvent)) return;
  if (event.inputType !== "insertText" || event.data?.length !== 1) return; // a whole date at once is not typing
  const shape = SHAPES[field.dataset.mask ?? ""];
  if (!shape || field.selectionStart !== field.value.length) return;
  field.value = (field.dataset.mask === "time" ? null : worded(field.value, new Date())) ?? masked(field.value, shape);
}

export function startMasks() {
  document.addEventListener("input", onInput);
}
