// The kiosk in the hall: it goes back to its start, has keys to press and reads codes. Every page works without this.

const GRACE_MS = 20_000;
const LOOK_EVERY_MS = 250;

/** When nobody touches the screen it asks, and then goes back to the start: the next person sees nothing of the last. */
function goHomeWhenIdle(box) {
  const rest = Number(box.dataset.idleSeconds) * 1000;
  let waiting;
  const leave = () => location.replace(box.dataset.idle);
  const again = () => {
    window.clearTimeout(waiting);
    box.hidden = true;
    waiting = window.setTimeout(() => {
      box.hidden = false;
      box.querySelector("[data-stay]").focus();
      waiting = window.setTimeout(leave, GRACE_MS);
    }, rest);
  };
  for (const sign of ["pointerdown", "keydown", "scroll"]) document.addEventListener(sign, again, { passive: true });
  again();
}

/** Keys on the screen for a kiosk without a keyboard; the last one takes a letter back. */
function offerKeys(box) {
  const field = document.getElementById(box.dataset.keys);
  box.hidden = false;
  box.addEventListener("click", (event) => {
    const key = event.target.closest("button");
    if (key) field.value = key.value ? field.value + key.value : field.value.slice(0, -1);
  });
}

/** Read the code of a slip through the kiosk's own camera, where the browser can: what it says is typed and sent. */
function offerCamera(button) {
  if (!("BarcodeDetector" in window) || !navigator.mediaDevices) return;
  const field = document.getElementById(button.dataset.scan);
  const picture = document.querySelector("[data-camera]");
  const detector = new BarcodeDetector({ formats: ["qr_code"] });
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      picture.srcObject = await navigator.mediaDevices.getUserMedia({ video: true });
    } catch {
      // No camera, or nobody may use it: the field is still there.
      button.hidden = true;
      field.focus();
      return;
    }
    picture.hidden = false;
    await picture.play();
    const look = async () => {
      const [code] = await detector.detect(picture);
      if (!code) return window.setTimeout(look, LOOK_EVERY_MS);
      picture.srcObject.getTracks().forEach((track) => track.stop());
      field.value = code.rawValue;
      return field.form.requestSubmit();
    };
    look();
  });
}

document.querySelectorAll("[data-idle]").forEach(goHomeWhenIdle);
document.querySelectorAll("[data-keys]").forEach(offerKeys);
document.querySelectorAll("[data-scan]").forEach(offerCamera);
