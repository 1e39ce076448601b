// What the files in static/vendor put on `window`, for the type check of our own JavaScript.
import type * as echartsModule from "echarts";
import type * as leafletModule from "leaflet";
import type SignaturePadClass from "signature_pad";

declare global {
  const echarts: typeof echartsModule;
  const L: typeof leafletModule;
  const SignaturePad: typeof SignaturePadClass;
  const EventCalendar: {
    create(target: Element, options: object): any;
    destroy(calendar: any): Promise<void>;
  };
  const bootstrap: any;
  const htmx: any;

  interface Window {
    echarts: typeof echartsModule;
    L: typeof leafletModule;
    htmx: any;
    bootstrap: any;
  }
}

export {};
