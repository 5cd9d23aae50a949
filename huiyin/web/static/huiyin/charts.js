// Draws the pictures of the analysis page from the numbers in it. The tables beside them say the same without this file.
(function () {
  "use strict";
  var FONT = '"Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", sans-serif';
  // One tone is one thing on every picture. Apart by lightness, by pattern and by the shape of its points, not by hue alone.
  var TONES = {
    given: { color: "#1650a0", symbol: "circle", decal: { symbol: "none" } },
    due: { color: "#8a5300", symbol: "triangle", dash: "dashed" },
    done: { color: "#1d6b3c", symbol: "rect", decal: { symbol: "none" } },
    near: { color: "#e0a63a", symbol: "diamond", decal: { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [2, 5], rotation: -0.7, color: "rgba(60,40,0,.55)" } },
    late: { color: "#b3202a", symbol: "pin", decal: { symbol: "circle", dashArrayX: [[6, 6], [0, 6, 6, 0]], dashArrayY: [6, 0], symbolSize: 0.7, color: "rgba(255,255,255,.75)" } },
    past: { color: "#a9b6c6", symbol: "rect", decal: { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [2, 4], rotation: 0.7, color: "rgba(40,55,75,.45)" } },
    year1: { color: "#dfe6ee" }, year2: { color: "#c3cfdd" }, year3: { color: "#a9b6c6" },
    year4: { color: "#9db9dc" }, year5: { color: "#6a97cf" }, year6: { color: "#1650a0" }
  };

  function points(chart, series) {
    return series.values.map(function (value, place) {
      return { value: value, link: series.links[place] };
    });
  }

  function drawn(chart, series, wide) {
    var tone = TONES[series.tone] || TONES.given;
    var plain = { symbol: "none" };
    var one = {
      name: series.name, type: series.line ? "line" : "bar", data: points(chart, series), stack: series.stack || undefined,
      itemStyle: { color: tone.color, decal: tone.decal || plain, borderColor: "#fff", borderWidth: series.stack ? 1 : 0 },
      barMaxWidth: 18, barMinHeight: 0, cursor: "pointer",
      label: {
        show: !series.line, position: series.stack ? "inside" : chart.flat ? "right" : "top", color: series.stack ? "#000" : "#1d2733",
        backgroundColor: series.stack ? "rgba(255,255,255,.85)" : undefined, padding: series.stack ? [0, 3] : 0, fontSize: 12,
        formatter: function (at) { return at.value === 0 || at.value === null || at.value === undefined ? "" : String(at.value); }
      },
      labelLayout: { hideOverlap: true }
    };
    if (series.line) {
      one.symbol = tone.symbol; one.symbolSize = 8; one.connectNulls = false; one.step = false;
      one.lineStyle = { width: 2.5, color: tone.color, type: tone.dash || "solid" };
      one.endLabel = { show: wide, formatter: "{a} {c}", color: tone.color, fontSize: 13 };
    }
    return one;
  }

  function option(chart, wide) {
    var names = { type: "category", data: chart.rows, axisTick: { show: false }, axisLabel: { color: "#1d2733", fontSize: 12, width: wide ? 150 : 92, overflow: "truncate", interval: chart.flat ? 0 : "auto" }, axisLine: { lineStyle: { color: "#8a97a8" } } };
    var sizes = { type: "value", minInterval: chart.unit === "件" ? 1 : undefined, max: chart.unit === "%" && !chart.flat ? 100 : undefined, axisLabel: { color: "#566171", formatter: chart.unit === "%" ? "{value}%" : "{value}" }, splitLine: { lineStyle: { color: "#e3e9f1" } }, name: chart.unit === "%" ? "" : chart.unit, nameTextStyle: { color: "#566171" } };
    if (chart.flat) { names.inverse = true; }
    return {
      animation: false, textStyle: { fontFamily: FONT }, aria: { enabled: true, label: { enabled: false }, decal: { show: true } },
      legend: { show: chart.series.length > 1, top: 0, left: chart.flat ? 0 : 40, itemWidth: 22, textStyle: { fontSize: 13, color: "#1d2733" } },
      grid: { top: chart.series.length > 1 ? 40 : 24, left: 4, right: chart.series.some(function (one) { return one.line; }) && wide ? 92 : 40, bottom: 4, containLabel: true },
      tooltip: { trigger: "axis", renderMode: "richText", axisPointer: { type: chart.series[0].line ? "line" : "shadow" }, valueFormatter: function (value) { return value === null || value === undefined ? "—" : value + " " + chart.unit; } },
      xAxis: chart.flat ? sizes : names, yAxis: chart.flat ? names : sizes,
      series: chart.series.map(function (series) { return drawn(chart, series, wide); })
    };
  }

  function draw(place) {
    var chart = JSON.parse(document.getElementById(place.dataset.chart).textContent);
    place.hidden = false;
    var picture = window.echarts.init(place, null, { renderer: "canvas", devicePixelRatio: Math.max(2, window.devicePixelRatio || 1) });
    var set = function () { picture.setOption(option(chart, place.clientWidth > 460), true); };
    set();
    picture.on("click", function (event) { if (event.data && event.data.link) { window.location.href = event.data.link; } });
    window.addEventListener("resize", function () { picture.resize(); set(); });
    window.addEventListener("beforeprint", function () { picture.resize(); });
  }

  if (window.echarts) {
    Array.prototype.forEach.call(document.querySelectorAll("[data-chart]"), draw);
  }
})();
