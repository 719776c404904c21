// Where every sign-out ends: no day is left in this browser, whichever language its copy was made in.
// What waits to be sent stays: it names nobody.

if ("caches" in window) {
  const kept = await caches.keys();
  await Promise.all(kept.filter((name) => name.startsWith("guichet-agenda")).map((name) => caches.delete(name)));
}
