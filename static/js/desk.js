// The counter of an agent: one key a step, each step in its place, the page fresh by itself. It works without this.

const PATIENCE_MS = 10_000;
const SIDE_BY_SIDE = "desk";
const TOKEN = /name="csrf_token" value="[^"]*"/g;

const voice = document.querySelector("[data-voice]");
const lost = document.querySelector("[data-lost]");
const desk = document.getElementById(SIDE_BY_SIDE);
const seconds = Number(desk.dataset.deskSeconds);

let tag = "";
let waiting, lastSaid;
/** Counts what was asked for here: an answer to something older than the last of it no longer counts. */
let asked = 0;
let underWay = false;

const isWritten = (element) =>
  element?.matches("select, textarea, [contenteditable], input:not([type=hidden], [type=checkbox], [type=radio])");
const said = (page, name) => page.querySelector(`[data-${name}]`)?.textContent.replace(/\s+/g, " ").trim() || "";
const bare = (element) => element.innerHTML.replace(TOKEN, "");

/** As the server sent them: what somebody opened or typed since then is no difference. */
const sent = new Map();
document.querySelectorAll("[data-region]").forEach((region) => sent.set(region.id, bare(region)));

async function fetched(address, options) {
  const answer = await fetch(address, { ...options, credentials: "same-origin", signal: AbortSignal.timeout(PATIENCE_MS) });
  return { answer, page: answer.status === 304 ? null : new DOMParser().parseFromString(await answer.text(), "text/html") };
}

function isLost(now) {
  if (now && lost.hidden) lost.textContent = said(document, "lost-said");
  lost.hidden = !now;
}

/** Put new content into a region; what is open, typed, scrolled to and focused in it stays so. */
function swap(region, fresh) {
  const inside = region.contains(document.activeElement) ? document.activeElement.id : "";
  const opened = [...region.querySelectorAll("details[open]")].map((fold) => fold.id);
  const typed = [...region.querySelectorAll("select, input:not([type=hidden])")].map((field) => [field.id, field.value]);
  const scrolled = [...region.querySelectorAll("[data-scrolls]")].map((box) => [box.id, box.scrollTop]);
  region.replaceChildren(...fresh.childNodes);
  opened.forEach((id) => { const fold = document.getElementById(id); if (fold) fold.open = true; });
  typed.forEach(([id, value]) => { const field = document.getElementById(id); if (field) field.value = value; });
  scrolled.forEach(([id, top]) => { const box = document.getElementById(id); if (box) box.scrollTop = top; });
  if (inside) document.getElementById(inside)?.focus({ preventScroll: true });
}

/** Show what is true now; gives whether all of it could be shown. After an act nothing that was open or typed stays. */
function show(page, { anew = false } = {}) {
  let whole = true;
  document.querySelectorAll("[data-region]").forEach((region) => {
    const fresh = page.getElementById(region.id);
    if (!fresh || bare(fresh) === sent.get(region.id)) return;
    // Who is typing is not interrupted: it comes with the next round.
    if (!anew && region.contains(document.activeElement) && isWritten(document.activeElement)) {
      whole = false;
      return;
    }
    sent.set(region.id, bare(fresh));
    if (!anew) return swap(region, fresh);
    const inside = region.contains(document.activeElement) ? document.activeElement.id : "";
    region.replaceChildren(...fresh.childNodes);
    if (inside) (document.getElementById(inside) || document.getElementById("person-title"))?.focus({ preventScroll: true });
  });
  ["lost-said", "news", "said"].forEach((name) => {
    document.querySelector(`[data-${name}]`).textContent = said(page, name);
  });
  if (page.title) document.title = page.title;
  return whole;
}

/** Politely say what has changed, once. */
function tell(text) {
  if (text && text !== lastSaid) voice.textContent = text;
  lastSaid = text;
}

async function refresh() {
  window.clearTimeout(waiting);
  const before = asked;
  if (!document.hidden && !underWay) {
    try {
      const headers = { "X-Fresh": "1", ...(tag && { "If-None-Match": tag }) };
      const { answer, page } = await fetched(location.href, { headers });
      // Signed out, most likely: the whole page goes where this answer comes from.
      if (answer.redirected) return location.reload();
      if (!answer.ok && answer.status !== 304) throw new Error(`${answer.status}`);
      if (page && before === asked) {
        tag = show(page) ? answer.headers.get("ETag") || "" : "";
        tell(said(page, "news"));
      }
      isLost(false);
    } catch {
      isLost(true);
    }
  }
  waiting = window.setTimeout(refresh, seconds * 1000);
}

/** Ask for a whole page of ours and show it in place; anything else is gone to. */
async function go(address, options) {
  if (underWay) return;
  underWay = true;
  asked += 1;
  desk.setAttribute("aria-busy", "true");
  try {
    const { answer, page } = await fetched(address, options);
    if (!page.getElementById(SIDE_BY_SIDE)) return location.assign(answer.redirected ? answer.url : location.href);
    tag = "";
    history.replaceState(null, "", options ? answer.url.replace(/\/desk\/\w+$/, "/desk") : address);
    const stood = document.activeElement;
    show(page, { anew: true });
    lastSaid = said(page, "news");
    // A focus that has moved is read out already.
    if (document.activeElement === stood || document.activeElement === document.body) voice.textContent = said(page, "said");
    isLost(false);
  } catch {
    isLost(true);
  } finally {
    underWay = false;
    desk.removeAttribute("aria-busy");
  }
}

/** Whether a button can be seen: what stands in a closed fold has no key. */
function isShown(element) {
  const fold = element.matches("summary") ? element.parentElement.parentElement.closest("details") : element.closest("details");
  return !fold || fold.open;
}

function press(element) {
  if (!element.matches("summary")) return element.click();
  const fold = element.parentElement;
  fold.open = !fold.open;
  (fold.open ? fold.querySelector("select, button, input:not([type=hidden])") : element).focus();
}

/** Close what is open around the focus, and stay at what opened it. */
function fold(open) {
  if (!open || !desk.contains(open)) return;
  open.open = false;
  open.querySelector("summary").focus();
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!desk.contains(form)) return;
  event.preventDefault();
  go(form.action, { method: "POST", body: new FormData(form, event.submitter) });
});
desk.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-in-place]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  go(link.href);
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") return fold(document.activeElement.closest("details[open]"));
  if (!event.key || event.ctrlKey || event.altKey || event.metaKey || event.repeat || event.isComposing) return;
  if (isWritten(event.target)) return;
  const same = desk.querySelectorAll(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
  const wanted = [...same].find(isShown);
  if (!wanted) return;
  event.preventDefault();
  press(wanted);
});
document.addEventListener("visibilitychange", () => { if (!document.hidden) refresh(); });
// The back button may bring a page that was true once.
window.addEventListener("pageshow", (event) => { if (event.persisted) refresh(); });
lastSaid = said(document, "news");
waiting = window.setTimeout(refresh, seconds * 1000);
