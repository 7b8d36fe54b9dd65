// A form that is stored once: its number is made when save is pressed, and a second press sends the same number.
"use strict";
for (const form of document.querySelectorAll("form[data-once]")) {
  let named = false;
  form.addEventListener("submit", () => {
    if (!named && globalThis.crypto?.randomUUID) {
      form.elements.client_uid.value = crypto.randomUUID();
      named = true;
    }
    if (form.elements.device_at) form.elements.device_at.value = new Date().toISOString();
  });
  // Back from the next page, in a browser that kept this one: whatever is saved now is another command.
  addEventListener("pageshow", (event) => { if (event.persisted) named = false; });
}
