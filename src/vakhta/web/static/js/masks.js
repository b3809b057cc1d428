// @ts-check
/**
 * Days and times as digits are typed: «2411» becomes «24.11.» (a whole day, of the nearest year), «930» is left to the
 * person, «9:» becomes «09:», and a space behind «24.11.» goes on to the time.
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

/** @param {Event} event */
function onInput(event) {
  const field = event.target;
  if (!(field instanceof HTMLInputElement) || !(event instanceof InputEvent)) return;
  if (event.inputType !== "insertText" || event.data?.length !== 1) return; // a whole date at once is not typing
  const shape = SHAPES[field.dataset.mask ?? ""];
  if (shape && field.selectionStart === field.value.length) field.value = masked(field.value, shape);
}

export function startMasks() {
  document.addEventListener("input", onInput);
}
