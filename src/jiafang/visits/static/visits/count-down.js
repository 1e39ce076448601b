// @ts-check
/** “还有 5 小时到期”, kept true while the page stands open. Counts from the server's figure, never from the phone's clock. */

/** @param {number} seconds */
function amount(seconds) {
  if (seconds < 3600) return `${Math.floor(seconds / 60)} 分钟`;
  if (seconds < 72 * 3600) return `${Math.floor(seconds / 3600)} 小时`;
  return `${Math.floor(seconds / 86400)} 天`;
}

class CountDown extends HTMLElement {
  connectedCallback() {
    this.began = performance.now();
    this.timer = window.setInterval(() => this.show(), 20000);
  }

  disconnectedCallback() {
    clearInterval(this.timer);
  }

  show() {
    const left = Number(this.getAttribute("seconds")) - (performance.now() - this.began) / 1000;
    this.textContent = left >= 0 ? `还有 ${amount(left)}到期` : `已超过 ${amount(-left)}`;
  }
}

customElements.define("count-down", CountDown);
