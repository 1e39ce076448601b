// @ts-check
/** Two people on one section of the plan: both texts are shown, and a person says which stands. */

for (const form of document.querySelectorAll("autosave-form")) {
  const other = /** @type {HTMLElement | null} */ (form.querySelector(".plan-other"));
  const area = /** @type {HTMLTextAreaElement | null} */ (form.querySelector("textarea"));
  if (!other || !area) continue;
  /** @type {{text: string, revision: number}} */
  let theirs = { text: "", revision: 0 };

  form.addEventListener("conflict", (event) => {
    theirs = /** @type {CustomEvent} */ (event).detail;
    const quote = other.querySelector(".plan-other-text");
    if (quote) quote.textContent = theirs.text || "（对方把这一部分清空了）";
    other.hidden = false;
  });

  /** @param {string} text */
  const settle = (text) => {
    other.hidden = true;
    area.value = text;
    // From here on the writer stands on the other's revision, so that the next save is accepted.
    Object.assign(form, { revision: theirs.revision, stopped: false });
    area.dispatchEvent(new Event("input", { bubbles: true }));
    area.focus();
  };
  other.querySelector("[data-keep-mine]")?.addEventListener("click", () => settle(area.value));
  other.querySelector("[data-take-other]")?.addEventListener("click", () => settle(theirs.text));
}
