/* Shows the parts of the first-ask form, or of any form[data-parts], that what was chosen needs (data-when="name=value" or "name"). */
(function () {
  'use strict';
  const FORMS = '#first-ask,form[data-parts]';
  function apply(form) {
    form.querySelectorAll('[data-when]').forEach(function (part) {
      const rule = part.dataset.when.split('=');
      const field = rule.length > 1
        ? form.querySelector('[name="' + rule[0] + '"][value="' + rule[1] + '"]')
        : form.querySelector('[name="' + rule[0] + '"]');
      part.classList.toggle('when-off', !(field && field.checked));
    });
  }
  function all() { document.querySelectorAll(FORMS).forEach(apply); }
  document.addEventListener('change', function (e) { const form = e.target.closest && e.target.closest(FORMS); if (form) apply(form); });
  document.addEventListener('htmx:after:swap', all);
  document.addEventListener('reset', function () { setTimeout(all, 0); });
  document.documentElement.classList.add('js');
  all();
})();
