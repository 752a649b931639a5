/* Draws the page from the JSON in it. Text of documents and tokens only ever becomes a text node, or goes through escaped(). */
(() => {
  'use strict';

  const data = JSON.parse(document.getElementById('data').textContent);
  const RATIO = 'residual ratio |f| / |y| (no unit)';
  const LAYER = 'layer (0 is the first)';
  const THRESHOLDS = [0.01, 0.02, 0.05, 0.10, 0.20];
  const COMPONENTS = ['layer', 'token', 'position', 'document', 'rest'];
  const COMPONENT_NAMES = {token: 'token type'};

  // --- the data

  const tables = {};
  for (const [name, table] of Object.entries(data.tables)) {
    tables[name] = table.rows.map(row => Object.fromEntries(table.columns.map((column, i) => [column, row[i]])));
  }

  /** Rows of a table that have these values. */
  function rows(table, where) {
    const wanted = Object.entries(where);
    return (tables[table] || []).filter(row => wanted.every(([column, value]) => row[column] === value));
  }

  const finding = (...key) => data.findings[key.join('|')] || '';

  // --- words

  const ratio = value => value === null || value === undefined ? '–'
    : value !== 0 && Math.abs(value) < 0.001 ? value.toExponential(1) : value.toPrecision(3);
  const tick = value => Number(value.toPrecision(3)).toString();
  const percent = value => value === null || value === undefined ? '–' : (100 * value).toFixed(1) + ' %';
  const count = value => value.toLocaleString('en-US');
  const blockName = block => block === 'all' ? 'attn and mlp' : block;

  function parameters(value) {
    const [divisor, unit] = value >= 1e9 ? [1e9, ' B'] : value >= 1e6 ? [1e6, ' M'] : [1e3, ' k'];
    return Number((value / divisor).toPrecision(3)) + unit;
  }

  function escaped(text) {
    return String(text).replace(/[&<>"']/g, c => '&#' + c.charCodeAt(0) + ';');
  }

  /** A token as one can see it: blanks and line ends shown. */
  const visible = text => text.replace(/\n/g, '⏎').replace(/\t/g, '⇥').replace(/ /g, '␣') || '∅';

  // --- the page

  /** An element; attributes of null are left out, children are elements or texts. */
  function h(tag, attributes, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) {
      if (value !== null && value !== undefined) {
        element.setAttribute(name, value);
      }
    }
    element.append(...children.flat().filter(child => child !== null && child !== undefined));
    return element;
  }

  const byId = id => document.getElementById(id);

  function htmlTable(columns, body) {
    const isNumber = columns.map((_, i) => body.length > 0 && body.every(row => typeof row[i] === 'number' || row[i] === null));
    const cell = (tag, value, i, more) =>
      h(tag, {class: isNumber[i] ? 'number' : null, ...more}, value === null || value === undefined ? '–' : String(value));
    return h('table', {},
      h('thead', {}, h('tr', {}, columns.map((name, i) => cell('th', name, i, {scope: 'col'})))),
      h('tbody', {}, body.map(row => h('tr', {}, row.map((value, i) => cell('td', value, i))))));
  }

  function numbers(columns, body) {
    return h('details', {}, h('summary', {}, 'The numbers'),
      h('div', {class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'The numbers of this plot'}, htmlTable(columns, body)));
  }

  function source(names) {
    return h('p', {class: 'source'}, names.length > 1 ? 'Tables ' : 'Table ',
      names.flatMap((name, i) => [i > 0 ? ', ' : null, h('code', {}, name)]), '.');
  }

  // --- plots

  let plots = [];

  function ink() {
    const style = getComputedStyle(document.documentElement);
    return Object.fromEntries(
      ['card', 'ink', 'soft', 'line', 'accent', 'attn', 'mlp', 'layer', 'all', 'mark'].map(name => [name, style.getPropertyValue('--' + name).trim()]));
  }

  const isDark = () => matchMedia('(prefers-color-scheme: dark)').matches && !matchMedia('print').matches && !printing;
  let printing = false;
  const PRINT_WIDTH = 660; // pixels, about that of the text on A4 and Letter
  const scale = () => isDark()
    ? ['#1f2a44', '#2d5c8f', '#3d9fa8', '#9fd49a', '#fdf3b4']
    : ['#fdf8d2', '#a6d8a8', '#45a6b0', '#2a5f9e', '#23234f'];
  const COMPONENT_COLORS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#8a93a3'];

  /** What all plots share; the rest of an option wins. */
  function base(c, option) {
    const axis = extra => ({
      nameLocation: 'middle', nameTextStyle: {color: c.soft}, axisLabel: {color: c.soft, hideOverlap: true}, axisLine: {lineStyle: {color: c.line}},
      splitLine: {lineStyle: {color: c.line}}, axisTick: {lineStyle: {color: c.line}}, ...extra});
    const axes = one => Array.isArray(one) ? one.map(axis) : axis(one);
    const axed = option.xAxis ? {xAxis: axes({nameGap: 28, ...option.xAxis}), yAxis: axes({nameGap: 44, ...option.yAxis})} : {};
    return {
      animation: false,
      textStyle: {fontFamily: getComputedStyle(document.body).fontFamily, color: c.ink},
      grid: {left: 62, right: 30, top: 40, bottom: 52},
      legend: {top: 0, textStyle: {color: c.ink}, icon: 'roundRect', itemWidth: 16, itemHeight: 4},
      ...option, ...axed,
      tooltip: {
        confine: true, backgroundColor: c.card, borderColor: c.line, textStyle: {color: c.ink}, extraCssText: 'max-width:19rem;white-space:normal',
        ...option.tooltip},
    };
  }

  function tip(title, lines) {
    return '<div class="tip"><b>' + escaped(title) + '</b>' +
      lines.map(([name, value]) => '<div><span>' + escaped(name) + '</span><span>' + escaped(value) + '</span></div>').join('') + '</div>';
  }

  function plot(height, label, option) {
    const element = h('div', {class: 'plot', role: 'img', 'aria-label': label, style: 'height:' + height + 'px'});
    const one = {element, chart: null, option};
    plots.push(one);
    return element;
  }

  function draw(one) {
    if (!one.chart) {
      one.chart = echarts.init(one.element, null, {renderer: 'svg'});
    }
    one.chart.setOption(base(ink(), one.option(ink())), true);
    fit(one);
  }

  function fit(one) {
    one.chart.resize({width: printing ? PRINT_WIDTH : 'auto'});
    one.chart.getZr().flush(); // no frame is drawn between the call to print and printing
    const drawing = one.element.querySelector('svg');
    if (drawing) { // on paper, the drawing takes the width that there is
      drawing.setAttribute('viewBox', '0 0 ' + one.chart.getWidth() + ' ' + one.chart.getHeight());
    }
  }

  function drawAll() {
    plots = plots.filter(one => {
      if (!one.element.isConnected && one.chart) {
        one.chart.dispose();
      }
      return one.element.isConnected;
    });
    plots.forEach(draw);
  }

  const blockChoice = blocks => ({id: 'block', name: 'Block', values: blocks, text: blockName});

  /**
   * A figure: a title, perhaps choices (of a block, of others), a plot, what it shows, where it is from, its numbers.
   * `content(...chosen)` gives {body, finding, table}.
   */
  function figure({id, title, blocks, choices = blocks ? [blockChoice(blocks)] : [], sources, isLong, content}) {
    const place = h('div', {});
    const said = h('p', {class: 'finding', 'aria-live': 'polite'});
    const below = h('div', {});
    const head = h('div', {class: 'head'}, h('h3', {}, title));
    const chosen = choices.map(choice => choice.values[0]);
    const show = () => {
      const made = content(...chosen);
      place.replaceChildren(...[made.body].flat());
      said.textContent = made.finding || '';
      below.replaceChildren(...(made.table ? [numbers(...made.table)] : []));
    };
    choices.forEach((choice, i) => {
      if (choice.values.length > 1) {
        const select = h('select', {id: id + '-' + choice.id}, choice.values.map(value => h('option', {value}, choice.text(value))));
        select.addEventListener('change', () => { chosen[i] = select.value; show(); drawAll(); });
        head.append(h('span', {class: 'pick'}, h('label', {for: id + '-' + choice.id}, choice.name), select));
      }
    });
    show();
    return h('figure', {id, class: isLong ? 'long' : null}, head, place, h('figcaption', {}, said, source(sources), below));
  }

  /** Vertical (or horizontal) bars of intervals at points of another series. */
  function intervals(points, color, direction) {
    return {
      type: 'custom', silent: true, z: 1, data: points, tooltip: {show: false},
      encode: direction === 'horizontal' ? {x: [1, 2], y: 0} : {x: 0, y: [1, 2]},
      renderItem: (params, api) => {
        const at = value => direction === 'horizontal' ? api.coord([value, api.value(0)]) : api.coord([api.value(0), value]);
        const [a, b] = [at(api.value(1)), at(api.value(2))];
        return {type: 'line', shape: {x1: a[0], y1: a[1], x2: b[0], y2: b[1]}, style: {stroke: color, lineWidth: 2, opacity: 0.55}};
      },
    };
  }

  const withInterval = (list, x) => list.filter(row => row.p50_low !== null && row.p50_low !== undefined)
    .map(row => [x(row), row.p50_low, row.p50_high]);

  const interval = row => row.p50_low === null || row.p50_low === undefined ? 'no interval: under 20 documents'
    : '95 %: ' + ratio(row.p50_low) + ' to ' + ratio(row.p50_high);

  // --- in short, claims

  const ofAll = (run, block, more) => rows('layer_sparsity', {run_id: run.id, slice: 'all', block, ...more});
  const pooled = run => ofAll(run, run.main_block, {layer: -1})[0] || {};
  const runRow = run => rows('runs', {run_id: run.id})[0];

  function cards() {
    const own = data.runs.filter(run => !run.is_pool);
    byId('cards').append(...(own.length ? own : data.runs).map(run => {
      const row = pooled(run);
      const facts = [
        ['under 0.10', percent(row.below_10)], ['parameters', parameters(runRow(run).parameters)], ['layers', String(run.layers)],
        ['tokens', count(row.tokens || 0)], ['documents', count(row.documents || 0)]];
      return h('div', {class: 'card'}, h('h3', {}, run.label), h('div', {class: 'big'}, ratio(row.p50)),
        h('div', {class: 'interval'}, 'median ratio; ' + interval(row)),
        h('dl', {}, facts.flatMap(([name, value]) => [h('dt', {}, name), h('dd', {}, value)])));
    }));
    document.querySelector('[data-finding="headline"]').textContent = finding('headline');
  }

  function claims() {
    byId('claim-list').append(...data.claims.map(claim =>
      h('article', {class: 'claim', 'data-verdict': claim.verdict},
        h('h3', {}, h('span', {}, 'Claim ' + claim.number + ': ' + claim.claim),
          h('span', {class: 'verdict', 'data-verdict': claim.verdict}, 'this data ' + (claim.verdict === 'cannot tell' ? 'cannot tell' : claim.verdict))),
        h('p', {}, claim.summary),
        h('ul', {}, claim.parts.map(part =>
          h('li', {}, h('strong', {}, part.of + ': '), part.figures + ' ', h('span', {class: 'verdict', 'data-verdict': part.verdict}, part.verdict)))),
        h('p', {class: 'note'}, 'Rule: ' + claim.rule),
        source(claim.tables))));
  }

  // --- over models

  function trend(family) {
    const points = rows('model_trend', {family});
    const blocks = [...new Set(points.map(row => row.block))].sort();
    const main = blocks.includes('all') ? 'all' : blocks[0];
    const slope = points.find(row => row.block === main);
    const sizes = points.map(row => row.parameters);
    return figure({
      id: 'trend-' + family, title: 'Median ratio over model size, ' + family, sources: ['model_trend', 'layer_sparsity'],
      content: () => ({
        finding: finding('trend', family),
        body: plot(340, 'Median residual ratio of ' + family + ' models by number of parameters. ' + finding('trend', family), c => ({
          xAxis: {type: 'log', name: 'parameters (tied ones once)', min: Math.min(...sizes) * 0.8, max: Math.max(...sizes) * 1.25,
            axisLabel: {color: c.soft, formatter: parameters, hideOverlap: true}, splitNumber: 3},
          yAxis: {type: 'value', name: 'median ' + RATIO, min: 0},
          tooltip: {trigger: 'item', formatter: at => tip(at.data.row.model + ', ' + blockName(at.data.row.block),
            [['median', ratio(at.data.row.p50)], ['parameters', parameters(at.data.row.parameters)]])},
          series: blocks.flatMap(block => {
            const line = points.filter(row => row.block === block).sort((a, b) => a.parameters - b.parameters);
            const bars = line.flatMap(row => {
              const run = data.runs.find(one => one.id === row.run_id);
              return run ? withInterval(ofAll(run, block, {layer: -1}), () => row.parameters) : [];
            });
            return [
              {name: blockName(block), type: 'line', symbolSize: 9, lineStyle: {width: block === main ? 3 : 1.5, type: block === main ? 'solid' : 'dashed'},
                color: c[block], data: line.map(row => ({value: [row.parameters, row.p50], row}))},
              intervals(bars, c[block])];
          }),
        })),
        table: [['model', 'block', 'parameters', 'layers', 'median', 'slope', 'slope low', 'slope high'],
          points.map(row => [row.model, row.block, row.parameters, row.layers, row.p50, row.slope, row.slope_low, row.slope_high])],
      }),
    });
  }

  function drift(pair) {
    const [a, b] = pair.split('|');
    const all = rows('drift', {run_a: a, run_b: b});
    const name = id => (data.runs.find(run => run.id === id) || {label: id}).label;
    const blocks = [...new Set(all.map(row => row.block))].sort();
    return figure({
      id: 'drift-' + a + '-' + b, title: 'From run ' + name(a) + ' to ' + name(b), sources: ['drift'],
      content: () => ({
        finding: finding('drift', pair),
        body: plot(320, 'Differences of medians between two runs, by layer. ' + finding('drift', pair), c => {
          const layers = [...new Set(all.map(row => row.layer))].filter(layer => layer >= 0).sort((x, y) => x - y);
          return {
            xAxis: {type: 'category', name: LAYER, data: layers.map(String)},
            yAxis: {type: 'value', name: 'change of the median ratio', scale: true},
            tooltip: {trigger: 'item', formatter: at => tip(blockName(at.seriesName) + ', layer ' + at.data.row.layer,
              [['change', ratio(at.data.row.difference)], ['95 %', ratio(at.data.row.low) + ' to ' + ratio(at.data.row.high)],
                ['moved', at.data.row.moved === null ? 'cannot tell' : at.data.row.moved ? 'yes' : 'no']])},
            series: blocks.flatMap(block => {
              const line = all.filter(row => row.block === block && row.layer >= 0);
              return [
                {name: block, type: 'scatter', color: c[block], symbolSize: 9,
                  data: line.map(row => ({value: [String(row.layer), row.difference], row,
                    itemStyle: row.moved ? {} : {color: c.card, borderColor: c[block], borderWidth: 1.5}}))},
                intervals(line.filter(row => row.low !== null).map(row => [String(row.layer), row.low, row.high]), c[block])];
            }),
          };
        }),
        table: [['block', 'layer', 'median before', 'median after', 'difference', 'low', 'high', 'moved'],
          all.map(row => [row.block, row.layer, row.p50_a, row.p50_b, row.difference, row.low, row.high, row.moved])],
      }),
    });
  }

  function overModels() {
    const families = [...new Set((tables.model_trend || []).map(row => row.family))];
    const pairs = [...new Set((tables.drift || []).map(row => row.run_a + '|' + row.run_b))];
    byId('size-figures').append(...families.map(trend), ...pairs.map(drift));
    if (!families.length && !pairs.length) {
      byId('size-figures').append(h('p', {class: 'note'}, 'The tables hold no model of its own corpus, so there is nothing to compare.'));
    }
  }

  // --- in one model

  const byLayer = (run, block) => ofAll(run, block).filter(row => row.layer >= 0).sort((a, b) => a.layer - b.layer);

  function layerCurve(run) {
    return figure({
      id: 'layers', title: 'Median ratio by layer', sources: ['layer_sparsity'],
      content: () => ({
        finding: finding('layers', run.id),
        body: plot(360, 'Median residual ratio by layer and block. ' + finding('layers', run.id), c => ({
          xAxis: {type: 'category', name: LAYER, data: [...Array(run.layers).keys()].map(String)},
          yAxis: {type: 'value', name: 'median ' + RATIO, min: 0},
          tooltip: {trigger: 'item', formatter: at => tip(blockName(at.data.row.block) + ', layer ' + at.data.row.layer,
            [['median', ratio(at.data.row.p50)], ['95 %', at.data.row.p50_low === null ? '–' : ratio(at.data.row.p50_low) + ' to ' + ratio(at.data.row.p50_high)],
              ['mean', ratio(at.data.row.mean)], ['under 0.10', percent(at.data.row.below_10)]])},
          series: run.table_blocks.flatMap(block => {
            const line = byLayer(run, block);
            return [
              {name: blockName(block), type: 'line', color: c[block], symbol: 'circle', symbolSize: 7,
                lineStyle: {width: 2, type: block === 'all' ? 'dotted' : 'solid'}, data: line.map(row => ({value: [String(row.layer), row.p50], row}))},
              intervals(withInterval(line, row => String(row.layer)), c[block])];
          }),
        })),
        table: [['block', 'layer', 'median', 'low', 'high', 'mean', 'stddev', 'under 0.05', 'under 0.10', 'under 0.20'],
          run.table_blocks.flatMap(block => byLayer(run, block)).map(row =>
            [row.block, row.layer, row.p50, row.p50_low, row.p50_high, row.mean, row.stddev, row.below_05, row.below_10, row.below_20])],
      }),
    });
  }

  function threshold(run) {
    const curve = block => {
      const bins = rows('ratio_histogram', {run_id: run.id, block, layer: -1}).sort((a, b) => a.bin_low - b.bin_low);
      const total = bins.reduce((sum, bin) => sum + bin.observations, 0);
      let below = 0;
      return bins.filter(bin => bin.bin_high !== null).map(bin => {
        below += bin.observations;
        return [bin.bin_high, below / total];
      });
    };
    return figure({
      id: 'threshold', title: 'Sparsity against threshold', sources: ['ratio_histogram', 'layer_sparsity'],
      content: () => ({
        finding: finding('threshold', run.id),
        body: plot(340, 'Share of ratios under a threshold. ' + finding('threshold', run.id), c => ({
          xAxis: {type: 'value', name: 'threshold on the ratio (no unit)', min: 0, max: 1},
          yAxis: {type: 'value', name: 'share of (token, block) pairs under it', min: 0, max: 1, axisLabel: {color: c.soft, formatter: value => 100 * value + ' %'}},
          tooltip: {trigger: 'axis', formatter: all => tip('threshold ' + ratio(all[0].value[0]), all.map(at => [at.seriesName, percent(at.value[1])]))},
          series: run.table_blocks.map(block => ({
            name: blockName(block), type: 'line', showSymbol: false, color: c[block],
            lineStyle: {width: block === run.main_block ? 3 : 1.5}, data: [[0, 0], ...curve(block)]})),
        })),
        table: [['block', ...THRESHOLDS.map(at => 'under ' + at.toFixed(2))],
          run.table_blocks.map(block => ofAll(run, block, {layer: -1})[0]).filter(row => row)
            .map(row => [row.block, row.below_01, row.below_02, row.below_05, row.below_10, row.below_20])],
      }),
    });
  }

  function distribution(run) {
    return figure({
      id: 'distribution', title: 'Distribution of ratios by layer', blocks: run.table_blocks, sources: ['ratio_histogram', 'layer_sparsity'],
      content: block => {
        const layers = byLayer(run, block);
        const bins = rows('ratio_histogram', {run_id: run.id, block}).filter(bin => bin.layer >= 0 && bin.bin_low > 0 && bin.bin_high !== null);
        const totals = Object.fromEntries(layers.map(row => [row.layer, row.observations]));
        const density = bin => bin.observations / totals[bin.layer] / Math.log10(bin.bin_high / bin.bin_low);
        const densest = Math.max(...bins.map(density), 1e-9);
        const low = Math.max(1e-4, Math.min(...layers.map(row => row.p01 || 1)) / 2);
        return {
          finding: finding('distribution', run.id, block),
          body: plot(400, 'Distribution of residual ratios of ' + blockName(block) + ' in each layer. ' + finding('distribution', run.id, block), c => ({
            legend: {show: false}, grid: {left: 62, right: 18, top: 44, bottom: 52},
            xAxis: {type: 'category', name: LAYER, data: layers.map(row => String(row.layer))},
            yAxis: {type: 'log', name: RATIO, min: Math.pow(10, Math.floor(Math.log10(low) * 2) / 2), max: 1, axisLabel: {color: c.soft, formatter: tick}},
            visualMap: {min: 0, max: densest, dimension: 3, seriesIndex: 0, inRange: {color: scale()}, orient: 'horizontal', right: 10, top: 0,
              itemHeight: 90, itemWidth: 10, text: ['dense', 'sparse'], textStyle: {color: c.soft}, calculable: false},
            tooltip: {trigger: 'item', formatter: at => at.seriesType === 'custom'
              ? tip('layer ' + at.data[0], [['ratio', ratio(at.data[1]) + ' to ' + ratio(at.data[2])], ['of its tokens', percent(at.data[4])]])
              : tip('layer ' + at.data[0], [['median', ratio(at.data[1])]])},
            series: [
              {type: 'custom', clip: true, encode: {x: 0, y: [1, 2]},
                data: bins.map(bin => [String(bin.layer), bin.bin_low, bin.bin_high, density(bin), bin.observations / totals[bin.layer]]),
                renderItem: (params, api) => {
                  const [x, y] = api.coord([api.value(0), api.value(2)]);
                  const bottom = api.coord([api.value(0), api.value(1)])[1];
                  const width = api.size([1, 0])[0] * 0.92;
                  const shape = echarts.graphic.clipRectByRect({x: x - width / 2, y, width, height: bottom - y + 0.5}, params.coordSys);
                  return shape && {type: 'rect', shape, style: {fill: api.visual('color')}};
                }},
              {name: 'median', type: 'line', color: isDark() ? '#ffffff' : '#b3261e', symbol: 'circle', symbolSize: 6, lineStyle: {width: 1.5},
                data: layers.map(row => [String(row.layer), row.p50])}],
          })),
          table: [['layer', 'p01', 'p05', 'p10', 'p25', 'p50', 'p75', 'p90', 'p95', 'p99'],
            layers.map(row => [row.layer, row.p01, row.p05, row.p10, row.p25, row.p50, row.p75, row.p90, row.p95, row.p99])],
        };
      },
    });
  }

  function slices(run) {
    const all = rows('layer_sparsity', {run_id: run.id, block: run.main_block, layer: -1})
      .filter(row => row.p50 !== null).sort((a, b) => b.p50 - a.p50);
    return figure({
      id: 'slices', title: 'Slices side by side', sources: ['layer_sparsity'],
      content: () => ({
        finding: finding('slices', run.id),
        body: plot(90 + 26 * all.length, 'Median residual ratio of each slice of the tokens. ' + finding('slices', run.id), c => ({
          legend: {show: false}, grid: {left: 26, right: 24, top: 12, bottom: 52, containLabel: true},
          xAxis: {type: 'value', name: 'median ratio (no unit)', min: 0},
          yAxis: {type: 'category', data: all.map(row => row.slice), axisLabel: {color: c.ink, width: 150, overflow: 'truncate'}},
          tooltip: {trigger: 'item', formatter: at => tip(all[at.dataIndex].slice, [['median', ratio(all[at.dataIndex].p50)],
            ['95 %', all[at.dataIndex].p50_low === null ? '–' : ratio(all[at.dataIndex].p50_low) + ' to ' + ratio(all[at.dataIndex].p50_high)],
            ['under 0.10', percent(all[at.dataIndex].below_10)], ['tokens', count(all[at.dataIndex].tokens)]])},
          series: [
            {type: 'scatter', symbolSize: 11, data: all.map(row => ({value: [row.p50, row.slice], itemStyle: {color: row.slice === 'all' ? c.mlp : c.attn}}))},
            intervals(withInterval(all, row => row.slice), c.attn, 'horizontal')],
        })),
        table: [['slice', 'tokens', 'documents', 'median', 'low', 'high', 'mean', 'under 0.10'],
          all.map(row => [row.slice, row.tokens, row.documents, row.p50, row.p50_low, row.p50_high, row.mean, row.below_10])],
      }),
    });
  }

  function variance(run) {
    const all = rows('ratio_variance', {run_id: run.id});
    const share = (block, component) => (all.find(row => row.block === block && row.component === component) || {}).share;
    return figure({
      id: 'variance', title: 'What the ratio varies with', sources: ['ratio_variance'],
      content: () => ({
        finding: finding('variance', run.id),
        body: plot(110 + 46 * run.blocks.length, 'Components of the variance of residual ratios. ' + finding('variance', run.id), c => ({
          grid: {left: 12, right: 24, top: 50, bottom: 52, containLabel: true},
          xAxis: {type: 'value', name: 'share of the variance', min: 0, max: 1, axisLabel: {color: c.soft, formatter: value => Math.round(100 * value) + ' %'}},
          yAxis: {type: 'category', data: [...run.blocks].reverse(), axisLabel: {color: c.ink}},
          tooltip: {trigger: 'item', formatter: at => tip(at.name, [[at.seriesName, percent(at.value)]])},
          series: COMPONENTS.map((component, i) => ({
            name: COMPONENT_NAMES[component] || component, type: 'bar', stack: 'all', barWidth: 24, color: COMPONENT_COLORS[i],
            data: [...run.blocks].reverse().map(block => share(block, component) || 0)})),
        })),
        table: [['block', 'component', 'variance', 'share'], all.map(row => [row.block, row.component, row.variance, row.share])],
      }),
    });
  }

  function positions(run) {
    const of = block => rows('position_sparsity', {run_id: run.id, block, layer: -1}).sort((a, b) => a.position_low - b.position_low);
    const name = row => row.position_high - row.position_low === 1 ? String(row.position_low) : row.position_low + '–' + (row.position_high - 1);
    return figure({
      id: 'positions', title: 'Median ratio by position', sources: ['position_sparsity'],
      content: () => ({
        finding: finding('positions', run.id),
        body: plot(320, 'Median residual ratio by position in the window. ' + finding('positions', run.id), c => ({
          xAxis: {type: 'category', name: 'position in the window (0 is the first)', data: of(run.main_block).map(name)},
          yAxis: {type: 'value', name: 'median ' + RATIO, min: 0},
          tooltip: {trigger: 'item', formatter: at => tip(blockName(at.data.row.block) + ', positions ' + name(at.data.row),
            [['median', ratio(at.data.row.p50)], ['under 0.10', percent(at.data.row.below_10)], ['tokens', count(at.data.row.tokens)]])},
          series: run.table_blocks.map(block => ({name: blockName(block), type: 'line', color: c[block], symbolSize: 7,
            data: of(block).map(row => ({value: [name(row), row.p50], row}))})),
        })),
        table: [['block', 'positions', 'tokens', 'median', 'mean', 'under 0.10'],
          run.table_blocks.flatMap(of).map(row => [row.block, name(row), row.tokens, row.p50, row.mean, row.below_10])],
      }),
    });
  }

  function correlation(run) {
    return figure({
      id: 'correlation', title: 'Do the same tokens need two layers?', blocks: run.blocks, sources: ['layer_correlation'],
      content: block => {
        const pairs = rows('layer_correlation', {run_id: run.id, block});
        const cells = pairs.filter(row => row.pearson !== null)
          .flatMap(row => [[row.layer_a, row.layer_b, row.pearson], [row.layer_b, row.layer_a, row.pearson]]);
        return {
          finding: finding('correlation', run.id, block),
          body: plot(400, 'Correlation of the residual ratios of two layers over tokens. ' + finding('correlation', run.id, block), c => ({
            legend: {show: false}, grid: {left: 62, right: 18, top: 44, bottom: 52},
            xAxis: {type: 'category', name: LAYER, data: [...Array(run.layers).keys()].map(String), splitLine: {show: false}},
            yAxis: {type: 'category', name: LAYER, data: [...Array(run.layers).keys()].map(String), inverse: true, splitLine: {show: false}},
            visualMap: {min: -1, max: 1, inRange: {color: ['#2166ac', isDark() ? '#20262f' : '#f7f7f7', '#b2182b']}, orient: 'horizontal', right: 10, top: 0,
              itemHeight: 90, itemWidth: 10, text: ['1', '-1'], textStyle: {color: c.soft}, calculable: false},
            tooltip: {trigger: 'item', formatter: at => tip('layers ' + at.data[0] + ' and ' + at.data[1], [['Pearson', at.data[2].toFixed(2)]])},
            series: [{type: 'heatmap', data: cells}],
          })),
          table: [['layer', 'layer', 'Pearson', 'tokens'], pairs.map(row => [row.layer_a, row.layer_b, row.pearson, row.tokens])],
        };
      },
    });
  }

  /** The text of an example, whose token stands in [[ ]]. */
  function marked(example) {
    const found = /^([\s\S]*?)\[\[([\s\S]*?)\]\]([\s\S]*)$/.exec(example || '');
    return found ? [found[1], h('mark', {}, found[2]), found[3]] : [example || '–'];
  }

  function extremes(run) {
    return figure({
      id: 'tokens', title: 'Tokens at the extremes', blocks: [run.main_block, ...run.table_blocks.filter(block => block !== run.main_block)],
      sources: ['token_sparsity'], isLong: true,
      content: block => {
        const list = extreme => {
          const all = rows('token_sparsity', {run_id: run.id, block, extreme}).sort((a, b) => a.rank - b.rank);
          return h('div', {}, h('h4', {}, extreme === 'smallest' ? 'Least changed' : 'Most changed'),
            h('table', {},
              h('thead', {}, h('tr', {}, h('th', {scope: 'col'}, 'token'), h('th', {scope: 'col', class: 'number'}, 'mean'),
                h('th', {scope: 'col', class: 'number'}, 'seen'), h('th', {scope: 'col'}, 'one place'))),
              h('tbody', {}, all.map(row => h('tr', {}, h('td', {}, h('span', {class: 'token'}, visible(row.token))),
                h('td', {class: 'number'}, ratio(row.mean)), h('td', {class: 'number'}, count(row.tokens)),
                h('td', {}, h('span', {class: 'token'}, marked(row.example))))))));
        };
        return {finding: finding('tokens', run.id, block), body: h('div', {class: 'tokens'}, list('smallest'), list('largest'))};
      },
    });
  }

  /** The colour of a share 0 to 1 on the scale. */
  function mixed(share) {
    const colors = scale();
    const at = Math.min(0.9999, Math.max(0, share)) * (colors.length - 1);
    const [a, b] = [colors[Math.floor(at)], colors[Math.floor(at) + 1]].map(hex => [1, 3, 5].map(i => parseInt(hex.slice(i, i + 2), 16)));
    const mixed = a.map((value, i) => Math.round(value + (b[i] - value) * (at % 1)));
    return {color: 'rgb(' + mixed + ')', isLight: (0.299 * mixed[0] + 0.587 * mixed[1] + 0.114 * mixed[2]) > 140};
  }

  const isLight = share => mixed(share).isLight;

  function shade(share) {
    const {color, isLight} = mixed(share);
    return 'background:' + color + ';color:' + (isLight ? '#111' : '#fff');
  }

  const mean = values => {
    const known = values.filter(value => value !== null);
    return known.length ? known.reduce((sum, value) => sum + value, 0) / known.length : null;
  };

  /** The quantiles at 2 and 98 %. */
  function ends(values) {
    const sorted = [...values].sort((a, b) => a - b);
    const at = rank => sorted.length ? sorted[Math.floor(rank * (sorted.length - 1))] : rank;
    return [at(0.02), at(0.98)];
  }

  function documentView(run) {
    const view = data.documents.find(one => one.run === run.id);
    if (!view || !view.texts) {
      return h('figure', {id: 'document'}, h('div', {class: 'head'}, h('h3', {}, 'Token by token')),
        h('p', {class: 'note'}, view ? view.note : 'A pool has no document of its own.'));
    }
    const blocks = run.blocks.filter(block => view.ratios[block]);
    return figure({
      id: 'document', title: 'Token by token: ' + view.doc_id, blocks, sources: ['token_ratios'], isLong: true,
      content: block => {
        const of = view.ratios[block];
        const top = ends(of.flat().filter(value => value !== null))[1];
        const means = of.map(mean);
        const [lowest, highest] = ends(means.filter((value, i) => value !== null && !view.specials[i]));
        const spans = view.texts.map((text, i) => {
          const style = means[i] === null ? null : shade((means[i] - lowest) / (highest - lowest || 1));
          return h('span', {class: view.specials[i] ? 'special' : null, 'data-token': i, style},
            view.specials[i] && !text ? '∎' : text);
        });
        const detail = h('p', {class: 'detail note', 'aria-live': 'polite'}, 'Choose a token to see its ratio in every layer.');
        const text = h('div', {class: 'text', tabindex: 0, role: 'region', 'aria-label': 'The text of the document'}, spans);
        const select = i => {
          spans.forEach((span, j) => span.classList.toggle('selected', i === j));
          detail.replaceChildren(h('strong', {class: 'token'}, visible(view.texts[i])),
            ' at position ' + view.positions[i] + ' of window ' + view.windows[i] + ', by layer: ' + of[i].map(ratio).join(', '));
        };
        text.addEventListener('click', event => {
          const span = event.target.closest('[data-token]');
          if (span) {
            select(Number(span.dataset.token));
          }
        });
        const tokens = [...view.texts.keys()];
        const map = plot(160 + Math.min(300, 18 * run.layers), 'Residual ratio of each token in each layer. ' + finding('document', run.id), c => ({
          legend: {show: false}, grid: {left: 62, right: 18, top: 12, bottom: 92},
          xAxis: {type: 'category', name: 'token of the document, in order', data: tokens.map(String), splitLine: {show: false}},
          yAxis: {type: 'category', name: LAYER, data: [...Array(run.layers).keys()].map(String), inverse: true, splitLine: {show: false}},
          dataZoom: [{type: 'slider', bottom: 8, height: 22, startValue: 0, endValue: Math.min(tokens.length, 160) - 1, textStyle: {color: c.soft},
            labelFormatter: '', brushSelect: false}],
          visualMap: {show: false, min: 0, max: top, inRange: {color: scale()}},
          tooltip: {trigger: 'item', formatter: at => tip(visible(view.texts[at.data[0]]),
            [['layer', String(at.data[1])], ['ratio', ratio(at.data[2])], ['position', String(view.positions[at.data[0]])]])},
          series: [{type: 'heatmap', progressive: 0,
            data: of.flatMap((layers, i) => layers.map((value, layer) => [i, layer, value]).filter(cell => cell[2] !== null))}],
        }));
        const legend = h('div', {class: 'legend'}, '0', h('i', {style: 'background:linear-gradient(90deg,' + scale().join(',') + ')'}),
          tick(top) + ' or more: ' + RATIO + '. In the text: the mean over layers, from ' + ratio(lowest) + ' to ' + ratio(highest));
        const more = view.more ? h('p', {class: 'note'}, 'The document goes on; its first ' + count(view.texts.length) + ' tokens are shown.') : null;
        const note = view.note ? h('p', {class: 'note'}, view.note) : null;
        return {finding: finding('document', run.id), body: [map, legend, detail, text, more, note].filter(part => part)};
      },
    });
  }

  function showRun(run) {
    byId('run-name').textContent = run.label;
    byId('run-note').textContent = run.is_pool ? 'a pool of several runs' : '';
    const pair = (...figures) => h('div', {class: 'pair'}, figures);
    byId('one-figures').replaceChildren(
      layerCurve(run), documentView(run), pair(distribution(run), threshold(run)), pair(slices(run), variance(run)),
      pair(correlation(run), positions(run)), extremes(run));
    drawAll();
    byId('live').textContent = 'Figures of ' + run.label;
  }

  // --- routers

  const LEARNER_NAMES = {
    mlp: 'perceptron', logistic: 'logistic regression', gbt: 'boosted trees', previous_ratio: 'previous block’s ratio', base_rate: 'base rate'};
  const LEARNER_COLORS = {mlp: '#0072b2', logistic: '#d55e00', gbt: '#009e73', previous_ratio: '#8a93a3', base_rate: '#b08d57'};
  const BASELINES = ['previous_ratio', 'base_rate'];
  const learnerName = learner => LEARNER_NAMES[learner] || learner;
  const learnerColor = learner => LEARNER_COLORS[learner] || '#cc79a7';
  const learnerChoice = learners => ({id: 'learner', name: 'Router', values: learners, text: learnerName});
  const numberRange = (low, high) => low === null || low === undefined ? '–' : ratio(low) + ' to ' + ratio(high);
  const distinct = values => [...new Set(values)];
  const layersOf = list => distinct(list.map(row => row.layer)).sort((a, b) => a - b);

  const quality = (run, where) => rows('router_quality', {run_id: run.id, ...where});

  /** Values of names by layer, as colours: cells {x, y, value, lines} between the ends of a scale. */
  function heatMap(c, {xs, ys, xName, yName, cells, min, max, ends, title, named}) {
    const colors = scale();
    return {
      legend: {show: false}, grid: {left: 12, right: 18, top: 44, bottom: 34, containLabel: true},
      xAxis: {type: 'category', name: xName, data: xs, splitLine: {show: false}, axisLabel: {color: c.soft, width: 110, overflow: 'truncate', rotate: named ? 30 : 0}},
      yAxis: {type: 'category', name: yName, nameLocation: named ? 'end' : 'start', nameGap: 10, nameTextStyle: {color: c.soft, align: 'left'}, data: ys, inverse: !named,
        splitLine: {show: false}, axisLabel: {color: c.ink, width: 130, overflow: 'truncate'}},
      visualMap: {min, max, dimension: 2, inRange: {color: colors}, orient: 'horizontal', right: 10, top: 0, itemHeight: 90, itemWidth: 10,
        text: [ends[1], ends[0]], textStyle: {color: c.soft}, calculable: false},
      tooltip: {trigger: 'item', formatter: at => tip(title(at.data.cell), at.data.cell.lines)},
      series: [{type: 'heatmap', itemStyle: {borderColor: c.card, borderWidth: 1},
        label: {show: xs.length <= (printing ? 14 : Math.min(16, innerWidth / 80)), fontSize: 10, formatter: at => at.data.value[2].toFixed(2).replace('-0.00', '0.00')},
        data: cells.filter(cell => cell.value !== null).map(cell => ({
          value: [cell.x, cell.y, cell.value], cell, label: {color: isLight((cell.value - min) / (max - min || 1)) ? '#111' : '#fff'}}))}],
    };
  }

  const qualityLines = row => [['AUC', ratio(row.auc)], ['95 %', numberRange(row.auc_low, row.auc_high)],
    ['above the previous ratio', row.gain === null ? '–' : ratio(row.gain)], ['95 %', numberRange(row.gain_low, row.gain_high)],
    ['can skip', percent(row.base_rate)], ['documents', count(row.documents)]];

  function routerAuc(run) {
    const shown = [...run.learners, ...BASELINES];
    return figure({
      id: 'router-auc', title: 'How well routers rank, by layer', blocks: run.blocks, sources: ['router_quality'],
      content: block => {
        const of = learner => quality(run, {block, learner, slice: 'all'}).sort((a, b) => a.layer - b.layer);
        const layers = layersOf(quality(run, {block, slice: 'all'}));
        const last = layers[layers.length - 1];
        const step = Math.ceil((last + 1) / 16);
        const x = (row, i) => row.layer + (i - (shown.length - 1) / 2) * 0.11;
        const text = finding('router-auc', run.id, block);
        return {
          finding: text,
          body: plot(380, 'AUC of routers and baselines by layer. ' + text, c => ({
            grid: {left: 62, right: 18, top: 58, bottom: 52},
            xAxis: {type: 'value', name: LAYER, min: -step, max: last + 1, interval: step, splitLine: {show: false},
              axisLabel: {color: c.soft, showMinLabel: false, showMaxLabel: false}},
            yAxis: {type: 'value', name: 'AUC (no unit, 0.5 is chance)', scale: true, max: 1},
            tooltip: {trigger: 'item', formatter: at => tip(learnerName(at.data.row.learner) + ', layer ' + at.data.row.layer, qualityLines(at.data.row))},
            series: shown.flatMap((learner, i) => {
              const line = of(learner);
              const isBaseline = BASELINES.includes(learner);
              return [
                {name: learnerName(learner), type: 'line', color: learnerColor(learner), symbol: isBaseline ? 'diamond' : 'circle', symbolSize: 7,
                  lineStyle: {width: isBaseline ? 1.2 : 1.8, type: isBaseline ? 'dashed' : 'solid'},
                  data: line.map(row => ({value: [x(row, i), row.auc], row}))},
                intervals(line.filter(row => row.auc_low !== null).map(row => [x(row, i), row.auc_low, row.auc_high]), learnerColor(learner))];
            }),
          })),
          table: [['layer', 'router', 'AUC', 'low', 'high', 'average precision', 'above previous ratio', 'low', 'high', 'can skip', 'Brier', 'documents', 'constant'],
            layers.flatMap(layer => shown.flatMap(learner => of(learner).filter(row => row.layer === layer))).map(row =>
              [row.layer, learnerName(row.learner), row.auc, row.auc_low, row.auc_high, row.average_precision, row.gain, row.gain_low, row.gain_high,
                row.base_rate, row.brier, row.documents, row.is_constant ? 'yes' : 'no'])],
        };
      },
    });
  }

  /** Bins of one learner, those of several routers added up: each holds the same tokens. */
  function reliabilityBins(list) {
    const bins = new Map();
    list.forEach(row => {
      const bin = bins.get(row.bin_low) || {bin_low: row.bin_low, bin_high: row.bin_high, share: 0, probability: 0, observed: 0, examples: 0};
      bin.share += row.share;
      bin.probability += row.share * row.probability;
      bin.observed += row.share * row.observed;
      bin.examples += row.examples;
      bins.set(row.bin_low, bin);
    });
    const total = [...bins.values()].reduce((sum, bin) => sum + bin.share, 0);
    return [...bins.values()].filter(bin => bin.share > 0).sort((a, b) => a.bin_low - b.bin_low)
      .map(bin => ({...bin, probability: bin.probability / bin.share, observed: bin.observed / bin.share, share: bin.share / total}));
  }

  function routerReliability(run) {
    const all = rows('router_reliability', {run_id: run.id});
    const shown = [...run.learners, 'previous_ratio'];
    const routers = distinct(all.map(row => row.block + '|' + row.layer))
      .sort((a, b) => a.split('|')[1] - b.split('|')[1] || (a < b ? -1 : 1));
    return figure({
      id: 'router-reliability', title: 'Are the probabilities right?', sources: ['router_reliability', 'router_quality'],
      choices: [{id: 'router', name: 'Of', values: ['all', ...routers], text: key => key === 'all' ? 'all blocks' : key.split('|')[0] + ' of layer ' + key.split('|')[1]}],
      content: key => {
        const own = all.filter(row => key === 'all' || row.block + '|' + row.layer === key);
        const bins = Object.fromEntries(shown.map(learner => [learner, reliabilityBins(own.filter(row => row.learner === learner))]));
        const text = finding('router-reliability', run.id, key);
        return {
          finding: text,
          body: plot(380, 'Share of tokens that can skip by the probability given. ' + text, c => ({
            grid: {left: 62, right: 18, top: 58, bottom: 52},
            xAxis: {type: 'value', name: 'probability given, mean of the bin (no unit)', min: 0, max: 1},
            yAxis: {type: 'value', name: 'share that can skip (no unit)', min: 0, max: 1},
            tooltip: {trigger: 'item', formatter: at => tip(at.seriesName + ', ' + at.data.bin.bin_low.toFixed(2) + ' to ' + at.data.bin.bin_high.toFixed(2),
              [['probability', ratio(at.data.bin.probability)], ['observed', ratio(at.data.bin.observed)], ['of all tokens', percent(at.data.bin.share)],
                ['examples', count(at.data.bin.examples)]])},
            series: [
              {name: 'as it should be', type: 'line', silent: true, showSymbol: false, tooltip: {show: false}, color: c.soft,
                lineStyle: {type: 'dotted', width: 1.5}, data: [[0, 0], [1, 1]]},
              ...shown.map(learner => ({
                name: learnerName(learner), type: 'line', color: learnerColor(learner), symbol: 'circle',
                lineStyle: {width: 1.5, type: BASELINES.includes(learner) ? 'dashed' : 'solid'},
                data: bins[learner].map(bin => ({value: [bin.probability, bin.observed], symbolSize: 4 + 14 * Math.sqrt(bin.share), bin}))}))],
          })),
          table: [['router', 'from', 'to', 'probability', 'observed', 'of all tokens', 'examples'],
            shown.flatMap(learner => bins[learner].map(bin => [learnerName(learner), bin.bin_low, bin.bin_high,
              ...[bin.probability, bin.observed, bin.share].map(value => Number(value.toPrecision(6))), bin.examples]))],
        };
      },
    });
  }

  function routerSlices(run) {
    return figure({
      id: 'router-slices', title: 'How well routers rank, by slice', sources: ['router_quality'],
      choices: [blockChoice(run.blocks), learnerChoice(run.learners)],
      content: (block, learner) => {
        const slices = ['all', ...run.slices];
        const own = quality(run, {block, learner}).filter(row => slices.includes(row.slice));
        const layers = layersOf(own);
        const aucs = own.map(row => row.auc).filter(auc => auc !== null);
        const text = finding('router-slices', run.id, block, learner);
        return {
          finding: text,
          body: plot(150 + 30 * slices.length, 'AUC by slice and layer. ' + text, c => heatMap(c, {
            xs: layers.map(String), ys: slices, xName: LAYER, yName: 'AUC (no unit)',
            cells: own.map(row => ({x: String(row.layer), y: row.slice, value: row.auc, lines: qualityLines(row)})),
            min: Math.min(0.5, ...aucs), max: 1, ends: [tick(Math.min(0.5, ...aucs)), '1'], title: cell => cell.y + ', layer ' + cell.x})),
          table: [['slice', 'layer', 'AUC', 'low', 'high', 'above previous ratio', 'low', 'high', 'can skip', 'examples', 'documents'],
            own.map(row => [row.slice, row.layer, row.auc, row.auc_low, row.auc_high, row.gain, row.gain_low, row.gain_high, row.base_rate,
              row.examples, row.documents])],
        };
      },
    });
  }

  function routerTransfer(run) {
    return figure({
      id: 'router-transfer', title: 'From one slice to another', blocks: run.blocks, sources: ['router_quality'],
      content: block => {
        const pairs = quality(run, {block}).filter(row => row.slice.includes('->'));
        const cells = distinct(pairs.map(row => row.slice)).map(slice => {
          const own = pairs.filter(row => row.slice === slice);
          const at = slice.indexOf('->');
          const value = mean(own.map(row => row.auc));
          return {x: slice.slice(at + 2), y: slice.slice(0, at), value, own, lines: [['mean AUC', ratio(value)],
            ['layers', String(own.filter(row => row.auc !== null).length)]]};
        });
        const known = cells.map(cell => cell.value).filter(value => value !== null);
        const text = finding('router-transfer', run.id, block);
        const ys = distinct(cells.map(cell => cell.y)).sort().reverse();
        return {
          finding: text,
          body: plot(220 + 30 * ys.length, 'Mean AUC of routers fitted on one slice and tested on another. ' + text, c => heatMap(c, {
            xs: distinct(cells.map(cell => cell.x)).sort(), ys, xName: '', yName: 'fitted on (across: tested on)', cells,
            min: Math.min(0.5, ...known), max: 1, ends: [tick(Math.min(0.5, ...known)), 'mean AUC 1'], named: true,
            title: cell => 'from ' + cell.y + ' to ' + cell.x})),
          table: [['fitted on', 'tested on', 'layer', 'router', 'AUC', 'low', 'high', 'above previous ratio', 'documents'],
            cells.flatMap(cell => cell.own.map(row =>
              [cell.y, cell.x, row.layer, learnerName(row.learner), row.auc, row.auc_low, row.auc_high, row.gain, row.documents]))],
        };
      },
    });
  }

  function routerImportance(run) {
    return figure({
      id: 'router-importance', title: 'What routers go by', sources: ['router_importance'],
      choices: [blockChoice(run.blocks), learnerChoice(run.learners)],
      content: (block, learner) => {
        const own = rows('router_importance', {run_id: run.id, block, learner});
        const layers = layersOf(own);
        const features = distinct(own.map(row => row.features));
        const of = name => mean(own.filter(row => row.features === name).map(row => row.importance));
        features.sort((a, b) => of(b) - of(a));
        const values = own.map(row => row.importance);
        const text = finding('router-importance', run.id, block, learner);
        return {
          finding: text,
          body: features.length === 0 ? [] : plot(150 + 32 * features.length, 'Importance of features by layer. ' + text, c => heatMap(c, {
            xs: layers.map(String), ys: features, xName: LAYER, yName: 'loss of AUC (no unit)',
            cells: own.map(row => ({x: String(row.layer), y: row.features, value: row.importance,
              lines: [['AUC lost when shuffled', ratio(row.importance)], ['AUC', ratio(row.auc)], ['examples', count(row.examples)]]})),
            min: 0, max: Math.max(...values, 0.01), ends: ['0', tick(Math.max(...values, 0.01))], title: cell => cell.y + ', layer ' + cell.x})),
          table: [['features', 'layer', 'AUC lost', 'AUC', 'examples'], own.map(row => [row.features, row.layer, row.importance, row.auc, row.examples])],
        };
      },
    });
  }

  function showRouters(run) {
    byId('router-name').textContent = run.label;
    byId('router-note').textContent = 'run_id ' + run.id +
      (data.routers_not_shown > 0 ? '; ' + count(data.routers_not_shown) + ' further runs of the tables are not shown' : '');
    const pair = figures => h('div', {class: 'pair'}, figures.filter(one => one));
    const hasTransfer = quality(run, {}).some(row => row.slice.includes('->'));
    byId('router-figures').replaceChildren(routerAuc(run), pair([routerReliability(run), run.slices.length ? routerSlices(run) : null]),
      pair([hasTransfer ? routerTransfer(run) : null, routerImportance(run)]));
    drawAll();
  }

  function routers() {
    if (data.routers.length === 0) {
      byId('routers').remove();
      return;
    }
    byId('routers').hidden = false;
    const select = byId('router-run');
    select.append(...data.routers.map((run, i) => h('option', {value: i}, run.label)));
    const show = () => showRouters(data.routers[Number(select.value)]);
    select.addEventListener('change', () => {
      show();
      byId('live').textContent = 'Figures of the routers of ' + data.routers[Number(select.value)].label;
    });
    show();
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', show);
  }

  function runsTable() {
    const columns = ['model', 'run_id', 'family', 'parameters', 'layers', 'documents', 'tokens', 'slice_by', 'profile', 'aggregated_at'];
    byId('runs').append(htmlTable(columns, (tables.runs || []).map(row => columns.map(column => row[column]))));
  }

  function contents() {
    const links = [['headline', 'In short'], ['claims', 'Claims'], ['size', 'Over models'], ['layers', 'Layers'], ['document', 'Token by token'],
      ['distribution', 'Distribution'], ['threshold', 'Threshold'], ['slices', 'Slices'], ['variance', 'Variance'], ['correlation', 'Two layers'],
      ['positions', 'Positions'], ['tokens', 'Extremes'], ...(data.routers.length ? [['routers', 'Routers']] : []), ['origin', 'Measured']];
    byId('contents').append(...links.map(([id, name]) => h('a', {href: '#' + id}, name)));
  }

  function main() {
    const about = data.about;
    byId('about').textContent = 'Written ' + about.written.replace('T', ' ').replace('Z', ' UTC') + ' by Radial ' + about.version + ' from ' +
      about.tables + (about.not_shown > 0 ? '; ' + count(about.not_shown) + ' older runs of the tables are not shown.' : '.');
    contents();
    cards();
    claims();
    overModels();
    runsTable();
    const select = byId('run');
    select.append(...data.runs.map((run, i) => h('option', {value: i}, run.label)));
    const own = data.runs.filter(run => !run.is_pool);
    select.value = String(data.runs.indexOf(own.length ? own[own.length - 1] : data.runs[0]));
    select.addEventListener('change', () => showRun(data.runs[Number(select.value)]));
    showRun(data.runs[Number(select.value)]);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => showRun(data.runs[Number(select.value)]));
    routers();
    let waiting = 0;
    addEventListener('resize', () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => plots.forEach(one => one.chart && fit(one)), 120);
    });
    addEventListener('beforeprint', () => { printing = true; plots.forEach(draw); });
    addEventListener('afterprint', () => { printing = false; plots.forEach(draw); });
  }

  main();
})();
