// @ts-check
/** Draws a chart from the JSON within it; the table beneath says the same. The vocabulary stands in docs/frontend.md. */
import { dataOf, loadLibrary, token } from "./page.js";

/**
 * @typedef {{name: string, values: (number | string | null)[], of?: (number | null)[]}} Series
 * @typedef {{kind: "bars" | "stack" | "line" | "calendar" | "gantt" | "multiples", title?: string, unit?: string,
 *   names: string[], series: Series[], target?: number, target_label?: string, max?: number,
 *   hrefs?: Record<string, string>}} Spec
 */

const DAY = 24 * 3600 * 1000;

class ChartView extends HTMLElement {
  async connectedCallback() {
    this.spec = /** @type {Spec} */ (dataOf(this));
    await loadLibrary(this.getAttribute("library") ?? "");
    if (!this.isConnected || !this.spec?.names?.length) return;
    this.style.height = `${heightOf(this.spec)}px`;
    this.chart = window.echarts.init(this, null, { renderer: "canvas" });
    this.draw(false);
    this.chart.on("click", (/** @type {{dataIndex: number}} */ point) => {
      const href = this.spec?.hrefs?.[String(point.dataIndex)];
      if (href) window.location.assign(href);
    });
    this.resizing = new ResizeObserver(() => this.chart.resize());
    this.resizing.observe(this);
    this.onPrint = () => this.draw(true);
    this.onPrinted = () => this.draw(false);
    window.addEventListener("beforeprint", this.onPrint);
    window.addEventListener("afterprint", this.onPrinted);
  }

  disconnectedCallback() {
    this.resizing?.disconnect();
    this.chart?.dispose();
    if (this.onPrint) window.removeEventListener("beforeprint", this.onPrint);
    if (this.onPrinted) window.removeEventListener("afterprint", this.onPrinted);
  }

  /** @param {boolean} paper whether it goes on paper, where patterns stand for colours */
  draw(paper) {
    if (!this.spec) return;
    const aria = { enabled: true, decal: { show: paper && this.spec.series.length > 1 } };
    const option = { ...common(this.spec), ...KINDS[this.spec.kind](this.spec), aria };
    this.chart.setOption(option, { notMerge: true });
  }
}

/** @param {Spec} spec */
function heightOf(spec) {
  if (spec.kind === "bars" || spec.kind === "stack") return 70 + spec.names.length * (spec.kind === "stack" ? 32 : 14 + 20 * spec.series.length);
  if (spec.kind === "gantt") return 80 + spec.names.length * 34;
  if (spec.kind === "calendar") return 200;
  if (spec.kind === "multiples") return Math.ceil(spec.series.length / 3) * 150 + 20;
  return 300;
}

/** @param {Spec} spec */
function common(spec) {
  const ink = token("--ink");
  return /** @type {Record<string, any>} */ ({
    animation: false,
    color: [1, 2, 3, 4, 5, 6].map((n) => token(`--chart-${n}`)),
    textStyle: { fontFamily: token("--family"), fontSize: 13, color: ink },
    grid: { left: 8, right: 56, top: spec.series.length > 1 ? 40 : 12, bottom: 8, containLabel: true },
    legend: spec.series.length > 1 ? { top: 0, left: 0, icon: "roundRect", textStyle: { color: ink } } : undefined,
    tooltip: {
      renderMode: "richText",
      confine: true,
      backgroundColor: token("--raised"),
      borderColor: token("--line"),
      textStyle: { color: ink },
    },
  });
}

const axisLook = () => ({
  axisLabel: { color: token("--quiet") },
  axisLine: { lineStyle: { color: token("--line-strong") } },
  axisTick: { show: false },
  splitLine: { lineStyle: { color: token("--line") } },
});

/** The end of the scale: as asked; whole for percent; else left to the library. @param {Spec} spec */
function topOf(spec) {
  return spec.max ?? (spec.unit === "%" ? 100 : undefined);
}

/** @param {Spec} spec */
function targetLine(spec, along = "xAxis") {
  if (spec.target === undefined) return undefined;
  return {
    silent: true,
    symbol: "none",
    lineStyle: { color: token("--accent"), type: "dashed", width: 1.5 },
    label: { formatter: `${spec.target_label ?? "目标"} ${spec.target}${spec.unit ?? ""}`, color: token("--accent-ink"), position: along === "xAxis" ? "start" : "end" },
    data: [{ [along]: spec.target }],
  };
}

/** Bars lie on their side, so that names of schools can be read. First name on top. @param {Spec} spec */
function bars(spec, stack = "") {
  return {
    grid: { left: 8, right: 56, top: spec.series.length > 1 || spec.target !== undefined ? 40 : 12, bottom: 8, containLabel: true },
    tooltip: { ...common(spec).tooltip, trigger: "axis", axisPointer: { type: "shadow" } },
    xAxis: { type: "value", max: topOf(spec), ...axisLook() },
    yAxis: { type: "category", inverse: true, data: spec.names, ...axisLook(), splitLine: { show: false } },
    series: spec.series.map((one, n) => ({
      name: one.name,
      type: "bar",
      stack: stack || undefined,
      barMaxWidth: 18,
      itemStyle: { borderRadius: stack ? 0 : [0, 4, 4, 0] },
      label: stack
        ? undefined
        : {
            show: true,
            position: "right",
            color: token("--ink"),
            formatter: (/** @type {{value: number, dataIndex: number}} */ point) =>
              `${point.value}${spec.unit ?? ""}${one.of?.[point.dataIndex] ? ` / ${one.of[point.dataIndex]}` : ""}`,
          },
      data: one.values,
      markLine: n === 0 ? targetLine(spec) : undefined,
    })),
  };
}

/** @param {Spec} spec */
function line(spec) {
  return {
    grid: { left: 8, right: 64, top: 40, bottom: 8, containLabel: true },
    tooltip: { ...common(spec).tooltip, trigger: "axis" },
    xAxis: { type: "category", data: spec.names, boundaryGap: false, ...axisLook(), splitLine: { show: false } },
    yAxis: { type: "value", max: topOf(spec), minInterval: 1, ...axisLook() },
    series: spec.series.map((one, n) => ({
      name: one.name,
      type: "line",
      symbolSize: 6,
      lineStyle: { width: 2.5, type: n ? "dashed" : "solid" },
      areaStyle: n ? undefined : { opacity: 0.08 },
      data: one.values,
      markLine: n === 0 ? targetLine(spec, "yAxis") : undefined,
    })),
  };
}

/** A heat calendar: names are ISO days. @param {Spec} spec */
function calendar(spec) {
  const values = spec.series[0].values.map((value) => Number(value ?? 0));
  return {
    tooltip: { ...common(spec).tooltip },
    visualMap: {
      min: 0,
      max: Math.max(1, ...values),
      show: false,
      inRange: { color: [token("--primary-soft"), token("--primary")] },
    },
    calendar: {
      range: [spec.names[0], spec.names[spec.names.length - 1]],
      left: 36,
      right: 8,
      top: 28,
      bottom: 8,
      cellSize: ["auto", 20],
      splitLine: { lineStyle: { color: token("--line-strong") } },
      itemStyle: { color: token("--sunk"), borderColor: token("--card"), borderWidth: 2 },
      dayLabel: { firstDay: 1, nameMap: "ZH", color: token("--quiet") },
      monthLabel: { nameMap: "ZH", color: token("--quiet") },
      yearLabel: { show: false },
    },
    series: [{ type: "heatmap", coordinateSystem: "calendar", data: spec.names.map((day, n) => [day, values[n]]) }],
  };
}

/** Names are tasks; the first series holds first days, the second last days (ISO). @param {Spec} spec */
function gantt(spec) {
  const [first, last] = spec.series;
  const begins = first.values.map((day) => Date.parse(String(day)));
  return {
    legend: undefined,
    grid: { left: 8, right: 16, top: 8, bottom: 8, containLabel: true },
    tooltip: {
      ...common(spec).tooltip,
      formatter: (/** @type {{dataIndex: number}} */ point) =>
        `${spec.names[point.dataIndex]}\n${first.values[point.dataIndex]} – ${last.values[point.dataIndex]}`,
    },
    xAxis: {
      type: "time",
      min: Math.min(...begins),
      splitNumber: 6,
      ...axisLook(),
      axisLabel: { color: token("--quiet"), hideOverlap: true, formatter: { year: "{yyyy}年", month: "{M}月", day: "{M}/{d}" } },
    },
    yAxis: { type: "category", inverse: true, data: spec.names, ...axisLook(), splitLine: { show: true, lineStyle: { color: token("--line") } } },
    series: [
      {
        type: "custom",
        itemStyle: { color: token("--chart-1") },
        encode: { x: [1, 2], y: 0 },
        data: begins.map((from, n) => [n, from, Date.parse(String(last.values[n])) + DAY]),
        renderItem: (/** @type {any} */ _params, /** @type {any} */ api) => {
          const [x, y] = api.coord([api.value(1), api.value(0)]);
          const [end] = api.coord([api.value(2), api.value(0)]);
          return { type: "rect", shape: { x, y: y - 8, width: Math.max(4, end - x), height: 16, r: 4 }, style: { fill: api.visual("color") } };
        },
      },
    ],
  };
}

/** One small chart for each series, all on the same scale. @param {Spec} spec */
function multiples(spec) {
  const across = 3;
  const down = Math.ceil(spec.series.length / across);
  const top = Math.max(1, ...spec.series.flatMap((one) => one.values.map((value) => Number(value ?? 0))));
  const place = (/** @type {number} */ n) => ({
    left: `${(n % across) * 33 + 2}%`,
    width: "27%",
    top: `${(Math.floor(n / across) / down) * 100 + 22 / down}%`,
    height: `${58 / down}%`,
  });
  return {
    legend: undefined,
    title: spec.series.map((one, n) => ({ text: one.name, left: place(n).left, top: `${(Math.floor(n / across) / down) * 100}%`, textStyle: { fontSize: 13, fontWeight: 500, color: token("--ink") } })),
    grid: spec.series.map((_one, n) => place(n)),
    xAxis: spec.series.map((_one, n) => ({ type: "category", gridIndex: n, data: spec.names, ...axisLook(), axisLabel: { show: false } })),
    yAxis: spec.series.map((_one, n) => ({ type: "value", gridIndex: n, max: spec.max ?? top, splitNumber: 2, ...axisLook() })),
    series: spec.series.map((one, n) => ({ name: one.name, type: "bar", xAxisIndex: n, yAxisIndex: n, data: one.values, itemStyle: { color: token("--chart-1") } })),
  };
}

const KINDS = { bars, line, calendar, gantt, multiples, stack: (/** @type {Spec} */ spec) => bars(spec, "all") };

customElements.define("chart-view", ChartView);
