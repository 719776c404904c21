// The page of a ticket: the title and a voice tell what has changed, also to whoever looks elsewhere.

const region = document.getElementById("standing");
let told = region.querySelector("[data-say]")?.textContent;

document.addEventListener("guichet:fresh", () => {
  document.title = region.querySelector("[data-page-title]").textContent;
  const said = region.querySelector("[data-say]");
  if (!said || said.textContent === told) return;
  told = said.textContent;
  const atOnce = said.dataset.say === "at-once";
  document.querySelector(atOnce ? "[data-said-at-once]" : "[data-said]").textContent = told;
  if (atOnce && navigator.userActivation?.hasBeenActive) navigator.vibrate?.([400, 200, 400]);
});
