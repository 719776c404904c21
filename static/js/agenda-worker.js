// Keeps today's agenda readable without a connection, and what is marked meanwhile until it can be sent.
// Nothing else is kept. It looks after the pages of agents alone: its address says how far it reaches.

const SCOPE = self.registration.scope;
const AGENDAS = "guichet-agenda";
const NAME = `${AGENDAS} ${self.location.pathname}`;
const PATIENCE_MS = 10_000;
/** What a proxy or we ourselves answer when nothing can be read: as good as no connection. */
const AWAY = new Set([502, 503, 504]);
const UNTIL = "X-Kept-Until";
const OPENS = '<section class="day"';
const CAN_WAIT = new Set(["arrived", "done", "did_not_come"]);

// The agenda

const pathOf = (address) => new URL(address, SCOPE).pathname;
const isAgenda = (address) => pathOf(address) === pathOf(SCOPE);
const withoutPlace = (address) => address.split("#")[0];
/** Looked up without opening, which would make anew what was forgotten. */
const keptAt = (address) => caches.match(address, { cacheName: NAME, ignoreVary: true });

/** For so many seconds this page may be kept; only today's says it. */
const secondsOf = (html) => Number(html.match(/data-keep-seconds="(\d+)"/)?.[1] || 0);

/** Copies do not always come back in the order in which they were asked for: of two, the one asked for later is kept. */
let asked = 0;
let whole = 0;
const newest = new Map();
const inTurn = () => { asked += 1; return asked; };

async function put(cache, address, html, headers, turn) {
  if (turn < (newest.get(withoutPlace(address)) || 0)) return;
  newest.set(withoutPlace(address), turn);
  const kept = new Headers(headers);
  ["Content-Encoding", "Content-Length"].forEach((name) => kept.delete(name));
  kept.set(UNTIL, String(Date.now() + secondsOf(html) * 1000));
  await cache.put(withoutPlace(address), new Response(html, { headers: kept }));
}

/** Keep a page of today, once all it is made of is there, in place of another view; the whole list is kept beside it. */
async function keep(address, answer, turn) {
  const begun = departures;
  const html = await answer.text();
  if (!secondsOf(html) || begun !== departures) return;
  const cache = await caches.open(NAME);
  const wanted = await keepParts(cache, html);
  if (begun !== departures || turn < whole) return;
  whole = turn;
  await put(cache, address, html, answer.headers, turn);
  const pages = new Set([SCOPE, withoutPlace(address)]);
  for (const { url } of await cache.keys()) if (!pages.has(url) && !wanted.has(url)) await cache.delete(url);
  if (withoutPlace(address) !== SCOPE) await keepList(cache);
}

/** Its style sheets, scripts, icons and fonts: their addresses name their content. */
async function keepParts(cache, html) {
  const wanted = new Set();
  const fetched = async (address) => {
    const url = new URL(address, SCOPE).href;
    if (wanted.has(url)) return;
    wanted.add(url);
    const answer = (await cache.match(url, { ignoreVary: true })) || (await fetch(url));
    if (!answer.ok) return;
    await cache.put(url, answer.clone());
    if (url.endsWith(".css")) await every(await answer.text(), /url\("(\/static\/[^"]+)"\)/g);
  };
  const every = (text, named) => Promise.all([...text.matchAll(named)].map(([, address]) => fetched(address)));
  await every(html, /(?:href|src)="(\/(?:static|theme)\/[^"]+)"/g);
  return wanted;
}

async function keepList(cache) {
  const turn = inTurn();
  const answer = await fetch(SCOPE, { credentials: "same-origin" });
  if (answer.ok && !answer.redirected) await put(cache, SCOPE, await answer.text(), answer.headers, turn);
}

/** Where the section that begins at a place of a page ends; -1 when it does not. */
function endOf(html, from) {
  let depth = 0;
  for (const { 0: tag, index } of html.slice(from).matchAll(/<\/?section\b[^>]*>/g)) {
    depth += tag.startsWith("</") ? -1 : 1;
    if (depth === 0) return from + index + tag.length;
  }
  return -1;
}

/** The page asked what is new, and shows it now: so does the copy. */
async function renew(address, part) {
  const turn = inTurn();
  const begun = departures;
  const kept = await keptAt(withoutPlace(address));
  if (!kept || !secondsOf(part)) return;
  const html = await kept.text();
  const from = html.indexOf(OPENS);
  const to = from < 0 ? -1 : endOf(html, from);
  if (to < 0 || begun !== departures) return;
  const cache = await caches.open(NAME);
  if (begun !== departures) return;
  await put(cache, address, html.slice(0, from) + part + html.slice(to), kept.headers, turn);
}

/** What was kept of the address, or the way to what was kept; nothing once its time is over. */
async function copyOf(address) {
  const list = await keptAt(SCOPE);
  const kept = isAgenda(address) ? await keptAt(withoutPlace(address)) : null;
  const found = kept || list;
  if (!found) return null;
  if (Number(found.headers.get(UNTIL)) < Date.now()) {
    await forget();
    return null;
  }
  if (!kept) return Response.redirect(SCOPE, 302);
  return new Response((await kept.text()).replace("<html ", "<html data-copy "), { headers: kept.headers });
}

let departures = 0;

/** Nobody is signed in here any more: no agenda of any commune or language stays, nor what is on its way. */
async function forget() {
  departures += 1;
  for (const name of await caches.keys()) if (name.startsWith(AGENDAS)) await caches.delete(name);
}

// What is marked meanwhile: the visit, the mark and the moment, without a name

function inStore(mode, act) {
  return new Promise((done, failed) => {
    const opening = indexedDB.open("guichet-marks", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("marks", { keyPath: "id", autoIncrement: true });
    opening.onerror = () => failed(opening.error);
    opening.onsuccess = () => {
      const unit = opening.result.transaction("marks", mode);
      const asked = act(unit.objectStore("marks"));
      unit.oncomplete = () => { opening.result.close(); done(asked?.result); };
      unit.onabort = () => { opening.result.close(); failed(unit.error); };
    };
  });
}

const unsentOf = async (by) => (await inStore("readonly", (store) => store.getAll())).filter((one) => one.by === by);
const remove = (marks) => inStore("readwrite", (store) => { marks.forEach(({ id }) => store.delete(id)); });

/** A later mark of the same visit is made on what the earlier ones make of it. */
async function add({ mark, visit, version, by }) {
  const before = (await unsentOf(by)).filter((one) => one.visit === visit).length;
  await inStore("readwrite", (store) => store.add({ mark, visit, version: version + before, by, pressed: Date.now() }));
}

/** Send what waits, in its order, with a token of now. How long ago it was pressed is told, not at what time. */
async function send() {
  if (!(await inStore("readonly", (store) => store.count()))) return;
  const told = await fetch(`${SCOPE}late-marks/token`, { credentials: "same-origin" });
  if (told.status === 401) await forget();
  if (!told.ok) return;
  const { token, by } = await told.json();
  const marks = (await unsentOf(by)).slice(0, 100);
  if (!marks.length) return;
  const body = new URLSearchParams({ csrf_token: token });
  marks.forEach(({ mark, visit, version, pressed }) => {
    body.append("mark", `${mark}:${visit}:${version}`);
    body.append("ago", String(Math.max(0, Math.round((Date.now() - pressed) / 1000))));
  });
  const taken = await fetch(`${SCOPE}late-marks/sent`, { method: "POST", body, credentials: "same-origin" });
  if (taken.ok && !taken.redirected) await remove(marks);
}

let sending = Promise.resolve();
function sendInTurn() {
  sending = sending.then(send).catch(() => {});
  return sending;
}

// Requests

/** An answer, or a fault when it is not there in time. */
function inTime(asked) {
  const giveUp = new Promise((_, failed) => { setTimeout(() => failed(new Error("too slow")), PATIENCE_MS); });
  return Promise.race([asked, giveUp]);
}

async function visited(event) {
  const address = event.request.url;
  const turn = inTurn();
  const request = fetch(event.request);
  let answer;
  try {
    // Whoever wants another page has no copy to look at meanwhile, and waits as ever.
    answer = await (isAgenda(address) ? inTime(request) : request);
  } catch {
    request.catch(() => {});
  }
  if (!answer || AWAY.has(answer.status)) return (await copyOf(address)) || answer || request;
  const isElsewhere = isAgenda(address) && answer.type === "opaqueredirect";
  if (isElsewhere || (answer.ok && pathOf(address) === pathOf("sign-in"))) event.waitUntil(forget());
  else if (isAgenda(address) && answer.ok) event.waitUntil(keep(address, answer.clone(), turn).catch(() => {}));
  else event.waitUntil(sendInTurn());
  return answer;
}

async function signedOut(event) {
  await forget();
  return fetch(event.request);
}

/** A mark is sent as ever; without a connection it waits, and the agenda shows that it does. */
async function marked(event) {
  const copy = event.request.clone();
  let answer;
  try {
    answer = await inTime(fetch(event.request));
  } catch {
    // It may have arrived all the same: sent once more, it is given once.
  }
  if (answer && !AWAY.has(answer.status)) return answer;
  const form = await copy.formData();
  const [mark, visit, version] = String(form.get("mark")).split(":");
  if (!CAN_WAIT.has(mark)) return answer || Response.error();
  await add({ mark, visit: Number(visit), version: Number(version), by: form.get("by") });
  const back = new URL(form.get("back") || SCOPE, SCOPE).href;
  return Response.redirect(`${isAgenda(back) ? withoutPlace(back) : SCOPE}#visit-${Number(visit)}`, 303);
}

async function partOf(request) {
  return (await keptAt(request)) || fetch(request);
}

self.addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request;
  const path = pathOf(url);
  if (new URL(url).origin !== self.location.origin) return;
  if (mode === "navigate" && method === "GET") event.respondWith(visited(event));
  else if (mode === "navigate" && path === pathOf("visits/mark")) event.respondWith(marked(event));
  else if (mode === "navigate" && path === pathOf("sign-out")) event.respondWith(signedOut(event));
  else if (method === "GET" && /^\/(static|theme)\//.test(path)) event.respondWith(partOf(event.request));
});

// The pages ask and tell

const ACTS = {
  keep: async ({ address }) => {
    const turn = inTurn();
    const answer = await fetch(address, { credentials: "same-origin" });
    if (answer.ok && !answer.redirected) await keep(address, answer, turn);
  },
  renew: ({ address, part }) => renew(address, part),
  unsent: () => {},
  takeBack: async ({ by, visit }) => remove((await unsentOf(by)).filter((one) => one.visit === visit)),
  send: sendInTurn,
};

self.addEventListener("message", (event) => {
  const { act, by } = event.data;
  const acted = async () => {
    await ACTS[act](event.data);
    event.ports[0]?.postMessage(await unsentOf(by));
  };
  event.waitUntil(acted().catch(() => {}));
});

// Another version of this file has another address: it takes over at once, and what the one before kept goes.

self.addEventListener("install", (event) => event.waitUntil(self.skipWaiting()));
self.addEventListener("activate", (event) => {
  const older = (name) => name.startsWith(`${AGENDAS} ${pathOf(SCOPE)}`) && name !== NAME;
  const tidied = async () => {
    for (const name of await caches.keys()) if (older(name)) await caches.delete(name);
    await self.clients.claim();
  };
  event.waitUntil(tidied());
});
