/* Shows the parts of the first-ask form that the chosen disposition needs (data-when="name=value" or "name"). */
(function () {
  'use strict';
  function apply(form) {
    form.querySelectorAll('[data-when]').forEach(function (part) {
      const rule = part.dataset.when.split('=');
      const field = rule.length > 1
        ? form.querySelector('[name="' + rule[0] + '"][value="' + rule[1] + '"]')
        : form.querySelector('[name="' + rule[0] + '"]');
      part.classList.toggle('when-off', !(field && field.checked));
    });
  }
  function all() { document.querySelectorAll('#first-ask').forEach(apply); }
  document.addEventListener('change', function (e) { const form = e.target.closest && e.target.closest('#first-ask'); if (form) apply(form); });
  document.addEventListener('htmx:after:swap', all);
  document.addEventListener('reset', function () { setTimeout(all, 0); });
  document.documentElement.classList.add('js');
  all();
})();
