/* keep.js: nothing typed is lost. Three parts, all after portal.js:
   1. form[data-keep]: when there is no network the submission is kept (with its idempotency key) and sent once the
      server answers; data-keep may name the field whose words stand for it in the banner (data-keep="matter").
   2. [data-draft="name"] on a form: what is typed is saved while typing, put back after a new login, cleared after success.
   3. any other form that is posted plainly: when the login had expired, what was typed stands in it again after it.
   The first two are kept per user (body[data-user]) in localStorage; logging out clears drafts, never kept submissions.
   The third is kept by the tab alone, until its next page. */
(function () {
  'use strict';
  const doc = document;
  const { words, store, user, toast, messageOf, unanswered } = window.portal;
  if (!user) return;
  const SKIP = ['csrf_token', '_key'];
  const WEEK = 7 * 24 * 3600 * 1000;

  /* ---------------- drafts ---------------- */
  const draftKey = form => 'draft.' + user + '.' + form.dataset.draft;
  const savable = el => el.name && !SKIP.includes(el.name) && !/^(password|file|submit|button|reset|image)$/.test(el.type) &&
    (el.type !== 'hidden' || !!doc.querySelector('[data-target="' + CSS.escape(el.id || '-') + '"]'));
  const controls = form => Array.from(form.elements).filter(savable);
  function dirty(el) {
    if (el.type === 'radio' || el.type === 'checkbox') return el.checked !== el.defaultChecked;
    if (el.options) return Array.from(el.options).some((o, i) => o.selected !== (o.defaultSelected || (!el.multiple && !Array.from(el.options).some(x => x.defaultSelected) && i === 0)));
    return el.type === 'hidden' ? el.value !== '' : el.value !== el.defaultValue;
  }
  const valuesOf = form => controls(form).filter(el => (el.type !== 'radio' && el.type !== 'checkbox') || el.checked)
    .reduce((all, el) => all.concat(el.options ? Array.from(el.selectedOptions).map(o => [el.name, o.value]) : [[el.name, el.value]]), []);

  function fill(form, fields) {
    const left = new Map();
    fields.forEach(([name, value]) => left.set(name, (left.get(name) || []).concat(value)));
    controls(form).forEach(el => {
      const values = left.get(el.name) || [];
      if (el.type === 'radio' || el.type === 'checkbox') el.checked = values.includes(el.value);
      else if (el.options) Array.from(el.options).forEach(o => { o.selected = values.includes(o.value); });
      else if (values.length) el.value = values.shift();
    });
    // What was typed into a folded part must be seen.
    controls(form).filter(dirty).forEach(el => { const fold = el.closest('details'); if (fold) fold.open = true; });
  }

  function saveDraft(form) {
    clearTimeout(form.draftTimer);
    if (!form.isConnected || form.draftDone) return;
    const some = controls(form).some(dirty);
    store.set(draftKey(form), some ? { at: Date.now(), fields: valuesOf(form) } : null);
  }
  const draftForm = el => el && el.closest && el.closest('form[data-draft]');
  function typed(e) {
    const form = draftForm(e.target);
    if (!form) return;
    clearTimeout(form.draftTimer);
    form.draftTimer = setTimeout(() => saveDraft(form), 300);
  }
  doc.addEventListener('input', typed);
  doc.addEventListener('change', typed);
  const saveAll = () => doc.querySelectorAll('form[data-draft]').forEach(f => { if (f.draftTimer) saveDraft(f); });
  window.addEventListener('pagehide', saveAll);
  doc.addEventListener('visibilitychange', () => { if (doc.hidden) saveAll(); });

  function dropDraft(form) {
    clearTimeout(form.draftTimer);
    form.draftDone = true;
    store.set(draftKey(form), null);
  }
  function restoreDraft(form) {
    if (form.draftSeen) return;
    form.draftSeen = true;
    const draft = store.get(draftKey(form));
    if (!draft || form.querySelector('[data-error-summary]')) return;
    if (Date.now() - draft.at > WEEK) { store.set(draftKey(form), null); return; }
    fill(form, draft.fields);
    if (controls(form).some(dirty)) sayRestored(form, () => store.set(draftKey(form), null));
  }
  function sayRestored(form, onDiscard) {
    const note = doc.createElement('p'), button = doc.createElement('button');
    note.className = 'kept';
    note.setAttribute('role', 'status');
    button.type = 'button';
    button.className = 'b b-s b-l';
    button.textContent = words.discard || '×';
    button.addEventListener('click', () => { reset(form); onDiscard(); note.remove(); });
    note.append(words.restored || '', button);
    form.prepend(note);
  }
  function reset(form) {
    const refused = form.querySelector('[data-error-summary]');
    form.reset();
    controls(form).forEach(el => {
      // After a refusal the form's own defaults are what was typed.
      if (el.type === 'hidden' || (refused && /^(text|tel|search|date|number|email|textarea)$/.test(el.type))) el.value = '';
    });
    if (!refused) return;
    form.querySelectorAll('[data-error-summary],.fe').forEach(el => el.remove());
    form.querySelectorAll('.bad').forEach(el => el.classList.remove('bad'));
    form.querySelectorAll('[aria-invalid]').forEach(el => el.removeAttribute('aria-invalid'));
  }
  const restoreAll = () => doc.querySelectorAll('form[data-draft]').forEach(restoreDraft);

  // A form posted without htmx: whether it was taken shows on the page that follows. After a login it was not.
  const fromLogin = doc.referrer.startsWith(location.origin + '/login');
  const PENDING = 'portal.posted';
  doc.addEventListener('submit', e => {
    const form = draftForm(e.target);
    if (e.target.matches('form[data-logout]')) store.keys().filter(k => k.startsWith('draft.' + user + '.')).forEach(k => store.set(k, null));
    if (!form || e.defaultPrevented || form.matches('[hx-post]')) return;
    saveDraft(form);
    try { sessionStorage.setItem(PENDING, draftKey(form)); } catch (_) { /* the draft then stays a week */ }
  });
  let posted = null;
  try { posted = sessionStorage.getItem(PENDING); sessionStorage.removeItem(PENDING); } catch (_) { posted = null; }
  if (posted && !fromLogin && !doc.querySelector('[data-error-summary],[data-error-page]')) store.set(posted, null);

  doc.addEventListener('htmx:after:request', e => {
    const ctx = e.detail.ctx, form = draftForm(ctx.request.form);
    if (!form || ctx.request.method === 'GET' || ctx.sourceElement !== form) return;
    if (ctx.response.status < 300) dropDraft(form);
    else saveDraft(form);                                   // 401 and all else: the text waits
  });
  doc.addEventListener('htmx:after:swap', restoreAll);

  /* ---------------- a login that expired ---------------- */
  const LOST = 'portal.lost';
  const here = location.pathname + location.search;
  const posts = () => Array.from(doc.querySelectorAll('main form[method=post]'));
  doc.addEventListener('submit', e => {
    const form = e.target, place = posts().indexOf(form);
    if (e.defaultPrevented || place < 0 || form.matches('[data-draft],[hx-post]')) return;
    if (!controls(form).some(dirty) && !form.querySelector('[data-error-summary]')) return;
    const typedIn = { user, page: here, place, action: form.getAttribute('action'), fields: valuesOf(form) };
    try { sessionStorage.setItem(LOST, JSON.stringify(typedIn)); } catch (_) { /* then it must be typed again */ }
  });
  function afterLogin() {
    let typedIn = null;
    try { typedIn = JSON.parse(sessionStorage.getItem(LOST)); sessionStorage.removeItem(LOST); } catch (_) { return; }
    if (!fromLogin || !typedIn || typedIn.user !== user || typedIn.page !== here) return;
    const form = posts()[typedIn.place];
    if (!form || form.getAttribute('action') !== typedIn.action) return;
    fill(form, typedIn.fields);
    if (controls(form).some(dirty)) sayRestored(form, () => {});
  }

  /* ---------------- kept submissions ---------------- */
  const bar = doc.getElementById('keepbar');
  const queueKey = 'kept.' + user;
  let memory = [];                                          // also holds what storage refused to take
  const queue = () => {
    const stored = store.get(queueKey) || [];
    return stored.concat(memory.filter(m => !stored.some(s => s.key === m.key)));
  };
  function setQueue(list) { memory = store.set(queueKey, list.length ? list : null) ? [] : list; }
  const forget = key => setQueue(queue().filter(k => k.key !== key));

  function newKey() {
    const bytes = crypto.getRandomValues(new Uint8Array(18));
    return btoa(String.fromCharCode.apply(null, bytes)).replace(/\+/g, '-').replace(/\//g, '_');
  }
  const token = () => {
    try { return JSON.parse(doc.body.getAttribute('hx-headers:inherited'))['X-CSRFToken']; } catch (_) { return ''; }
  };
  function say(text, good) {
    if (!bar) return;
    bar.classList.toggle('ok', !!good);
    bar.textContent = text || '';
    bar.hidden = !text;
  }
  function sayKept() {
    const kept = queue();
    if (!kept.length) return;
    const text = kept.length === 1 ? words.kept : (words.keptMany || '').replace('{n}', kept.length);
    const titles = kept.map(k => k.title).filter(Boolean).join('、');
    say(titles ? text + '（' + titles + '）' : text);
  }

  function keep(form, ctx) {
    const body = ctx.request.body;
    const fields = body ? Array.from(body.entries()) : [];
    if (fields.some(f => f[1] instanceof File && f[1].size)) { toast(words.noNetwork); return; }   // files stay in the form
    const text = fields.filter(f => typeof f[1] === 'string');
    const value = name => (text.find(f => f[0] === name) || [])[1] || '';
    const key = value('_key');
    if (!key) { toast(words.noNetwork); return; }           // without a key it could be filed twice
    setQueue(queue().filter(k => k.key !== key).concat({
      key, url: ctx.request.action, fields: text, form: form.id, title: value(form.dataset.keep).slice(0, 30), at: Date.now(), tries: 0,
    }));
    dropDraft(form);
    reset(form);
    const input = form.querySelector('input[name=_key]');
    if (input) input.value = newKey();                      // the next one is another submission
    form.draftDone = false;
    const start = form.querySelector('[data-hotkey]');
    if (start) start.focus();
    sayKept();
    plan(2000);
  }
  doc.addEventListener('htmx:finally:request', e => {
    const ctx = e.detail.ctx, form = ctx && ctx.request && ctx.request.form;
    if (!form || ctx.request.method === 'GET' || !form.matches('form[data-keep]') || ctx.sourceElement !== form) return;
    if (/^error:/.test(ctx.status) && unanswered(ctx)) keep(form, ctx);
  });

  function giveBack(item, message) {
    const form = item.form && doc.getElementById(item.form);
    if (!form || !form.matches('form') || controls(form).some(dirty)) return false;   // waits until its form is free
    fill(form, item.fields);
    forget(item.key);
    if (message) { toast(message); return true; }
    toast(words.keptRefused);
    return true;
  }

  // "sent", "wait" (no answer), "login" or "refused"
  async function send(item) {
    const fields = item.fields.filter(f => f[0] !== 'csrf_token').concat([['csrf_token', token()]]);
    let answer, text;
    try {
      answer = await fetch(item.url, {
        method: 'POST', credentials: 'same-origin', body: new URLSearchParams(fields),
        headers: { 'X-CSRFToken': token(), 'HX-Request': 'true', 'HX-Request-Type': 'partial', 'HX-Current-URL': location.href, Accept: 'text/html' },
      });
      text = await answer.text();
    } catch (_) { return 'wait'; }
    if (answer.ok) {
      forget(item.key);
      const form = item.form && doc.getElementById(item.form);
      if (form && window.htmx && text) {
        const free = !controls(form).some(dirty);           // never replace what is being typed now
        window.htmx.swap({ text, target: form, sourceElement: form, swap: free ? 'outerHTML' : 'none', hx: {}, request: {} });
      }
      return 'sent';
    }
    if (answer.status >= 500 || answer.status === 429) return 'wait';
    if (answer.status === 401 || (answer.status === 400 && !item.tries)) {
      setQueue(queue().map(k => (k.key === item.key ? Object.assign({}, k, { tries: k.tries + (answer.status === 400 ? 1 : 0) }) : k)));
      return 'login';
    }
    giveBack(item, messageOf(answer.headers));
    return 'refused';
  }

  let timer = 0, busy = false, pause = 2000;
  function plan(wait) {
    clearTimeout(timer);
    if (queue().length) timer = setTimeout(flush, wait);
  }
  async function alive() {
    try { return (await fetch('/healthz', { cache: 'no-store', credentials: 'omit' })).ok; } catch (_) { return false; }
  }
  async function flush() {
    if (busy || !queue().length) return;
    busy = true;
    let again = true, results = [];
    if (await alive()) {
      for (const item of queue()) {
        const result = await send(item);
        results.push(result);
        if (result === 'wait' || result === 'login') break;
      }
      again = results.every(r => r === 'wait' || r === 'sent');
    }
    busy = false;
    if (results.includes('login')) say(words.keptLogin);
    else if (results.includes('sent') && !queue().length) say(words.sent, true);
    else if (results.includes('refused') && !queue().length) say('');
    else sayKept();
    pause = results.includes('sent') ? 2000 : Math.min(pause * 1.5, 15000);
    if (again) plan(pause);
  }
  window.addEventListener('online', () => { pause = 2000; plan(200); });

  restoreAll();
  afterLogin();
  if (queue().length) { sayKept(); plan(300); }
})();
