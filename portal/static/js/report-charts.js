/* report-charts.js: draws the charts of the report pages from their data attributes.
   The same figures stand in the table below each; without this script there is the table alone. */
(function () {
  'use strict';
  if (!window.echarts) return;
  const root = getComputedStyle(document.documentElement);
  const token = name => root.getPropertyValue(name).trim();
  const font = getComputedStyle(document.body).fontFamily;
  const dash = { symbol: 'rect', symbolSize: 1, dashArrayX: [1, 0], dashArrayY: [3, 4], rotation: -Math.PI / 4, color: 'rgba(255,255,255,.55)' };
  const cross = { symbol: 'rect', symbolSize: 0.8, dashArrayX: [2, 3], dashArrayY: [2, 3], color: 'rgba(255,255,255,.5)' };
  /* Colour and pattern: each series can be told without its colour. */
  const LOOKS = {
    early: { color: token('--green-solid') },
    on_time: { color: token('--brand') },
    late: { color: token('--amber-solid'), decal: dash },
    overdue: { color: token('--red'), decal: cross }
  };
  const LINES = {
    rate: { color: token('--brand'), symbol: 'circle', type: 'solid' },
    completion: { color: token('--amber'), symbol: 'triangle', type: 'dashed' }
  };
  const text = { fontFamily: font, color: token('--ink-2') };
  const common = data => ({
    animation: false,
    textStyle: { fontFamily: font },
    tooltip: { trigger: 'axis', renderMode: 'richText', confine: true },
    legend: { top: 0, textStyle: text, data: data.series.map(s => s.name) },
    grid: { left: 8, right: 16, top: 40, bottom: 8, containLabel: true }
  });
  const short = name => (name.length > 10 ? name.slice(0, 9) + '…' : name);
  const names = data => ({ type: 'category', data: data.names, axisLabel: Object.assign({ formatter: short, hideOverlap: true, rotate: data.names.length > 8 ? 30 : 0 }, text), axisTick: { show: false } });
  const value = more => Object.assign({ type: 'value', axisLabel: text, splitLine: { lineStyle: { color: token('--hair') } } }, more);
  const MAKERS = {
    bars: data => Object.assign(common(data), {
      xAxis: names(data),
      yAxis: value({ minInterval: 1 }),
      series: data.series.map(s => ({ name: s.name, type: 'bar', stack: 'all', barMaxWidth: 44, data: s.values, itemStyle: LOOKS[s.key] }))
    }),
    curves: data => Object.assign(common(data), {
      xAxis: names(data),
      yAxis: value({ min: 0, max: 100, axisLabel: Object.assign({ formatter: '{value}%' }, text) }),
      series: data.series.map(s => ({
        name: s.name, type: 'line', data: s.values, connectNulls: false, symbol: LINES[s.key].symbol, symbolSize: 8,
        lineStyle: { color: LINES[s.key].color, type: LINES[s.key].type, width: 2 }, itemStyle: { color: LINES[s.key].color }
      }))
    })
  };
  const made = [];
  document.querySelectorAll('[data-chart]').forEach(el => {
    const data = JSON.parse(el.dataset.chart);
    if (!data.names.length) return;
    el.hidden = false;
    const chart = window.echarts.init(el);
    chart.setOption(MAKERS[data.kind](data));
    made.push(chart);
  });
  const fit = () => made.forEach(chart => chart.resize());
  window.addEventListener('resize', fit);
  window.addEventListener('beforeprint', fit);
  window.addEventListener('afterprint', fit);
})();
