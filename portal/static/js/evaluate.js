/* evaluate.js: the ballot (S-1). Takes the code from the part of the address after # (which no server ever sees) and
   removes it there, shows the reasons of the chosen grade, and on a tablet forgets what somebody left half said. */
(function () {
  'use strict';
  const doc = document, form = doc.querySelector('[data-ballot]');
  if (!form) return;
  const code = form.querySelector('[data-code]'), typed = decodeURIComponent(location.hash.slice(1));
  if (/^[0-9A-Za-z-]{12,14}$/.test(typed) && code && !code.value) {
    code.value = typed.replace(/^(.{4})(.{4})(.{4})$/, '$1-$2-$3');
    history.replaceState(null, '', location.pathname);
  }
  function show() {
    const chosen = form.querySelector('[data-grade]:checked');
    form.querySelectorAll('[data-reasons]').forEach(part => {
      part.hidden = !chosen || part.dataset.reasons !== chosen.value;
      const hint = part.querySelector('.hint');
      if (hint) hint.hidden = true;
    });
  }
  form.addEventListener('change', show);
  show();
  const home = doc.querySelector('[data-idle]');
  if (!home) return;
  let timer = 0;
  function again() {
    clearTimeout(timer);
    timer = setTimeout(() => location.replace(home.dataset.home), 1000 * Number(home.dataset.idle));
  }
  ['pointerdown', 'keydown', 'input', 'scroll'].forEach(name => doc.addEventListener(name, again, { passive: true }));
  window.addEventListener('pageshow', event => { if (event.persisted) location.replace(home.dataset.home); });
  again();
})();
