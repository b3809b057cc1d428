// @ts-check
/** Three short sounds: a contact came, a term is broken, an emergency came. Never the only sign. */

const SOUNDS = {
  contact: [[660, 0.09]],
  breach: [[440, 0.12], [330, 0.18]],
  urgent: [[880, 0.1], [0, 0.05], [880, 0.1], [0, 0.05], [880, 0.1]],
};

/** @type {AudioContext | undefined} */
let audio;

/** @param {keyof typeof SOUNDS} name */
export function play(name) {
  const volume = Number(localStorage.getItem("vakhta-volume") ?? 40) / 100;
  if (!volume || !navigator.userActivation?.hasBeenActive) return;
  audio ??= new AudioContext();
  let at = audio.currentTime;
  for (const [pitch, length] of SOUNDS[name]) {
    if (pitch) {
      const tone = audio.createOscillator();
      const gain = audio.createGain();
      tone.frequency.value = pitch;
      gain.gain.setValueAtTime(volume * 0.2, at);
      gain.gain.exponentialRampToValueAtTime(0.0001, at + length);
      tone.connect(gain).connect(audio.destination);
      tone.start(at);
      tone.stop(at + length);
    }
    at += length;
  }
}

export function startSounds() {
  if (!document.body.matches(".console")) return;
  document.addEventListener("live:change", (event) => {
    const { kind } = /** @type {CustomEvent} */ (event).detail;
    if (kind === "InteractionReceived") play("contact");
    if (kind === "ClockBreached") play("breach");
  });
  const emergencies = () => document.querySelectorAll("#queue [data-emergency]").length;
  let known = emergencies();
  document.addEventListener("htmx:afterSettle", () => {
    const now = emergencies();
    if (now > known) play("urgent");
    known = now;
  });
}
