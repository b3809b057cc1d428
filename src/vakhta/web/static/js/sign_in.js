// @ts-check
import { startLacks } from "./lacks.js";

startLacks();
// Whoever is sent to sign in has not been heard: the words of the form that they had sent are kept.
// Pages that a phone has kept for the one before are not.
sessionStorage.removeItem("vakhta-sent");
if (window.caches) {
  caches.keys().then((names) => {
    for (const name of names) if (name.startsWith("vakhta-pages:")) caches.delete(name);
  });
}
