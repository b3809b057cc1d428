// @ts-check
/** What every page of the staff starts. */
import { startChoice } from "./choose.js";
import { startClocks } from "./clock.js";
import { startDrafts } from "./draft.js";
import { startKeys } from "./keys.js";
import { startLacks } from "./lacks.js";
import { startLines } from "./line.js";
import { startLive } from "./live.js";
import { startMasks } from "./masks.js";
import { startParts } from "./parts.js";
import { startPress } from "./press.js";
import { startSayings } from "./say.js";
import { startSounds } from "./sound.js";
import { startToken } from "./token.js";

startClocks();
startChoice();
startParts();
startPress();
startToken();
startKeys();
startLines();
startDrafts();
startLacks();
startMasks();
startLive();
startSayings();
startSounds();
