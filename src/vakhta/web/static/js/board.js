// @ts-check
/** The board on the wall: full screen, and a shift of some pixels every minute against burn-in. */

/** @param {HTMLElement} page */
function drift(page) {
  const minute = Math.floor(Date.now() / 60_000);
  page.dataset.drift = String(minute % 4);
}

const button = document.querySelector("[data-fullscreen]");
button?.addEventListener("click", () => {
  if (document.fullscreenElement) void document.exitFullscreen();
  else void document.documentElement.requestFullscreen();
});

drift(document.body);
setInterval(() => drift(document.body), 60_000);

// A wall has nobody to press «reload»: after a day the page takes itself anew, and so its styles too.
setTimeout(() => location.reload(), 24 * 3600 * 1000);
