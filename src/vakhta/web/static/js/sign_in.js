// @ts-check
/** Whoever is sent to sign in has not been heard: the words of the form that they had sent are kept. */
sessionStorage.removeItem("vakhta-sent");
