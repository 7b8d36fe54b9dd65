// [data-keep="name"] on a form: what is typed stays in this tab until it was saved, also when the session ends meanwhile.
"use strict";
const KEPT = `kept:${document.body.dataset.user || ""}:`;
const SENT = "kept-and-sent";

function fieldsOf(form) {
  return [...form.elements].filter(
    (field) => field.name && field.name !== "csrf_token" && !["password", "file", "submit"].includes(field.type),
  );
}

function snapshot(form) {
  return fieldsOf(form).map((field) => [field.name, field.type, field.value, Boolean(field.checked)]);
}

function restore(form, kept) {
  for (const [index, [name, type, value, checked]] of kept.entries()) {
    const field = fieldsOf(form)[index];
    if (!field || field.name !== name || field.type !== type) continue;
    if (type === "checkbox" || type === "radio") field.checked = checked && field.value === value;
    else field.value = value;
  }
}

function tell(form, key) {
  const template = document.querySelector("template[data-kept]");
  if (!template) return;
  form.before(template.content.cloneNode(true));
  form.parentElement.querySelector("[data-discard]").addEventListener("click", () => {
    sessionStorage.removeItem(key);
    location.reload();
  });
}

// A page that says what was done, and is not a form with errors, is the proof that the sent text was stored.
if (document.querySelector(".notes") && !document.querySelector(".error-summary") && document.body.dataset.user) {
  const sent = sessionStorage.getItem(SENT);
  if (sent && sent.startsWith(KEPT)) sessionStorage.removeItem(sent);
  sessionStorage.removeItem(SENT);
}

for (const form of document.querySelectorAll("form[data-keep]")) {
  const key = KEPT + form.dataset.keep;
  const shown = JSON.stringify(snapshot(form));
  const kept = sessionStorage.getItem(key);
  if (kept && kept !== shown && !document.querySelector(".error-summary")) {
    restore(form, JSON.parse(kept));
    tell(form, key);
  }
  form.addEventListener("input", () => sessionStorage.setItem(key, JSON.stringify(snapshot(form))));
  form.addEventListener("submit", () => sessionStorage.setItem(SENT, key));
}
