// Progressive only: every page works without this.

const PATIENCE_MS = 10_000;

/** A page of ours, as a document; `null` when it is as it was. Throws when there is no connection. */
async function pageAt(address, headers = {}) {
  const answer = await fetch(address, { headers, credentials: "same-origin", signal: AbortSignal.timeout(PATIENCE_MS) });
  if (answer.redirected) {
    // Signed out, most likely: the whole page goes where this answer comes from.
    location.reload();
    throw new Error("elsewhere");
  }
  if (answer.status === 304) return { page: null, tag: headers["If-None-Match"] };
  if (!answer.ok) throw new Error(`${answer.status}`);
  return {
    page: new DOMParser().parseFromString(await answer.text(), "text/html"),
    tag: answer.headers.get("ETag") || "",
  };
}

/** Count down in seconds given by the server: the words follow every minute, the voice speaks at a few moments. */
function countDown(box) {
  const live = box.querySelector(".time-left__live");
  const shown = box.querySelector(".time-left__words");
  const end = performance.now() + Number(box.dataset.secondsLeft) * 1000;
  const minutesLeft = () => Math.max(0, Math.ceil((end - performance.now()) / 60_000));
  const inWords = ({ over, one, many }, minutes) =>
    (minutes === 0 ? over : minutes === 1 ? one : many).replace("{}", String(minutes));
  let ahead = [5, 2, 1, 0].filter((moment) => moment < minutesLeft() || moment === 0);
  let last;
  const tick = () => {
    const minutes = minutesLeft();
    if (minutes !== last) shown.textContent = inWords(shown.dataset, minutes);
    last = minutes;
    if (ahead.some((moment) => minutes <= moment)) {
      ahead = ahead.filter((moment) => moment < minutes);
      live.textContent = inWords(live.dataset, minutes);
    }
    if (minutes === 0) box.querySelectorAll("[data-while-held]").forEach((button) => { button.hidden = true; });
    else window.setTimeout(tick, 1000);
  };
  tick();
}

/** Search while typing: the server finds, as it does for the button, so both always agree. */
function searchWhileTyping(input) {
  const found = document.getElementById(input.dataset.found);
  let waiting, wanted;
  const search = async () => {
    const address = new URL(input.form.action);
    if (input.value.trim()) address.searchParams.set(input.name, input.value);
    wanted = address.href;
    try {
      const { page } = await pageAt(address);
      if (wanted !== address.href) return;
      const [status, ...rest] = page.getElementById(found.id).children;
      found.firstElementChild.textContent = status.textContent;
      found.firstElementChild.className = status.className;
      found.replaceChildren(found.firstElementChild, ...rest);
      document.querySelector(".languages").replaceWith(page.querySelector(".languages"));
      history.replaceState(null, "", address);
    } catch {
      // The button is still there.
    }
  };
  input.addEventListener("input", () => {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(search, 300);
  });
}

/** Fetch a region again now and then; say when the connection is lost, and of when what is on screen is. */
function keepFresh(region) {
  const mark = document.querySelector("[data-connection]");
  let tag = "";
  let waiting;
  const tellTime = () => {
    const said = region.querySelector("[data-connection-said]");
    if (mark && said) mark.textContent = said.textContent;
  };
  const swap = (page) => {
    const scrolled = [...region.querySelectorAll(".scroll-box")].map((box) => [box.scrollLeft, box.scrollTop]);
    region.replaceChildren(...page.getElementById(region.id).childNodes);
    region.querySelectorAll(".scroll-box").forEach((box, place) => box.scrollTo(...(scrolled[place] || [0, 0])));
    tellTime();
  };
  const refresh = async () => {
    window.clearTimeout(waiting);
    if (!document.hidden || "freshHidden" in region.dataset) {
      try {
        const headers = { "X-Fresh": "1", ...(tag && { "If-None-Match": tag }) };
        const fresh = await pageAt(location.href, headers);
        // Taken before what it holds moves into this page.
        const detail = fresh.page?.getElementById(region.id).outerHTML;
        // Who works inside the region is not interrupted: it comes with the next round.
        if (fresh.page && !region.contains(document.activeElement)) {
          swap(fresh.page);
          tag = fresh.tag;
        }
        if (mark) mark.hidden = true;
        document.documentElement.removeAttribute("data-copy");
        document.dispatchEvent(new CustomEvent("guichet:fresh", { detail }));
      } catch {
        if (mark) mark.hidden = false;
      }
    }
    waiting = window.setTimeout(refresh, Number(region.dataset.freshSeconds) * 1000);
  };
  // A page that was kept for when there is no connection says so at once, and looks whether there is one again.
  if (document.documentElement.hasAttribute("data-copy")) {
    tellTime();
    if (mark) mark.hidden = false;
    refresh();
  } else {
    waiting = window.setTimeout(refresh, Number(region.dataset.freshSeconds) * 1000);
  }
  document.addEventListener("visibilitychange", () => { if (!document.hidden) refresh(); });
}

/** The calendar changed in its place: go on where a new page would begin, unless what was pressed is still there. */
function goOn({ detail }) {
  const chosen = new URL(detail.pathInfo?.finalRequestPath || "", location.href).searchParams.has("day");
  const start = chosen ? "day-title" : document.activeElement === document.body ? "month" : null;
  if (start) document.getElementById(start)?.focus();
}

/** What was not answered needs no place in the address. */
function leaveOutEmpty({ detail }) {
  if (detail.verb === "get") [...detail.formData].forEach(([name, value]) => { if (value === "") detail.formData.delete(name); });
}

/** What was ticked while fresh choices were on their way stays ticked. */
function keepTicks({ detail }) {
  detail.fragment.querySelectorAll("input[type=checkbox]").forEach((fresh) => {
    const same = `input[name="${CSS.escape(fresh.name)}"][value="${CSS.escape(fresh.value)}"]`;
    const own = detail.target.querySelector(same);
    if (own) fresh.checked = own.checked;
  });
}

document.addEventListener("htmx:oobBeforeSwap", keepTicks);
document.addEventListener("htmx:configRequest", leaveOutEmpty);
document.addEventListener("htmx:beforeRequest", () => document.getElementById("calendar")?.setAttribute("aria-busy", "true"));
document.addEventListener("htmx:afterRequest", () => document.getElementById("calendar")?.removeAttribute("aria-busy"));
document.addEventListener("htmx:afterSettle", goOn);
document.querySelectorAll("[data-seconds-left]").forEach(countDown);
document.querySelectorAll("[data-found]").forEach(searchWhileTyping);
document.querySelectorAll("[data-fresh-seconds]").forEach(keepFresh);
if (window.matchMedia("(max-width: 46rem)").matches) {
  document.querySelectorAll("[data-folds-on-phones]").forEach((fold) => { fold.open = false; });
}
document.querySelectorAll("[data-print]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
});
// A scanner types where the cursor is: what was typed before is replaced, not lengthened.
document.querySelector("input[autofocus]")?.select();
document.querySelector("[data-focus]")?.focus();
