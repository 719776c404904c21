// The agenda without a connection: what was marked stands on its line until it is sent. Every page works without this.

const day = document.getElementById("day");
const words = document.getElementById("unsent");
const all = document.getElementById("unsent-all");
const by = day.dataset.by;
const workers = navigator.serviceWorker;
/** What can still be said of a visit after something that waits to be sent. */
const AFTER = { arrived: ["done"] };
let unsent = [];

/** Tell the worker to do something, and hear what waits to be sent afterwards. */
function tell(act, facts = {}) {
  return new Promise((heard) => {
    if (!workers?.controller) return heard([]);
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => heard(data);
    return workers.controller.postMessage({ act, by, ...facts }, [port2]);
  });
}

/** Whether this page came through the worker of today, which has then kept it: a worker may begin between the two. */
function isKept() {
  const [visit] = performance.getEntriesByType("navigation");
  return visit?.workerStart > 0 && workers.controller?.scriptURL.endsWith(words.dataset.worker);
}

const isAlone = () => document.documentElement.hasAttribute("data-copy");
const kindOf = (button) => button.value.split(":")[0];

/** Show on each line what waits, and leave only what can be said now. */
function show(found) {
  unsent = found;
  day.querySelectorAll(".unsent").forEach((line) => line.remove());
  const last = new Map(unsent.map((one) => [one.visit, one.mark]));
  day.querySelectorAll(".day-list__marks").forEach((cell) => {
    const visit = Number(cell.closest("tr").id.replace("visit-", ""));
    const mark = last.get(visit);
    const open = mark ? AFTER[mark] || [] : null;
    cell.querySelectorAll("button.mark").forEach((button) => {
      button.hidden = open ? !open.includes(kindOf(button)) : isAlone() && kindOf(button) === "back";
    });
    if (mark) cell.prepend(lineOf(visit, mark));
  });
  const number = last.size;
  all.hidden = number === 0;
  all.textContent = number > 1 ? all.dataset.many.replace("{}", String(number)) : number ? all.dataset.one : "";
}

function lineOf(visit, mark) {
  const line = words.content.cloneNode(true);
  line.querySelector(".unsent__words").textContent = words.getAttribute(`data-${mark}`);
  const button = line.querySelector("button");
  button.setAttribute("aria-describedby", `of-${visit}`);
  button.addEventListener("click", async () => {
    show(await tell("takeBack", { visit }));
    document.getElementById(`of-${visit}`)?.focus();
  });
  return line;
}

/** Send what waits; then the page is what is true now. */
async function send() {
  const before = unsent.length;
  const left = await tell("send");
  if (left.length < before) location.reload();
}

async function start() {
  if (!workers) return;
  const kept = isKept();
  await workers.register(words.dataset.worker);
  const { active } = await workers.ready;
  if (!kept && !isAlone()) active.postMessage({ act: "keep", address: location.href });
  show(await tell("unsent"));
  if (unsent.length && !isAlone()) send();
}

document.addEventListener("guichet:fresh", async ({ detail }) => {
  if (detail) tell("renew", { address: location.href, part: detail });
  show(unsent);
  if (unsent.length) send();
});

window.addEventListener("online", () => { if (unsent.length) send(); });

// Without a secure connection there is no worker: then all is as it is without this.
start().catch(() => {});
