// @ts-check

/** A word of a script in the language of the page. @param {string} russian @param {string} english */
export function inWords(russian, english) {
  return document.documentElement.lang.startsWith("en") ? english : russian;
}
