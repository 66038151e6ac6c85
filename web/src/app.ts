import "./styles/tokens.css";
import "./styles/ground.css";
import "./styles/shell.css";
import "./styles/list-detail.css";
import "./styles/controls.css";
import "./styles/marks.css";
import "./styles/content.css";
import "./styles/overlays.css";
import "./styles/forms.css";
import "./styles/tables.css";
import "./styles/looks.css";

import { startClocks } from "./clocks";
import { startDialogs } from "./dialogs";
import { startFiles } from "./files";
import { startFragments } from "./fragments";
import { startForms } from "./forms";
import { startKeyboard } from "./keyboard";
import { startLists } from "./lists";
import { startMenus } from "./menus";
import { startNotices } from "./notices";
import { startPush } from "./push";
import { startTheme } from "./theme";
import { startToasts } from "./toasts";

startFragments();
startTheme();
startMenus();
startDialogs();
startForms();
startFiles();
startKeyboard();
startLists();
startClocks();
startToasts();
startNotices();
startPush();

// A room that needs more than the parts brings web/src/rooms/<room>.ts and .css.
import.meta.glob("./rooms/*.{ts,css}", { eager: true });
