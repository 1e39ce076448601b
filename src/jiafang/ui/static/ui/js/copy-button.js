// @ts-check
/** `<copy-button text="…"><button class="btn">复制链接</button></copy-button>` */
class CopyButton extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", async () => {
      const button = this.querySelector("button");
      if (!button) return;
      const label = button.innerHTML;
      await this.copy(this.getAttribute("text") ?? "");
      button.textContent = "已复制";
      window.setTimeout(() => (button.innerHTML = label), 1600);
    });
  }

  /** The clipboard needs https; inside a school's plain network a hidden field does it.
   * @param {string} text
   */
  async copy(text) {
    if (navigator.clipboard) return navigator.clipboard.writeText(text);
    const field = document.createElement("textarea");
    field.value = text;
    field.className = "visually-hidden";
    this.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
  }
}

customElements.define("copy-button", CopyButton);
