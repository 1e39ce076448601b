// @ts-check
/**
 * Asks before what cannot be undone: `data-confirm="…"` on a form or its button (or htmx's `hx-confirm`), and
 * `data-confirm-word="撤销导入"` when the word must be typed.
 */

/**
 * @param {string} question
 * @param {string} [word]
 * @returns {Promise<boolean>}
 */
export function ask(question, word = "") {
  const dialog = document.createElement("dialog");
  dialog.className = "ask";
  const form = document.createElement("form");
  form.method = "dialog";
  const text = document.createElement("p");
  text.textContent = question;
  text.id = "ask-text";
  dialog.setAttribute("aria-labelledby", "ask-text");
  form.append(text);
  const yes = document.createElement("button");
  yes.className = "btn btn-danger";
  yes.value = "yes";
  yes.textContent = word || "确定";
  if (word) {
    const label = document.createElement("label");
    label.className = "field-label";
    label.textContent = `这一步不能撤销。请输入“${word}”：`;
    const input = document.createElement("input");
    input.className = "form-control";
    input.autocomplete = "off";
    input.addEventListener("input", () => (yes.disabled = input.value.trim() !== word));
    yes.disabled = true;
    label.append(input);
    form.append(label);
  }
  const foot = document.createElement("div");
  foot.className = "ask-foot";
  const no = document.createElement("button");
  no.className = "btn";
  no.type = "button";
  no.textContent = "先不";
  no.addEventListener("click", () => dialog.close());
  foot.append(no, yes);
  form.append(foot);
  dialog.append(form);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
  });
}

/** Puts the question in front of every form and htmx request that asks for one. */
export function guardForms() {
  /** @type {WeakSet<HTMLFormElement>} */
  const answered = new WeakSet();
  document.addEventListener(
    "submit",
    async (event) => {
      const form = /** @type {HTMLFormElement} */ (event.target);
      const button = /** @type {HTMLElement | null} */ (event.submitter);
      const asking = [button, form].find((element) => element?.hasAttribute("data-confirm"));
      if (!asking || answered.delete(form)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (await ask(asking.getAttribute("data-confirm") ?? "", asking.getAttribute("data-confirm-word") ?? "")) {
        answered.add(form);
        form.requestSubmit(button);
      }
    },
    true,
  );
  document.body.addEventListener("htmx:confirm", async (event) => {
    const { question, issueRequest, elt } = /** @type {CustomEvent} */ (event).detail;
    if (!question) return;
    event.preventDefault();
    if (await ask(question, elt.getAttribute("data-confirm-word") ?? "")) issueRequest(true);
  });
}
