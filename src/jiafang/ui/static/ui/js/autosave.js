// @ts-check
/** A form that saves itself; when the server cannot be reached it keeps the text on this machine and tries again. */
import { draftOf, dropDraft, keepDraft } from "./drafts.js";
import { clockTime, csrfToken } from "./page.js";

const PAUSE = 1200;
const AGAIN = 15000;

/**
 * `<autosave-form src method revision key>` around a form. Sends `{"revision", "answers"}` as JSON and expects
 * `{"revision"}` back. Fires `saved`, and `conflict` (detail: the server's answer) on 409; then it waits for a person.
 * The words of its state go into a `.saved-note` inside it.
 */
export class AutosaveForm extends HTMLElement {
  connectedCallback() {
    this.revision = Number(this.getAttribute("revision") ?? 0);
    this.sent = JSON.stringify(this.answers());
    this.stopped = false;
    this.busy = false;
    this.timer = 0;
    this.addEventListener("input", () => this.later(PAUSE));
    this.addEventListener("change", () => this.later(PAUSE));
    this.onLeave = () => this.dirty() && keepDraft(this.key(), this.answers(), this.revision);
    this.onOnline = () => this.dirty() && this.save();
    window.addEventListener("pagehide", this.onLeave);
    window.addEventListener("online", this.onOnline);
    this.restore();
  }

  disconnectedCallback() {
    clearTimeout(this.timer);
    if (this.onLeave) {
      this.onLeave();
      window.removeEventListener("pagehide", this.onLeave);
    }
    if (this.onOnline) window.removeEventListener("online", this.onOnline);
  }

  key() {
    return this.getAttribute("key") ?? this.getAttribute("src") ?? "";
  }

  form() {
    return /** @type {HTMLFormElement} */ (this.querySelector("form"));
  }

  /** Everything filled in: a name that stands more than once gives a list. */
  answers() {
    /** @type {Record<string, any>} */
    const found = {};
    for (const [name, value] of new FormData(this.form())) {
      if (name === "csrfmiddlewaretoken" || typeof value !== "string") continue;
      const many = this.form().querySelectorAll(`[name="${CSS.escape(name)}"]:not([type=radio])`).length > 1;
      if (many) (found[name] ??= []).push(value);
      else found[name] = value;
    }
    return found;
  }

  dirty() {
    return JSON.stringify(this.answers()) !== this.sent;
  }

  /**
   * What is sent; a room with a protocol of its own overrides it.
   * @param {Record<string, any>} answers
   * @returns {Record<string, any> | Promise<Record<string, any>>}
   */
  body(answers) {
    return { revision: this.revision, answers };
  }

  /** Fill in what this machine kept, unless the server holds the same. */
  restore() {
    const draft = draftOf(this.key());
    if (!draft || JSON.stringify(draft.answers) === this.sent) return dropDraft(this.key());
    for (const [name, value] of Object.entries(draft.answers)) {
      for (const field of this.form().querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
        const values = Array.isArray(value) ? value : [value];
        if (field instanceof HTMLInputElement && ["checkbox", "radio"].includes(field.type)) {
          field.checked = values.includes(field.value);
        } else if (field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement || field instanceof HTMLSelectElement) {
          field.value = String(values[0] ?? "");
        }
      }
    }
    // What was kept stands on the revision it was written on: had somebody saved since, the server keeps both.
    this.revision = draft.revision ?? this.revision;
    this.say("kept", "已找回上次没存上的内容");
    this.later(PAUSE);
  }

  /** @param {number} pause */
  later(pause) {
    if (this.stopped) return;
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.save(), pause);
  }

  async save() {
    if (this.stopped || this.busy || !this.dirty()) return;
    const answers = this.answers();
    this.busy = true;
    this.say("saving", "正在保存…");
    try {
      const response = await fetch(this.getAttribute("src") ?? "", {
        method: this.getAttribute("method") ?? "PUT",
        headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": csrfToken() },
        body: JSON.stringify(await this.body(answers)),
        redirect: "manual",
      });
      if (response.ok) await this.acknowledge(await response.json(), answers);
      else await this.refused(response, answers);
    } catch {
      this.keep(answers, "网络不通，已存在这台设备上，连上后自动保存");
      this.later(AGAIN);
    } finally {
      this.busy = false;
    }
    if (this.dirty()) this.later(PAUSE);
  }

  /**
   * @param {{revision?: number}} answer
   * @param {Record<string, any>} answers
   */
  async acknowledge(answer, answers) {
    this.sent = JSON.stringify(answers);
    this.revision = answer.revision ?? this.revision;
    dropDraft(this.key());
    this.say("saved", `已保存 ${clockTime()}`);
    this.dispatchEvent(new CustomEvent("saved", { detail: answer, bubbles: true }));
  }

  /**
   * @param {Response} response
   * @param {Record<string, any>} answers
   */
  async refused(response, answers) {
    if (response.type === "opaqueredirect" || response.status === 401 || response.status === 403) {
      this.keep(answers, "登录已过期，内容存在这台设备上，重新登录后会自动找回");
      this.stopped = true;
      return;
    }
    const answer = await response.json().catch(() => ({}));
    if (response.status === 409) {
      this.stopped = true;
      this.keep(answers, answer.message ?? "别处也改过这份内容，请先核对");
      this.say("conflict", answer.message ?? "别处也改过这份内容，请先核对");
      this.dispatchEvent(new CustomEvent("conflict", { detail: answer, bubbles: true }));
      return;
    }
    this.keep(answers, answer.message ?? "暂时没存上，内容在这台设备上，稍后再试");
    if (response.status >= 500) this.later(AGAIN);
    else this.sent = JSON.stringify(answers); // refused as it stands: wait for the next change
  }

  /**
   * @param {Record<string, any>} answers
   * @param {string} text
   */
  keep(answers, text) {
    keepDraft(this.key(), answers, this.revision);
    this.say("kept", text);
  }

  /**
   * @param {string} state
   * @param {string} text
   */
  say(state, text) {
    const note = this.querySelector(".saved-note");
    if (!note) return;
    note.setAttribute("data-state", state);
    note.textContent = text;
  }
}

customElements.define("autosave-form", AutosaveForm);
