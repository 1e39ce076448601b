// @ts-check
/** Filters that act at once: a form with `data-auto` is sent when one of its fields changes. */
for (const form of document.querySelectorAll("form[data-auto]")) {
  if (form instanceof HTMLFormElement) form.addEventListener("change", () => form.requestSubmit());
}
