/* portal.js: what pages do beyond plain forms and links. ES2019, no dependency beside htmx, safe under script-src 'self'.
   Every part does nothing where its elements are absent; every page works without it. Hooks are data attributes:
   data-hotkey, data-hotkey-submit, data-digits, data-target, data-next, data-fill, data-dialog, data-dialog-close,
   data-confirm, data-danger, data-print, data-drop, data-shortcuts-toggle, data-error-summary. */
(function () {
  'use strict';
  const doc = document;
  const wordsOf = doc.getElementById('words');
  const words = wordsOf ? wordsOf.dataset : {};
  const user = doc.body.dataset.user || '';

  /* Storage may be switched off, full or spoilt; the page must not notice. */
  const store = {
    get(key) {
      try { return JSON.parse(localStorage.getItem('portal.' + key)); } catch (_) { return null; }
    },
    set(key, value) {
      try {
        if (value === null) localStorage.removeItem('portal.' + key);
        else localStorage.setItem('portal.' + key, JSON.stringify(value));
        return true;
      } catch (_) { return false; }
    },
    keys() {
      try { return Object.keys(localStorage).filter(k => k.startsWith('portal.')).map(k => k.slice(7)); } catch (_) { return []; }
    },
  };

  const visible = el => !!el && !el.disabled && el.getClientRects().length > 0;
  const first = (selector, root) => Array.from((root || doc).querySelectorAll(selector)).find(visible) || null;
  const emit = (el, name, detail) => el.dispatchEvent(new CustomEvent(name, { bubbles: true, detail }));

  /* ---- toast: one line that says what went wrong (or well); the form's content stays ---- */
  const toastBox = doc.getElementById('toast');
  let toastTimer = 0;
  function toast(text, good) {
    if (!toastBox || !text) return;
    clearTimeout(toastTimer);
    const line = toastBox.querySelector('p');
    toastBox.classList.toggle('ok', !!good);
    if (!line || line.textContent !== text) {
      const p = doc.createElement('p');
      const close = doc.createElement('button');
      p.textContent = text;
      close.type = 'button';
      close.textContent = '×';
      close.setAttribute('aria-label', words.close || '');
      close.addEventListener('click', hideToast);
      toastBox.replaceChildren(p, close);
    }
    if (good) toastTimer = setTimeout(hideToast, 6000);
  }
  function hideToast() { if (toastBox) toastBox.replaceChildren(); }

  function messageOf(headers) {
    const raw = headers && headers.get('X-Portal-Message');
    if (!raw) return '';
    try { return decodeURIComponent(raw); } catch (_) { return raw; }
  }

  /* ---- htmx: errors, confirmation, focus ---- */
  const unanswered = ctx => !!ctx && (!ctx.response || ctx.text === undefined);
  const quiet = el => el && el.matches && (el.matches('[role=combobox]') || /(^|[\s,])every\s/.test(el.getAttribute('hx-trigger') || ''));

  doc.addEventListener('htmx:error', e => {
    const ctx = e.detail.ctx;
    if (!ctx || !unanswered(ctx) || quiet(ctx.sourceElement)) return;
    const form = ctx.request && ctx.request.form;
    if (form && form.hasAttribute('data-keep') && ctx.request.method !== 'GET') return;   // keep.js tells
    toast(words.noNetwork);
  });

  doc.addEventListener('htmx:response:error', e => {
    const ctx = e.detail.ctx, status = ctx.response.status;
    if (status === 422 || quiet(ctx.sourceElement)) return;                    // 422 shows itself in the form
    if (status === 401 && ctx.response.headers.get('HX-Redirect')) return;     // htmx goes to the login page
    toast(messageOf(ctx.response.headers) || words.failed);
  });

  doc.addEventListener('htmx:after:request', e => {
    const ctx = e.detail.ctx;
    if (!ctx.response || ctx.response.status >= 400 || ctx.request.method === 'GET') return;
    const said = messageOf(ctx.response.headers);
    if (said) toast(said, true); else hideToast();
    doc.title = plainTitle;
  });

  // An error page never replaces a part of this page: only 422 brings the form back.
  doc.addEventListener('htmx:before:swap', e => {
    const answer = e.detail.ctx.response;
    if (answer && answer.status >= 400 && answer.status !== 422) e.preventDefault();
  });

  const plainTitle = doc.title;
  doc.addEventListener('htmx:after:swap', e => {
    const ctx = e.detail.ctx, el = ctx.sourceElement;
    if (ctx.response && ctx.response.status === 422) {
      const area = el && el.querySelector && el.querySelector('[data-error-summary]');
      const summary = area || first('[data-error-summary]');
      if (summary) summary.focus();
      if (words.errorTitle) doc.title = words.errorTitle.replace('{t}', plainTitle);
    } else if (el && el.matches && el.matches('[data-dialog]')) {
      openDialog(el);
    }
    doc.querySelectorAll('[role=combobox]').forEach(refreshList);
  });

  const ask = doc.getElementById('confirm');
  let answerTo = null;
  function confirmWith(text, danger, onAnswer) {
    if (!ask || !ask.showModal) { onAnswer(window.confirm(text)); return; }
    if (answerTo) answerTo(false);
    answerTo = onAnswer;
    doc.getElementById('confirm-q').textContent = text;
    const yes = ask.querySelector('[data-answer=yes]');
    yes.classList.toggle('b-dd', danger);
    yes.classList.toggle('b-p', !danger);
    if (!ask.open) ask.showModal();
  }
  function settle(answer) {
    const reply = answerTo;
    answerTo = null;
    if (ask.open) ask.close();
    if (reply) reply(answer);
  }
  if (ask) {
    ask.addEventListener('click', e => {
      const button = e.target.closest('[data-answer]');
      if (button) settle(button.dataset.answer === 'yes');
    });
    ask.addEventListener('close', () => settle(false));
  }
  doc.addEventListener('htmx:confirm', e => {
    const d = e.detail;
    e.preventDefault();
    confirmWith(d.ctx.confirm, d.ctx.sourceElement.hasAttribute('data-danger'), yes => (yes ? d.issueRequest() : d.dropRequest()));
  });
  // The same for forms that are posted plainly.
  doc.addEventListener('submit', e => {
    const form = e.target, button = e.submitter;
    const text = (button && button.dataset.confirm) || form.dataset.confirm;
    if (!text) return;
    if (form.dataset.agreed) { delete form.dataset.agreed; return; }
    e.preventDefault();
    e.stopImmediatePropagation();
    const danger = form.hasAttribute('data-danger') || !!(button && button.hasAttribute('data-danger'));
    confirmWith(text, danger, yes => {
      if (!yes) return;
      form.dataset.agreed = '1';
      form.requestSubmit(button && button.form === form ? button : undefined);
    });
  }, true);

  /* ---- IME guard: while pinyin is being composed no search goes out; one goes out at its end ---- */
  window.addEventListener('input', e => { if (e.isComposing) e.stopImmediatePropagation(); }, true);
  window.addEventListener('compositionend', e => emit(e.target, 'input'), true);

  /* ---- keyboard ---- */
  const toggle = doc.querySelector('[data-shortcuts-toggle]');
  const shortcutsOn = () => doc.body.dataset.shortcuts !== 'off';
  function showShortcuts() {
    if (!toggle) return;
    const label = toggle.querySelector('[data-on]');
    toggle.hidden = false;
    toggle.setAttribute('aria-pressed', String(shortcutsOn()));
    label.textContent = shortcutsOn() ? label.dataset.on : label.dataset.off;
  }
  const chosen = store.get('shortcuts.' + user);             // this browser's choice outranks the account's
  if (chosen) doc.body.dataset.shortcuts = chosen;
  showShortcuts();

  const typing = el => !!el && (el.isContentEditable || el.matches('textarea,select') ||
    (el.matches('input') && !/^(radio|checkbox|button|submit|reset|file|range|color)$/.test(el.type)));

  function digitChoice(key, focused) {
    const form = focused && focused.closest && focused.closest('form');
    const group = (form && first('[data-digits]', form)) || first('[data-digits]');
    const radio = group && group.querySelectorAll('input[type=radio]')[Number(key) - 1];
    if (!radio || radio.disabled) return false;
    radio.focus();
    radio.click();
    return true;
  }

  function submitFrom(focused) {
    const form = (focused && focused.closest && focused.closest('form')) || null;
    const marked = form ? form.querySelector('button[data-hotkey-submit]') : first('[data-hotkey-submit]');
    let button = null, owner = form;
    if (marked && marked.matches('button')) { button = marked; owner = marked.form; }
    else if (marked) owner = marked;
    if (!owner || owner.closest('#confirm')) return false;
    if (!button) {
      const buttons = Array.from(owner.querySelectorAll('button[type=submit],button:not([type]),input[type=submit]')).filter(visible);
      if (buttons.length !== 1) return false;            // several acts: the person must choose one
      button = buttons[0];
    }
    if (button.disabled) return false;
    owner.requestSubmit(button);
    return true;
  }

  doc.addEventListener('keydown', e => {
    if (e.isComposing || e.keyCode === 229 || e.defaultPrevented) return;
    const el = doc.activeElement;
    if (e.key === 'Escape') { closeDrops(el); return; }
    if (!shortcutsOn() || e.altKey) return;
    if (e.key === 'Enter' && (e.ctrlKey || e.metaKey)) { if (submitFrom(el)) e.preventDefault(); return; }
    if (e.ctrlKey || e.metaKey || typing(el) || e.key.length !== 1) return;
    const modal = doc.querySelector('dialog[open]');
    if (modal && !modal.contains(el)) return;
    const wanted = first('[data-hotkey="' + CSS.escape(e.key) + '"]', modal);
    if (wanted) {
      e.preventDefault();
      if (typing(wanted)) { wanted.focus(); if (wanted.select) wanted.select(); } else wanted.click();
    } else if (e.key >= '1' && e.key <= '9' && digitChoice(e.key, el)) {
      e.preventDefault();
    }
  });

  /* ---- combobox: the server renders ul[role=listbox], this moves in it and chooses ---- */
  const state = new WeakMap();
  const stateOf = input => { if (!state.has(input)) state.set(input, { closed: true, waiting: false, take: false, timer: 0 }); return state.get(input); };
  const listOf = input => doc.getElementById(input.getAttribute('aria-controls') || '');
  const optionsOf = input => { const l = listOf(input); return l ? Array.from(l.querySelectorAll('[role=option]')) : []; };
  const isOpen = input => { const l = listOf(input); return !!l && !l.hidden && optionsOf(input).length > 0; };

  function mark(input, option) {
    optionsOf(input).forEach((o, i) => {
      if (!o.id) o.id = (listOf(input).id || 'list') + '-' + i;
      o.setAttribute('aria-selected', String(o === option));
    });
    if (option) {
      input.setAttribute('aria-activedescendant', option.id);
      option.scrollIntoView({ block: 'nearest' });
    } else input.removeAttribute('aria-activedescendant');
  }
  function refreshList(input) {
    const list = listOf(input), s = stateOf(input);
    if (!list) return;
    s.waiting = false;
    const options = optionsOf(input);
    list.hidden = s.closed || !list.childElementCount;
    input.setAttribute('aria-expanded', String(isOpen(input)));
    if (!isOpen(input)) mark(input, null);
    else if (!options.some(o => o.getAttribute('aria-selected') === 'true')) mark(input, options[0]);
    if (s.take) takeFirst(input);
  }
  function closeList(input) {
    const list = listOf(input), s = stateOf(input);
    s.closed = true;
    if (!list) return;
    list.hidden = true;
    input.setAttribute('aria-expanded', 'false');
    mark(input, null);
  }
  function moveOn(input) {
    const form = input.closest('form');
    const group = input.dataset.next ? first(input.dataset.next, form) || first(input.dataset.next) : form && first('[data-digits]', form);
    const next = group && (group.matches('input,select,textarea,button') ? group
      : group.querySelector('input:checked') || group.querySelector('input,select,textarea,button'));
    if (next) next.focus();
    return !!next;
  }
  function put(input, text, value) {
    const target = doc.getElementById(input.dataset.target || '');
    input.value = text;
    if (target) { target.value = value; emit(target, 'change'); }
    closeList(input);
    emit(input, 'portal:chosen', { text, value });
  }
  function choose(input, option) {
    const label = option.querySelector('span');
    put(input, option.dataset.text || (label || option).textContent.trim(), option.dataset.value || '');
    moveOn(input);
  }
  function takeFirst(input) {
    const s = stateOf(input), options = optionsOf(input);
    clearTimeout(s.timer);
    s.take = false;
    s.waiting = false;
    if (isOpen(input)) choose(input, options.find(o => o.getAttribute('aria-selected') === 'true') || options[0]);
    else { closeList(input); moveOn(input); }
  }

  doc.addEventListener('input', e => {
    const input = e.target;
    if (!input.matches('[role=combobox]')) return;
    const s = stateOf(input), target = doc.getElementById(input.dataset.target || '');
    s.closed = false;
    s.waiting = input.value.trim() !== '' && input.hasAttribute('hx-get');
    if (target && target.value) { target.value = ''; emit(target, 'change'); }   // edited: no longer what was chosen
  });
  doc.addEventListener('htmx:finally:request', e => {
    const input = e.detail.ctx && e.detail.ctx.sourceElement;
    if (!input || !input.matches || !input.matches('[role=combobox]') || !unanswered(e.detail.ctx)) return;
    const s = stateOf(input);
    if (s.take) takeFirst(input);                          // no network: the typed words stand
  });
  doc.addEventListener('keydown', e => {
    const input = e.target;
    if (!input.matches || !input.matches('[role=combobox]') || e.isComposing || e.keyCode === 229) return;
    const s = stateOf(input), options = optionsOf(input);
    if (e.key === 'ArrowDown' || e.key === 'ArrowUp') {
      if (!options.length) return;
      e.preventDefault();
      const now = options.findIndex(o => o.getAttribute('aria-selected') === 'true');
      const step = e.key === 'ArrowDown' ? 1 : -1;
      const opened = isOpen(input);
      s.closed = false;
      refreshList(input);
      mark(input, opened ? options[(now + step + options.length) % options.length] : options[step > 0 ? 0 : options.length - 1]);
    } else if (e.key === 'Enter' && !e.ctrlKey && !e.metaKey) {
      if (isOpen(input) && !s.waiting) { e.preventDefault(); takeFirst(input); }
      else if (s.waiting) {                                 // Enter was faster than the answer
        e.preventDefault();
        s.take = true;
        s.timer = setTimeout(() => takeFirst(input), 2500);
      } else if (input.value.trim() && moveOn(input)) e.preventDefault();
    } else if (e.key === 'Escape' && isOpen(input)) {
      e.preventDefault();
      closeList(input);
    }
  }, true);
  doc.addEventListener('mousedown', e => { if (e.target.closest('[role=listbox] [role=option]')) e.preventDefault(); });
  doc.addEventListener('submit', e => { e.target.querySelectorAll('[role=combobox]').forEach(closeList); });
  doc.addEventListener('focusout', e => { if (e.target.matches('[role=combobox]')) closeList(e.target); });

  /* ---- clicks: options, chips, dialogs, print, menus ---- */
  function openDialog(el) {
    const dialog = doc.querySelector(el.dataset.dialog || null);
    if (dialog && dialog.showModal && !dialog.open) dialog.showModal();
    return !!dialog;
  }
  function closeDrops(except) {
    doc.querySelectorAll('details[data-drop][open]').forEach(d => {
      const inside = except && d.contains(except);
      d.open = false;
      if (inside) d.querySelector('summary').focus();
    });
  }
  doc.addEventListener('click', e => {
    const at = s => e.target.closest(s);
    doc.querySelectorAll('details[data-drop][open]').forEach(d => { if (!d.contains(e.target)) d.open = false; });
    let el;
    if ((el = at('[role=listbox] [role=option]'))) {
      const list = el.closest('[role=listbox]');
      const input = Array.from(doc.querySelectorAll('[role=combobox]')).find(i => i.getAttribute('aria-controls') === list.id);
      if (input) choose(input, el);
    } else if ((el = at('[data-fill]'))) {
      const input = doc.querySelector(el.dataset.fill);
      if (!input) return;
      e.preventDefault();
      put(input, el.dataset.text || el.textContent.trim(), el.dataset.value || '');
      if (!moveOn(input)) input.focus();
    } else if ((el = at('[data-dialog-close]'))) {
      const dialog = el.closest('dialog');
      if (dialog) { e.preventDefault(); dialog.close(); }
    } else if ((el = at('[data-dialog]')) && !el.matches('[hx-get],[hx-post]')) {
      if (openDialog(el)) e.preventDefault();
    } else if (at('[data-print]')) {
      window.print();
    } else if (at('[data-shortcuts-toggle]')) {
      doc.body.dataset.shortcuts = shortcutsOn() ? 'off' : 'on';
      store.set('shortcuts.' + user, doc.body.dataset.shortcuts);
      showShortcuts();
    }
  });
  doc.querySelectorAll('[data-print]').forEach(b => { b.hidden = false; });

  const failed = first('[data-error-summary]');
  if (failed) failed.focus();

  window.portal = { words, store, user, toast, messageOf, unanswered };
})();
