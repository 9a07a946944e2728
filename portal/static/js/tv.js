/* tv.js: keeps the office TV honest. ES2019, beside htmx only, safe under script-src 'self'. One timer drives it all:
   the clock, how old the data is, which page is shown, the slow shift against burn-in, and reloading without ever
   landing on an error page. Words come from data attributes of <body>. */
(function () {
  'use strict';
  const body = document.body, words = body.dataset;
  const $ = id => document.getElementById(id);
  const LATE = 30, LOST = 120;                        // seconds without a good answer
  const SHIFT = 600, NIGHT = '03:30';                 // seconds between shifts; when the page is loaded anew every day
  const pages = document.querySelectorAll('.dots i').length;
  const shownPages = () => Number(($('wall') || body).dataset.pages) || pages;  // some pages are there only when they have something to say
  const rotate = Number(words.rotate) || 20;
  const idle = Number(words.idle) * 60 || 0;          // a person's own browser stops asking when nobody is there

  const seconds = () => performance.now() / 1000;     // monotonic: a clock step neither fakes nor hides staleness
  let serverAt = Number(words.now), markedAt = seconds();
  let goodAt = markedAt, goodTime = serverAt, usedAt = markedAt, triedAt = -Infinity, ticks = 0;
  const now = () => serverAt + (seconds() - markedAt) * 1000;

  const clockForm = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23', timeZone: words.zone });
  const dateForm = new Intl.DateTimeFormat(document.documentElement.lang, { month: 'long', day: 'numeric', weekday: 'long', timeZone: words.zone });
  const say = (id, text) => { const el = $(id); if (el && el.textContent !== text) el.textContent = text; };

  function good(headers) {                            // every answer that is good, changed or not
    const said = Date.parse(headers.get('Date') || '');
    // The header counts whole seconds: a smaller difference is its own coarseness and would make the clock jump.
    if (said && Math.abs(said - now()) > 1500) { serverAt = said; markedAt = seconds(); }
    goodAt = seconds();
    goodTime = now();
    const build = headers.get('X-Portal-Build');
    if (build && build !== words.build) reload(60);
  }

  /* Load the page anew only when the server is well and the page itself can be had. */
  function reload(atMostEvery) {
    if (seconds() - triedAt < atMostEvery) return;
    triedAt = seconds();
    const well = answer => { if (!answer.ok) throw new Error(String(answer.status)); };
    fetch('/healthz', { cache: 'no-store' }).then(well)
      .then(() => fetch(location.pathname, { cache: 'no-store' })).then(well)
      .then(() => location.reload(), () => {});
  }

  function show() {
    const at = clockForm.format(now()), shown = at.slice(0, 5), age = seconds() - goodAt;
    say('clock', shown);
    say('date', dateForm.format(now()));
    const seen = clockForm.format(goodTime), lost = age > LOST;
    body.classList.toggle('late', age > LATE);
    if (lost !== body.classList.contains('stale')) {
      body.classList.toggle('stale', lost);
      say('since', lost ? words.since.replace('{t}', seen.slice(0, 5)) : '');
    }
    say('conn', lost ? words.lost.replace('{n}', String(Math.floor(age / 60))) : words.fresh.replace('{t}', seen));
    const wall = $('wall');
    if (wall) {
      body.classList.toggle('large', wall.dataset.large === 'yes');
      body.classList.toggle('dim', wall.dataset.dim === 'yes');
    }
    if (shown === NIGHT && seconds() > 3600) reload(60);
  }

  function tick() {
    ticks += 1;
    show();
    if (ticks % rotate === 0) body.dataset.page = String(Number(words.page) % shownPages() + 1);
    if (ticks % SHIFT === 0) $('safe').className = 'safe s' + ticks / SHIFT % 8;
    setTimeout(tick, 1000 - now() % 1000);            // armed anew each time: the seconds do not drift
  }

  document.addEventListener('htmx:after:request', e => {
    const answer = e.detail.ctx && e.detail.ctx.response;
    if (answer && answer.status < 400) good(answer.headers);
  });
  if (idle) {
    ['pointermove', 'keydown'].forEach(kind => document.addEventListener(kind, () => { usedAt = seconds(); }, { passive: true }));
    document.addEventListener('htmx:before:request', e => { if (seconds() - usedAt > idle) e.preventDefault(); });
  }
  tick();
})();
