"""What clients see: the ballot on their phone, and on the counter's tablet (S-1). No session, no account, no trace."""

from __future__ import annotations

import re
from datetime import datetime

from flask import Blueprint, Response, current_app, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from portal.evaluation import queries, service
from portal.evaluation import vocabulary as words
from portal.evaluation.forms import BallotForm
from portal.evaluation.models import Grade, Kiosk, SignedBallot
from portal.kernel import access, clock, htmx
from portal.kernel.actor import current_actor
from portal.kernel.errors import Invalid, NotAllowed
from portal.kernel.web import csrf, same_site
from portal.people import pairing
from portal.people.guessing import ALL, Guarded, Turn

bp = Blueprint("evaluation", __name__)

Answer = str | BaseResponse | tuple[str, int]
_CODES = Guarded(
    "evaluation",
    {
        "address": "evaluation.wrong_per_address",
        "kiosk": "evaluation.wrong_per_kiosk",
        ALL: "evaluation.wrong_overall",
    },
    words.BLOCKED,
    row="evaluation",
)
#: Seconds after which a tablet forgets what somebody left half said, and after which it leaves the thanks.
IDLE, THANKED = 90, 12
#: Seconds between two questions of a waiting tablet, and days for which a browser keeps a tablet's cookie.
_POLL, _COOKIE_DAYS = 3, 400
_NUMBER = re.compile(r"YJ-[0-9]{4}-[0-9]{4,6}")


def _clients_only() -> None:
    """No ballot from a browser in which staff is logged in (S-1)."""
    if current_actor() is not None:
        raise NotAllowed(_("评议由服务对象本人进行，工作人员不得代评。请先退出登录。"), "S-1")


def _cast(form: BallotForm, now: datetime, kiosk: Kiosk | None) -> tuple[bool, SignedBallot | None, datetime | None]:
    """Cast the ballot of a form: whether it was, what was signed, and until when guessing is stopped."""
    said = {"kiosk": str(kiosk.id)} if kiosk else {}
    turn = Turn(_CODES, said, None if kiosk else request.remote_addr or "", now)
    if turn.blocked_until is not None:
        return False, None, turn.blocked_until
    try:
        return True, service.cast_ballot(form.code.data, form.ballot(), now, form.signature(), current_actor()), None
    except Invalid as error:
        if error.field == "code":
            turn.wrong()
        form.refuse(error)
    except service.Used as error:
        form.refuse(Invalid("code", error.message, "S-1"))
    return False, None, None


def _ballot(template: str, thanks: str, kiosk: Kiosk | None) -> Answer:
    """Show the ballot, or take it. A wrong code is answered well, so that it is counted; the text stays."""
    _clients_only()
    if request.method != "POST":
        form = BallotForm(formdata=None)
        return render_template(template, form=form, grades=tuple(Grade), words=words, idle=IDLE)
    same_site()
    now, form, status, until = clock.now(), BallotForm(), 200, None
    if form.sent():
        done, signed, until = _cast(form, now, kiosk)
        if done:
            number = signed.opinion_number if signed else None
            return redirect(url_for(thanks, number=number), 303)
        status = 429 if until else 200
    else:
        status = 422
    page = render_template(template, form=form, grades=tuple(Grade), words=words, idle=IDLE, blocked_until=until)
    answer = make_response(page, status)
    if until is not None:
        answer.headers["Retry-After"] = str(max(1, int((until - now).total_seconds())))
    return answer


def _thanked() -> str:
    """The number of the opinion that a signed ballot opened, as the address says."""
    number = request.args.get("number", "")
    return number if _NUMBER.fullmatch(number) else ""


@bp.route("/evaluate", methods=["GET", "POST"])
@csrf.exempt  # no session is needed for a ballot: nothing is done in anybody's name
@access.public
def evaluate() -> Answer:
    """The ballot on a client's own phone. The QR code's part after # never reaches a server or its log (S-1)."""
    return _ballot("evaluation/evaluate.html", "evaluation.thanks", None)


@bp.get("/evaluate/thanks")
@access.public
def thanks() -> str:
    """Thanks, with the number of what will be answered for who signed."""
    return render_template("evaluation/thanks.html", number=_thanked())


# --- the tablet -----------------------------------------------------------------------------------------------


def cookie_name() -> str:
    """Name of the tablet's cookie."""
    return "__Secure-kiosk" if current_app.config["SESSION_COOKIE_SECURE"] else "kiosk"


def _token() -> str:
    return request.cookies.get(cookie_name(), "")


def _give_token(answer: BaseResponse, token: str, seconds: int) -> None:
    """The token travels in this cookie only: for the tablet's own addresses, unseen by scripts and other sites."""
    answer.set_cookie(
        cookie_name(),
        token,
        max_age=seconds,
        path=url_for("evaluation.kiosk"),
        httponly=True,
        samesite="Strict",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
    )


@bp.route("/kiosk", methods=["GET", "POST"])
@csrf.exempt  # the tablet's cookie is sent by its own pages only
@access.public
def kiosk() -> Answer:
    """The ballot on a counter's tablet, for a tablet that was paired; else the code to pair it by."""
    found = queries.kiosk(_token())
    if found is None:
        _clients_only()
        return render_template("evaluation/pairing.html", asked=_asked(), every=_POLL)
    answer = make_response(_ballot("evaluation/kiosk.html", "evaluation.kiosk_thanks", found))
    if request.method == "GET":
        _give_token(answer, _token(), _COOKIE_DAYS * 86400)
    return answer


@bp.get("/kiosk/thanks")
@access.public
def kiosk_thanks() -> Answer:
    """Thanks on the tablet, which goes back to the ballot by itself."""
    if queries.kiosk(_token()) is None:
        return redirect(url_for("evaluation.kiosk"), 303)
    return render_template("evaluation/kiosk_thanks.html", number=_thanked(), seconds=THANKED)


def _asked() -> tuple[str, datetime] | None:
    """The code that this browser shows, and until when it is good."""
    found = pairing.asked(_token(), clock.now()) if _token() else None
    return (found.code, found.asked_at + pairing.LIFE) if found else None


@bp.post("/kiosk/pairing")
@csrf.exempt  # asking for a code changes nothing for anybody
@access.public
def ask_pairing() -> BaseResponse:
    """Give a tablet a code to show, and the secret that goes with it."""
    same_site()
    secret, asked = pairing.ask(clock.now())
    if htmx.wants_fragment():
        shown = (asked.code, asked.asked_at + pairing.LIFE)
        answer = make_response(render_template("evaluation/_pairing.html", asked=shown, every=_POLL))
    else:
        answer = make_response(redirect(url_for("evaluation.kiosk"), 303))
    _give_token(answer, secret, int(pairing.LIFE.total_seconds()))
    return answer


@bp.get("/kiosk/pairing")
@access.public
def wait_pairing() -> BaseResponse:
    """What a waiting tablet asks again and again: still waiting, paired (load the ballot), or a new code is needed."""
    if queries.kiosk(_token()) is not None:
        return Response(status=200, headers={"HX-Redirect": url_for("evaluation.kiosk")})
    if _asked() is not None:
        return Response(status=204)
    return make_response(render_template("evaluation/_pairing.html", asked=None, every=_POLL))
