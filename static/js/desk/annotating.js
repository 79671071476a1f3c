// The annotating page: each module does one thing, and the page works without all of them.
import "./combobox.js";
import "./highlight.js";
import "./keys.js";
import "./panel.js";
import "./save-state.js";
import "./selection.js";
import "./side.js";
