// @ts-check
/** The board on the wall: full screen, and a shift of some pixels every minute against burn-in. */

/** @param {HTMLElement} page */
function drift(page) {
  const minute = Math.floor(Date.now() / 60_000);
  page.dataset.drift = String(minute % 4);
}

/** Rows that do not fit stand in a column beyond the edge: how many are not seen is said at the heading. */
function sayMore() {
  for (const place of document.querySelectorAll("[data-more]")) {
    const list = place.closest("section")?.querySelector("ol, ul");
    if (!(place instanceof HTMLElement) || !(list instanceof HTMLElement)) continue;
    const edge = list.getBoundingClientRect();
    const seen = [...list.children].filter((row) => {
      const box = row.getBoundingClientRect();
      return box.left < edge.right - 1 && box.bottom <= edge.bottom + 1;
    }).length;
    const more = Number(place.dataset.total) - seen;
    place.textContent = more > 0 ? `${place.dataset.more} ${more}` : "";
  }
}

const button = document.querySelector("[data-fullscreen]");
button?.addEventListener("click", () => {
  if (document.fullscreenElement) void document.exitFullscreen();
  else void document.documentElement.requestFullscreen();
});

drift(document.body);
sayMore();
document.addEventListener("htmx:afterSettle", sayMore);
addEventListener("resize", sayMore);
void document.fonts.ready.then(sayMore);
setInterval(() => drift(document.body), 60_000);

// A wall has nobody to press «reload»: after a day the page takes itself anew, and so its styles too.
setTimeout(() => location.reload(), 24 * 3600 * 1000);
