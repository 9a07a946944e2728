"""The application class and what holds for every answer: the commit point, headers, refusals, error pages."""

from __future__ import annotations

import hashlib
import logging
import secrets
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, ClassVar, cast
from urllib.parse import quote

from flask import (
    Flask,
    Response,
    current_app,
    flash,
    g,
    has_request_context,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError, CSRFProtect, generate_csrf
from markupsafe import Markup
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import BadRequest, HTTPException, NotFound, RequestEntityTooLarge
from werkzeug.routing import IntegerConverter

from portal.kernel import access, clock, htmx, i18n, idempotency, journal, templates, transaction
from portal.kernel.actor import Actor, current_actor
from portal.kernel.errors import Conflict, Refused
from portal.pure.states import IllegalMove
from portal.pure.text import is_storable

log = logging.getLogger("portal")
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})

#: Addresses that are remembered at most, and the longest of them: what people type is in some.
ADDRESSES_KEPT, ADDRESS_LENGTH = 4000, 300

csrf = CSRFProtect()

REFUSED = journal.kind(
    "access.refused",
    _l("被拒绝的操作：%(method)s %(path)s（%(status)s）"),
    facts=("method", "path", "status", "reason"),
    rules=("J-1",),
)

CSP = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)

#: On every answer, errors included.
SECURITY_HEADERS = (
    ("Content-Security-Policy", CSP),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), microphone=(), geolocation=()"),
)


class SmallInt(IntegerConverter):
    """Ids in addresses stay within what every database can compare."""

    def __init__(self, map: Any, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max", 2**31 - 1)
        super().__init__(map, *args, **kwargs)


class Portal(Flask):
    """Flask with one commit point: a good unsafe request is one committed transaction, anything else is undone."""

    jinja_environment = templates.Templates
    #: A dictionary, not a queue: the portal has more templates than the library keeps, and each is asked for by name.
    jinja_options: ClassVar[dict[str, Any]] = {"cache_size": -1}  # type: ignore[misc]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._addresses: dict[tuple[Any, ...], str] = {}

    def url_for(self, /, endpoint: str, **values: Any) -> str:
        """Flask's address of an endpoint; the plain ones of a request are built once.

        Raises werkzeug's BuildError for an endpoint or values that no rule has.
        """
        values = {name: value for name, value in values.items() if value is not None or name[:1] != "_"}
        if not has_request_context() or endpoint[:1] == "." or any(name[:1] == "_" for name in values):
            return super().url_for(endpoint, **values)
        given = tuple((name, value.__class__, value) for name, value in values.items())  # 1 and True differ
        key = (request.script_root, request.method, endpoint, given)
        try:
            found = self._addresses.get(key)
        except TypeError:  # a list of values has no place among keys
            return super().url_for(endpoint, **values)
        if found is None:
            found = super().url_for(endpoint, **values)
            if len(found) <= ADDRESS_LENGTH:
                if len(self._addresses) >= ADDRESSES_KEPT:
                    self._addresses.clear()
                self._addresses[key] = found
        return found

    def full_dispatch_request(self) -> Response:
        """Read the body of an unsafe request before anything else, so that a slow client holds nobody up."""
        if request.method not in SAFE:
            try:
                _ = request.form  # reads the whole body
            except HTTPException as error:
                return self.finalize_request(self.handle_user_exception(error))
        return super().full_dispatch_request()

    def dispatch_request(self) -> ResponseReturnValue:
        """Run the view; an unsafe request waits for its turn to write, its answer is made good by one commit.

        Who asks and whether they may was settled before the turn; if anything that rights are made of has changed
        while the request waited, it is settled again.
        """
        if request.method in SAFE:
            return super().dispatch_request()
        perform = super().dispatch_request
        if getattr(self.view_functions.get(request.endpoint or ""), "reads_first", False):
            found = cast(object, perform())
            if not isinstance(found, transaction.Act):
                return self._kept(current_actor()) or cast(ResponseReturnValue, found)
            perform = found.perform
        with transaction.turn():
            return self._act(perform)

    @staticmethod
    def _kept(actor: Actor | None) -> Response | None:
        """The answer that this very submission was given already."""
        return idempotency.replay(actor.id) if actor is not None and actor.id is not None else None

    def _act(self, perform: Callable[[], ResponseReturnValue]) -> ResponseReturnValue:
        try:
            access.recheck()
            actor = current_actor()
            if kept := self._kept(actor):
                transaction.rollback()
                return kept
            answer = self.make_response(perform())
            if answer.status_code >= 400:
                transaction.rollback()
                return answer
            if actor is not None and actor.id is not None:
                idempotency.keep(actor.id, answer, clock.now())
            transaction.commit()
            return answer
        except IntegrityError:
            transaction.rollback()
            if kept := self._kept(actor):
                return kept  # the same submission won on another server a moment ago
            raise
        except BaseException:
            transaction.rollback()
            raise


def init_app(app: Flask) -> None:
    """Attach the converters, checks, headers and error pages."""
    app.url_map.converters["int"] = SmallInt
    app.before_request(_begin)
    app.before_request(access.check)
    csrf.init_app(app)
    app.after_request(_headers)
    app.register_error_handler(CSRFError, _csrf_refused)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(DBAPIError, _database_error)
    app.register_error_handler(StaleDataError, _stale)
    app.register_error_handler(IllegalMove, _illegal_move)
    app.register_error_handler(Exception, _fault)
    app.jinja_env.globals.update(
        csrf_token=generate_csrf,
        form_keys=form_keys,
        static_url=_static_url(app),
        local_dt=i18n.local_dt,
        local_date=i18n.local_date,
        span=i18n.span,
        limit_words=i18n.limit_words,
        now=clock.now,
        today=clock.today,
        drawn=templates.drawn,
    )


def form_keys() -> Markup:
    """The hidden inputs of every form: CSRF token and idempotency key."""
    return (
        Markup('<input type="hidden" name="csrf_token" value="{}">').format(generate_csrf()) + idempotency.key_input()
    )


def _static_url(app: Flask) -> Any:
    prints: dict[str, str] = {}

    def static_url(path: str) -> str:
        """Address of a static file with a fingerprint of its content."""
        if path not in prints or app.debug:
            content = (Path(app.static_folder or "") / path).read_bytes()
            prints[path] = hashlib.sha256(content).hexdigest()[:12]
        return url_for("static", filename=path, v=prints[path])

    return static_url


def _begin() -> None:
    g.request_id = secrets.token_hex(4)
    if len(request.query_string) > 8192:
        raise NotFound()
    for value in (*request.args.values(), *(request.view_args or {}).values()):
        if isinstance(value, str) and not is_storable(value):
            raise NotFound()


def _headers(answer: Response) -> Response:
    h = answer.headers
    for name, value in SECURITY_HEADERS:
        h.setdefault(name, value)
    if request.is_secure:
        h.setdefault("Strict-Transport-Security", "max-age=31536000")
    if request.endpoint == "static":
        if "v" in request.args:
            h["Cache-Control"] = "public, max-age=31536000, immutable"
    elif "Cache-Control" not in h or answer.cache_control.public:  # sent files say "public" of themselves
        h["Cache-Control"] = "no-store"
        h.add("Vary", "HX-Request, HX-Request-Type, Cookie")
    return answer


# --- refusals and faults --------------------------------------------------------------------------------------


def _journal_refusal(status: int, reason: str) -> None:
    """Refused attempts are journalled too (J-1), in a transaction of their own."""
    actor = current_actor()
    if actor is None or actor.id is None:
        return
    try:
        with transaction.act():
            journal.record(
                REFUSED,
                None,
                actor,
                clock.now(),
                method=request.method,
                path=request.path[:200],
                status=status,
                reason=reason[:300],
            )
    except DBAPIError:
        log.warning("a refused attempt could not be journalled")


def error_page(status: int, message: str = "", fields: Sequence[tuple[str, str]] = ()) -> Response:
    """The error page of a status, as a fragment-free answer that leaves htmx's page as it is.

    ``fields`` are shown to be sent again. When the database cannot be read, the page shows what is known without it.
    """

    g.erring = True

    def drawn() -> str:
        return render_template("errors/error.html", status=status, message=message, fields=fields)

    try:
        answer = make_response(drawn(), status)
    except DBAPIError:
        _unread()
        answer = make_response(drawn(), status)
    if message:
        answer.headers["X-Portal-Message"] = quote(message, safe=" ")
    return answer


def _http_error(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    if status < 400:
        return error.get_response()
    if status == 401:
        return _to_login()
    message = str(getattr(error, "message", "")) if isinstance(error, Refused) else ""
    if isinstance(error, RequestEntityTooLarge):
        message = _("上传内容过大。")
    if status in (403, 409):
        _journal_refusal(status, message)
    answer = error_page(status, message)
    for name, value in error.get_headers():
        if name.lower() in {"allow", "retry-after"}:
            answer.headers[name] = value
    return answer


def _to_login() -> ResponseReturnValue:
    back = request.full_path.rstrip("?") if request.method in SAFE else htmx.referring_path()
    target = url_for("people.login", next=htmx.local_path(back))
    if htmx.is_htmx():
        answer = error_page(401, _("登录已过期。您填写的内容已保留，请重新登录。"))
        answer.headers["HX-Redirect"] = target
        return answer
    if request.method not in SAFE:
        flash(_("登录已过期，请重新登录。"), "warning")
    return redirect(target, 303)


def _csrf_refused(error: CSRFError) -> ResponseReturnValue:
    if current_actor() is None and access.permission_of(current_app, request.endpoint) != access.PUBLIC:
        return _to_login()
    return error_page(400, _("页面已失效，请刷新后重试；您填写的内容仍在页面上。"))


def same_site() -> None:
    """Refuse a form that another site's page has sent, where no token stands in its way. Raises BadRequest."""
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        raise BadRequest()


def _resend() -> list[tuple[str, str]]:
    """The fields of a submission that met a busy database, to be offered for sending again."""
    if request.method in SAFE or request.files:
        return []
    return [(k, v) for k, v in request.form.items(multi=True) if "password" not in k and k != "csrf_token"]


def _database_error(error: DBAPIError) -> ResponseReturnValue:
    transaction.rollback()
    if isinstance(error, IntegrityError):
        return _http_error(Conflict(_("同一时间有人做了相同的修改，请刷新后再试。")))
    if isinstance(error, OperationalError):
        log.warning("database unavailable: %s", error.orig)
        return _unavailable()
    return _fault(error)


def _unavailable() -> Response:
    """The 503 page with the text kept."""
    transaction.give_up()
    try:
        current_actor()
    except DBAPIError:
        _unread()
    answer = error_page(503, _("数据库暂时不可写，内容没有保存。请稍后再试一次。"), fields=_resend())
    answer.headers["Retry-After"] = "5"
    return answer


def _unread() -> None:
    """While the database cannot be read nobody can be looked up, and pages are drawn without it."""
    transaction.give_up()
    g.actor = None
    g.unread = True


def _stale(_error: StaleDataError) -> ResponseReturnValue:
    return _http_error(Conflict(_("这条记录刚被别人改动，请刷新后再试。")))


def _illegal_move(_error: IllegalMove) -> ResponseReturnValue:
    return _http_error(Conflict(_("当前状态下不能这样操作，请刷新页面查看最新状态。")))


def _fault(error: Exception) -> ResponseReturnValue:
    transaction.rollback()
    log.exception("fault in %s %s [%s]", request.method, request.path, g.get("request_id", ""), exc_info=error)
    if current_app.config.get("PROPAGATE_EXCEPTIONS") or current_app.testing:
        raise error
    return error_page(500, _("出现了意外的错误，已记入日志（编号 %(id)s）。", id=g.get("request_id", "")))
