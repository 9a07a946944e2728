/* portal.js: what pages do beyond plain forms and links. ES2019, no dependency beside htmx, safe under script-src 'self'. */
(function () {
  'use strict';
  document.querySelectorAll('[data-print]').forEach(function (b) { b.hidden = false; });
  document.addEventListener('click', function (e) {
    if (e.target.closest('[data-print]')) window.print();
    document.querySelectorAll('details[data-drop][open]').forEach(function (d) { if (!d.contains(e.target)) d.open = false; });
  });
})();
