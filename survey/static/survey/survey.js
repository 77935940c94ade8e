// The survey works without this file. With it: a link's code never leaves the browser in an address, answers survive a
// reload, a long pause and a lost connection, and the back button goes one step back.
const STORE = "survey";
const home = document.body.dataset.home;
const sheet = () => document.getElementById("sheet");
const stored = () => JSON.parse(sessionStorage.getItem(STORE) ?? "null");

function keep() {
  const form = sheet();
  if (form?.elements.receipt) sessionStorage.setItem(STORE, JSON.stringify([...new FormData(form)]));
}

function show(html, anchor) {
  const page = new DOMParser().parseFromString(html, "text/html");
  if (!page.body.dataset.home) throw new Error(); // a proxy's word for a server that is away: her page stays
  document.documentElement.lang = page.documentElement.lang;
  document.title = page.title;
  document.body.replaceWith(page.body);
  dress();
  const target = anchor && document.getElementById(anchor);
  scrollTo(0, 0);
  if (target) {
    target.scrollIntoView({ block: "center" });
    (target.querySelector("input:checked") ?? target.querySelector("input") ?? target).focus({ preventScroll: true });
  } else {
    (document.querySelector(".notice:not([hidden])[tabindex]") ?? document.querySelector("h1"))?.focus({ preventScroll: true });
  }
}

function dress() {
  if (document.querySelector("[data-done]")) sessionStorage.removeItem(STORE);
  for (const element of document.querySelectorAll("[data-script]")) element.hidden = false;
  for (const time of document.querySelectorAll("time")) {
    const words = { dateStyle: "long", timeStyle: "short" };
    time.textContent = new Date(time.dateTime).toLocaleString(document.documentElement.lang, words);
  }
  keep();
  const again = document.querySelector("[data-again]");
  if (again) setTimeout(askAgain, 1000 * again.dataset.again, again);
}

// Many people are answering: what the page asks for is asked for again, unless she has done so meanwhile.
function askAgain(place) {
  if (!place.isConnected) return;
  if (place.matches("form")) place.requestSubmit(place.querySelector("button"));
  else location.reload();
}

let busy = false;
async function send(action, fields, remember) {
  if (busy) return;
  busy = true;
  try {
    const [address, anchor] = action.split("#");
    const reply = await fetch(address, { method: "POST", body: new URLSearchParams(fields), redirect: "error" });
    show(await reply.text(), anchor);
    const at = sheet()?.elements.at?.value ?? null;
    history[remember ? "pushState" : "replaceState"]({ at }, "", home);
  } catch {
    const offline = document.getElementById("offline");
    offline.hidden = false;
    offline.scrollIntoView({ block: "nearest" });
  } finally {
    busy = false;
  }
}

const without = (fields, ...names) => fields.filter(([name]) => !names.includes(name));
const resume = (fields, at) => send(`${home}/answer`, [...without(fields, "go"), ["go", at]], false);

addEventListener("submit", (event) => {
  if (event.target !== sheet()) return;
  event.preventDefault();
  keep();
  const fields = [...new FormData(event.target)];
  const pressed = event.submitter;
  if (pressed?.name) fields.push([pressed.name, pressed.value]);
  send(pressed?.hasAttribute("formaction") ? pressed.formAction : event.target.action, fields, true);
});

addEventListener("input", keep);

addEventListener("click", async ({ target }) => {
  if (target.closest("[data-clear]")) sessionStorage.removeItem(STORE); // then the link is followed
  if (target.closest("[data-print]")) print();
  const copy = target.closest("[data-copy]");
  if (!copy) return;
  const text = document.getElementById(copy.dataset.copy);
  try {
    await navigator.clipboard.writeText(text.textContent);
    copy.textContent = copy.dataset.copied;
  } catch {
    getSelection().selectAllChildren(text);
  }
});

addEventListener("popstate", ({ state }) => {
  if (location.hash) return; // a code was put into the address: hashchange follows
  const fields = stored();
  if (fields && state?.at) resume(fields, state.at);
  else location.replace(home);
});

addEventListener("hashchange", start);

function start() {
  const code = decodeURIComponent(location.hash.slice(1));
  const form = sheet();
  const fields = stored();
  const same = fields && (!code || plain(code) === plain(Object.fromEntries(fields).code));
  if (!form?.elements.code || form.elements.receipt) return dress();
  if (location.hash) history.replaceState(history.state, "", location.pathname + location.search);
  if (same) {
    const asked = new URLSearchParams(location.search).get("lang");
    const kept = asked ? [...without(fields, "lang"), ["lang", asked]] : fields;
    return resume(kept, history.state?.at ?? Object.fromEntries(fields).at);
  }
  if (!code) return dress();
  form.elements.code.value = code;
  send(form.action, [...new FormData(form)], false);
}

const plain = (code) => code.toUpperCase().replace(/[^0-9A-Z]/g, "");
start();
