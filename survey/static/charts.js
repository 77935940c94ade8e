// Draws the figures that a page carries as JSON. Colours follow the page (light, dark), widths follow the screen.
/* global Plotly */
"use strict";

(() => {
  const NAMES = [
    "ink", "muted", "line", "ground", "paper", "accent", "rest",
    "play", "purpose", "potential", "emotional_pressure", "economic_pressure", "inertia",
  ];
  const NARROW = 520;
  const LOCALE = {
    moduleType: "locale",
    name: "ko",
    dictionary: {},
    format: {
      days: ["일요일", "월요일", "화요일", "수요일", "목요일", "금요일", "토요일"],
      shortDays: ["일", "월", "화", "수", "목", "금", "토"],
      months: ["1월", "2월", "3월", "4월", "5월", "6월", "7월", "8월", "9월", "10월", "11월", "12월"],
      shortMonths: ["1월", "2월", "3월", "4월", "5월", "6월", "7월", "8월", "9월", "10월", "11월", "12월"],
      date: "%Y-%m-%d",
    },
  };

  // Colours as figures are made with them, and the tokens whose colour they wear on this page.
  const root = getComputedStyle(document.documentElement);
  const TOKENS = new Map(NAMES.map((name) => [root.getPropertyValue(`--as-drawn-${name}`).trim(), `--${name}`]));

  // Returns a copy of the figure in the colours and the typeface of this page.
  const dressed = (value, style) => {
    if (Array.isArray(value)) return value.map((each) => dressed(each, style));
    if (value && typeof value === "object") {
      return Object.fromEntries(
        Object.entries(value).map(([key, each]) => [key, key === "family" ? style.fontFamily : dressed(each, style)]),
      );
    }
    const token = typeof value === "string" ? TOKENS.get(value.toLowerCase()) : undefined;
    return token ? style.getPropertyValue(token).trim() || value : value;
  };

  // Breaks a label into two lines near its middle, at a space.
  const broken = (label, most) => {
    if (typeof label !== "string" || label.length <= most || label.includes("<br>")) return label;
    const spaces = [...label.matchAll(/[ ·/]/g)].map((match) => match.index);
    if (!spaces.length) return label;
    const middle = label.length / 2;
    const at = spaces.reduce((best, each) => (Math.abs(each - middle) < Math.abs(best - middle) ? each : best));
    return `${label.slice(0, at + 1).trimEnd()}<br>${label.slice(at + 1)}`;
  };

  // Fits a figure of fixed size to the width there is.
  const fitted = (figure, width) => {
    const layout = figure.layout;
    const square = layout.width === layout.height;
    const wanted = square ? Math.min(width, 440) : width;
    const margin = { ...layout.margin };
    if (!square && wanted < NARROW && margin.l > 100) {
      margin.l = 112;
      const labels = layout.yaxis && layout.yaxis.ticktext;
      if (labels) {
        layout.yaxis.ticktext = labels.map((label) => broken(label, 9));
        layout.yaxis.tickfont = { ...layout.yaxis.tickfont, size: 11 };
        layout.height += labels.length * 8;
      }
    }
    return { ...layout, margin, width: wanted, height: square ? wanted : layout.height, autosize: false };
  };

  // What a chart is made of, and the room that it takes at the width there is.
  const asked = (chart) => {
    const plot = chart.querySelector(".plot");
    const source = JSON.parse(chart.querySelector("script[type='application/json']").textContent);
    const figure = dressed(source, getComputedStyle(document.documentElement));
    const width = Math.floor(plot.getBoundingClientRect().width) || chart.clientWidth;
    return { plot, figure, width, layout: fitted(figure, width) };
  };

  const draw = (chart) => {
    const { plot, figure, width, layout } = asked(chart);
    layout.paper_bgcolor = "rgba(0,0,0,0)";
    Plotly.react(plot, figure.data, layout, { displayModeBar: false, scrollZoom: false, locale: document.documentElement.lang });
    plot.dataset.width = String(width);
    plot.classList.remove("waiting");
    plot.style.minHeight = "";
  };

  const charts = [...document.querySelectorAll(".chart")];
  if (!charts.length) return;
  const open = (chart, opened) => {
    for (const details of chart.querySelectorAll("details")) details.open = opened;
  };
  // The room of every chart is kept before there is anything to draw with, so that nothing moves afterwards.
  for (const chart of charts) {
    open(chart, false);
    const { plot, layout } = asked(chart);
    plot.classList.add("waiting");
    plot.style.minHeight = `${layout.height}px`;
  }
  const start = () => {
    charts.forEach(draw);
    document.documentElement.dataset.charts = "drawn";
  };
  // Where the library did not come, the tables are there as without script.
  const instead = () => {
    for (const chart of charts) {
      open(chart, true);
      const plot = chart.querySelector(".plot");
      plot.classList.remove("waiting");
      plot.style.minHeight = "";
    }
  };
  let waiting = 0;
  const again = () => {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(() => {
      for (const chart of charts) {
        const plot = chart.querySelector(".plot");
        if (Math.floor(plot.getBoundingClientRect().width) !== Number(plot.dataset.width)) draw(chart);
      }
    }, 120);
  };
  // Runs once all deferred scripts have: the library stands after this one.
  document.addEventListener("DOMContentLoaded", () => {
    if (!window.Plotly) return instead();
    Plotly.register(LOCALE);
    (document.fonts ? document.fonts.ready : Promise.resolve()).then(start);
    window.addEventListener("resize", again);
    for (const query of ["(prefers-color-scheme: dark)", "print"]) window.matchMedia(query).addEventListener("change", start);
  });
})();
