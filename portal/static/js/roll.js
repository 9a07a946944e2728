/* roll.js: attendance of many people with the keyboard. In form[data-roll] a digit chooses in the line of the focus and
   goes on to the next line; the arrows up and down go from line to line. Without it everything works by Tab and arrows. */
(function () {
  'use strict';
  const form = document.querySelector('form[data-roll]');
  if (!form) return;
  const lines = Array.from(form.querySelectorAll('tbody tr'));
  const enter = line => {
    const radio = line && (line.querySelector('input[type=radio]:checked') || line.querySelector('input[type=radio]'));
    if (radio) radio.focus();
    else form.querySelector('button[type=submit]').focus();
  };
  form.addEventListener('keydown', e => {
    if (e.target.type !== 'radio' || e.ctrlKey || e.altKey || e.metaKey || e.isComposing) return;
    const at = lines.indexOf(e.target.closest('tr'));
    if (at < 0) return;
    if (e.key === 'ArrowDown' || e.key === 'ArrowUp') {
      e.preventDefault();
      const to = at + (e.key === 'ArrowDown' ? 1 : -1);
      if (to >= 0) enter(lines[to]);
      return;
    }
    const radio = /^[1-9]$/.test(e.key) && lines[at].querySelectorAll('input[type=radio]')[Number(e.key) - 1];
    if (!radio) return;
    e.preventDefault();
    e.stopPropagation();
    radio.checked = true;
    radio.dispatchEvent(new Event('change', { bubbles: true }));
    // Who is excused or sends somebody needs a word more: the focus stays in the line.
    const more = radio.value === 'delegated' ? 'select' : radio.value === 'excused' ? 'input:not([type=radio])' : '';
    const field = more && lines[at].querySelector(more);
    if (field && !field.value && !(radio.value === 'excused' && lines[at].hasAttribute('data-away'))) field.focus();
    else enter(lines[at + 1]);
  });
  const first = lines[0];
  if (first && !document.querySelector('[data-error-summary]')) enter(first);
})();
