// @ts-check
/** The record form: saves itself by the record protocol (client-made id, digest, base revision) and submits what is saved. */
import { AutosaveForm } from "../ui/js/autosave.js";
import { dropDraft } from "../ui/js/drafts.js";

const HIDDEN = ["record", "form", "base_revision", "act"];

/**
 * The SHA-256 of the answers as sorted JSON without empty ones; "" where the browser has no crypto (plain http).
 * @param {Record<string, any>} answers
 */
async function digestOf(answers) {
  if (!globalThis.crypto?.subtle) return "";
  const kept = Object.entries(answers).filter(([, value]) => value !== "" && value?.length !== 0);
  const text = JSON.stringify(Object.fromEntries(kept.sort(([a], [b]) => (a < b ? -1 : 1))));
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

class RecordForm extends AutosaveForm {
  connectedCallback() {
    super.connectedCallback();
    this.ready = false;
    // A form with faults may hold what the server could not take: try again with the next pause.
    if (this.hasAttribute("fresh")) this.later(0);
    this.addEventListener("saved", (event) => this.follow(/** @type {CustomEvent} */ (event).detail));
    this.addEventListener("conflict", (event) => this.meet(/** @type {CustomEvent} */ (event).detail));
    this.form().addEventListener("submit", (event) => this.handIn(event));
  }

  answers() {
    const found = super.answers();
    for (const name of HIDDEN) delete found[name];
    return found;
  }

  dirty() {
    return this.hasAttribute("fresh") || super.dirty();
  }

  /** @param {Record<string, any>} answers */
  async body(answers) {
    return {
      visit_student: this.getAttribute("visit-student"),
      form: this.getAttribute("form-id"),
      base_revision: this.revision,
      answers,
      digest: await digestOf(answers),
      client_time: new Date().toISOString(),
      submit: false,
    };
  }

  /**
   * The server's revision goes into the plain form too; another device may have begun the record under its own id.
   * @param {{revision: number, record: string}} answer
   */
  follow(answer) {
    this.removeAttribute("fresh");
    this.field("base_revision").value = String(answer.revision);
    this.field("record").value = answer.record;
    this.setAttribute("src", this.getAttribute("src").replace(/[0-9a-f-]{36}/, answer.record));
  }

  /**
   * The server has kept the text beside the record: this machine need not, and must not bring it back later.
   * @param {{outcome?: string, settle?: string}} answer
   */
  meet(answer) {
    const note = this.querySelector(".saved-note");
    if (answer.outcome) {
      dropDraft(this.key());
      this.sent = JSON.stringify(this.answers());
    }
    if (!answer.settle || !note) return;
    const link = document.createElement("a");
    link.className = "btn";
    link.href = answer.settle;
    link.textContent = "核对两份内容";
    note.append(" ", link);
  }

  /**
   * What is handed in was saved first: should the network fail now, the text stays here and nothing is half done.
   * @param {SubmitEvent} event
   */
  async handIn(event) {
    if (this.ready) return;
    event.preventDefault();
    const submitter = event.submitter;
    clearTimeout(this.timer);
    while (this.busy) await new Promise((done) => window.setTimeout(done, 100));
    await this.save();
    if (this.dirty() || this.stopped) return;
    this.ready = true;
    this.form().requestSubmit(submitter);
  }

  /** @param {string} name */
  field(name) {
    return /** @type {HTMLInputElement} */ (this.form().elements.namedItem(name));
  }
}

customElements.define("record-form", RecordForm);
