// The calling screen: asks what is new, makes the latest call large for a while, rings, and says when it is alone.

const EVERY_MS = 3_000;
const PATIENCE_MS = 10_000;
const ALONE_AFTER_MS = 8_000;
const TONES = [{ hertz: 784, from: 0, to: 0.4 }, { hertz: 587, from: 0.4, to: 1.1 }];

const { hall: address, zone, largeMs, rings } = document.body.dataset;
const clock = document.querySelector("[data-clock]");
const lost = document.querySelector("[data-lost]");
const spoken = document.querySelector("[data-spoken]");
const button = document.querySelector("[data-sound]");
const wall = new Intl.DateTimeFormat("fr-BE", { timeZone: zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const large = new Map();
const known = new Set();
let tag = "";
let answered = performance.now();
let ahead = null;
let audio;

/** The server's clock, which a screen's own may be far from; in milliseconds. */
function now() {
  return ahead === null ? null : performance.now() + ahead;
}

function showTime() {
  if (now() !== null) clock.textContent = wall.format(now());
}

/** Two tones, high and low. Before somebody has allowed it, a browser is silent. */
function ring() {
  if (audio?.state !== "running") return;
  for (const { hertz, from, to } of TONES) {
    const tone = new OscillatorNode(audio, { frequency: hertz });
    const volume = new GainNode(audio, { gain: 0 });
    const start = audio.currentTime + from;
    volume.gain.setValueAtTime(0, start);
    volume.gain.linearRampToValueAtTime(0.5, start + 0.03);
    volume.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + to);
    tone.connect(volume).connect(audio.destination);
    tone.start(start);
    tone.stop(audio.currentTime + to);
  }
}

/** Calls that were not there before are large for a while, rung for and said; quiet ones are merely there. */
function announce(first) {
  const calls = [...document.querySelectorAll("[data-call]")];
  const fresh = calls.filter((call) => call.dataset.loud && !known.has(call.dataset.call));
  const until = performance.now() + Number(largeMs);
  for (const call of fresh) if (!first || call.classList.contains("call--large")) large.set(call.dataset.call, until);
  known.clear();
  calls.forEach((call) => known.add(call.dataset.call));
  showLarge();
  if (first || fresh.length === 0) return;
  window.setTimeout(showLarge, Number(largeMs) + 50);
  spoken.textContent = fresh.map((call) => call.dataset.loud).join(". ");
  ring();
}

function showLarge() {
  for (const call of document.querySelectorAll("[data-call]")) {
    call.classList.toggle("call--large", (large.get(call.dataset.call) ?? 0) > performance.now());
  }
  for (const [call, until] of large) if (until <= performance.now()) large.delete(call);
}

function draw(text) {
  const page = new DOMParser().parseFromString(text, "text/html").getElementById("hall");
  const here = document.getElementById("hall");
  if (page.dataset.made !== here.dataset.made) {
    location.reload();
    return;
  }
  here.replaceChildren(...page.childNodes);
  announce(false);
}

/** Of when what is on the screen is, as soon as two questions in a row had no answer. */
function showLoss() {
  const alone = performance.now() - answered > ALONE_AFTER_MS;
  if (alone && lost.hidden) {
    const since = ahead === null ? clock.textContent : wall.format(answered + ahead);
    lost.querySelectorAll("[data-since]").forEach((place) => { place.textContent = since; });
  }
  lost.hidden = !alone;
}

async function ask() {
  try {
    const headers = { "X-Fresh": "1", ...(tag && { "If-None-Match": tag }) };
    const answer = await fetch(address, { headers, credentials: "omit", cache: "no-store", signal: AbortSignal.timeout(PATIENCE_MS) });
    // The screen was taken out of use: the page itself says so.
    if (answer.status === 404) location.reload();
    if (answer.status !== 200 && answer.status !== 304) throw new Error(`${answer.status}`);
    answered = performance.now();
    ahead = Number(answer.headers.get("X-Now")) * 1000 - answered;
    if (answer.status === 200) {
      draw(await answer.text());
      tag = answer.headers.get("ETag");
    }
  } catch {
    // What is on the screen stays there.
  }
  showLoss();
  showTime();
  window.setTimeout(ask, EVERY_MS);
}

function offerSound() {
  audio = new AudioContext();
  button.hidden = audio.state === "running";
  audio.addEventListener("statechange", () => { button.hidden = audio.state === "running"; });
  button.addEventListener("click", async () => {
    await audio.resume();
    ring();
  });
}

announce(true);
window.setTimeout(showLarge, Number(largeMs));
if (rings !== undefined && "AudioContext" in window) offerSound();
window.setTimeout(ask, EVERY_MS);
