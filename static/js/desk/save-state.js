// "Saving…", "Saved 12:04", "Not saved – retry"; and what to do when the session has ended meanwhile.

const line = document.getElementById("save-state");
let again = null;

function say(state, words, ...more) {
  line.hidden = false;
  line.className = `save-state save-state--${state}`;
  line.replaceChildren(words, ...more);
}

const announce = (detail) => document.body.dispatchEvent(new CustomEvent("announce", { detail }));

// A press that only looks at other words saves nothing.
const isSaving = ({ requestConfig: { verb, parameters } }) => verb !== "get" && !("move" in parameters);

function retry() {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button button--quiet";
  button.textContent = "Retry";
  button.addEventListener("click", async () => {
    say("saving", "Saving…");
    if (!(await renewToken())) return loggedOut();
    const elt = again;
    if (!elt?.isConnected) return say("failed", "Not saved");
    if (elt.matches("form")) elt.requestSubmit();
    else elt.click();
  });
  return button;
}

// Logging in again, in another tab, gives every form a new token: it is read off this page, loaded anew.
async function renewToken() {
  const answer = await fetch(location.pathname, { headers: { Accept: "text/html" } }).catch(() => null);
  if (!answer?.ok || answer.redirected) return false;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const token = page.querySelector("[name=csrfmiddlewaretoken]")?.value;
  if (!token) return false;
  document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": token }));
  for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = token;
  return true;
}

function loggedOut() {
  const link = document.createElement("a");
  link.href = `/login/?next=${encodeURIComponent(location.pathname)}`;
  link.target = "_blank";
  link.rel = "opener";
  link.textContent = "Log in in a new tab";
  say("failed", "You are logged out. What you typed is still here. ", link, " ", retry());
  announce("Not saved: you are logged out. What you typed is still here.");
}

document.body.addEventListener("htmx:beforeRequest", ({ detail }) => {
  if (isSaving(detail)) say("saving", "Saving…");
});

document.body.addEventListener("htmx:afterRequest", ({ detail }) => {
  const { status } = detail.xhr;
  if (status === 401 || status === 403) {
    again = detail.elt;
    renewToken().then((isBack) => (isBack ? say("failed", "Not saved – ", retry()) : loggedOut()));
  } else if (!isSaving(detail)) {
    return;
  } else if (status >= 200 && status < 300) {
    say("saved", `Saved ${new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hourCycle: "h23" })}`);
  } else if (status === 409 || status === 422) {
    say("failed", "Not saved");
  } else {
    again = detail.elt;
    say("failed", "Not saved – ", retry());
  }
});
