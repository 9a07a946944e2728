"""Every page that a role can reach by its menu, and the pages of the main road, without an axe violation (zh, en)."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from openpyxl import load_workbook

from tests.browser.conftest import PC, PHONE, TV, Known
from tests.browser.test_journeys import agree, file_entry, follow, open_case, press, send_entry
from tests.intake.test_import import GOOD

pytestmark = pytest.mark.browser
AXE = Path(__file__).with_name("vendor") / "axe.min.js"
LANGUAGES = ("zh", "en")

#: Pages beside the menu, by who has the most to see on them.
MORE: dict[str, tuple[str, ...]] = {
    "clerk": (
        "/first-ask/new",
        "/cases/archive",
        "/notices/check",
        "/ab/absences/new",
        "/leave/new",
        "/calendar/calculator",
        "/supervision-cards/visits/new",
        "/attendance/corrections/new",
        "/case-extensions?tab=all",
        "/clock-papers/check",
    ),
    "head": ("/leave/calendar", "/leave/register", "/cases/queue", "/ab/gaps", "/ab/feeds"),
    "leader": ("/denial-filings/register",),
    "principal": (),
    "office": (
        "/leave/register",
        "/leave/balances",
        "/leave/balances/clerk",
        "/posts/new",
        "/posts/YW-1",
        "/posts/YW-1/edit",
        "/posts/YW-1/compare",
        "/posts/YW-1/sheet",
        "/posts/qualifications",
        "/posts/qualifications/new",
        "/posts/representatives",
        "/posts/representatives/YW",
        "/intake/posts",
        "/tasks/new",
        "/inbox",
        "/inbox/settings",
        "/inbox/settings/add",
        "/supervisions",
        "/supervisions/urges",
        "/supervisions/new",
        "/inspections/findings?state=all",
        "/inspections/orders?state=all",
        "/inspections/plans",
        "/inspections/plans/new",
        "/inspections/spot",
        "/inspections/figures",
        "/client-opinions?tab=all",
        "/client-opinions/new",
        "/callbacks",
        "/callbacks/summary",
        "/clues/figures?state=all",
        "/clues/new",
        "/ab/coverage",
        "/ab/publications",
        "/ab/posts/YW-1/assign/A",
        "/ab/posts/YW-1/cover",
        "/catalogue/new",
        "/catalogue/SX-001",
        "/catalogue/SX-001/draft/edit",
        "/catalogue/SX-001/history",
        "/catalogue/SX-001/compare",
        "/catalogue/SX-001/retire",
        "/catalogue/drafts",
        "/catalogue/print",
        "/intake/items",
        "/fees",
        "/fees/consequences",
        "/calendar/days/new",
        "/calendar/2027/notice",
        "/calendar/hours",
        "/calendar/service-days",
        "/calendar/service-days/new",
        "/policy/values",
        "/policy/rules",
        "/policy/systems/first-ask",
        "/wall/displays",
        "/wall/view",
        "/intake",
        "/attendance/imports",
        "/attendance/codes/new",
        "/attendance/findings/new",
        "/attendance/weekly",
        "/organisation/departments/new",
        "/message-cards",
        "/message-cards/YW",
        "/message-cards/YW/out",
        "/message-cards/YW/sheet",
        "/m/YW",
        "/public/on-duty",
        "/public",
        "/public?q=kpjd",
        "/public/items/SX-001",
        "/public/items/SX-001/guide",
        "/public/status",
        "/public/promise-kept",
        "/public/promise-kept/cases",
        "/public/about",
        "/public/complain",
        "/public/complaints/new",
        "/public/complaints/look",
        "/complaints/new",
        "/complaints/mine",
        "/complaints/summary",
        "/bulletins",
        "/bulletins/2026-10/edit",
        "/registers",
        "/registers/kinds",
        "/registers/kinds/new",
        "/registers/overview",
        "/registers/study",
        "/half-years",
        "/half-years/2026-1/edit",
        "/work-plans/new",
        "/work-plans/items?light=all",
        "/work-plans/bulletin",
        "/weak-results?state=all",
        "/honours/new",
        "/awards/new",
        "/awards/given",
        "/score-evidence",
        "/score-evidence/objections",
        "/results/lists",
        "/results/lists/windows/2026",
        "/results/departments/YW/history",
        "/score-tables/new",
        "/score-tables/import",
        "/score-tables/presets/county-windows",
        "/training/overview",
        "/training/plans/new",
        "/training/sessions/new",
        "/duty-reports/rounds/new",
        "/yearly-grades/new",
        "/surveys/new",
        "/surveys/meetings/new",
        "/surveys/improvements",
        "/surveys/mine",
        "/public/surveys",
        "/openness/new",
        "/openness/directory",
        "/openness/directory/new",
        "/public/notices",
        "/appointments/new/YW",
        "/appointments/hours",
        "/appointments/hours/new",
        "/appointments/week",
        "/appointments/day",
        "/appointments/figures",
        "/public/appointments",
        "/public/appointments/look",
        "/reports?by=month",
        "/reports/cases?figure=done",
        "/reports/result-errors",
        "/evaluation?period=2026-Q4",
        "/evaluation/signed",
        "/evaluation/slips",
        "/evaluation/kiosks",
        "/proceedings",
        "/proceedings/new",
        "/proceedings/figures",
        "/proceedings/effects",
    ),
    "supervisor": ("/denial-filings/register",),
    "auditor": ("/audit/verification", "/audit/entries/1"),
    "security": ("/security/login-failures",),
    "sysadmin": ("/organisation/people/new", "/organisation/people/clerk", "/organisation/unit"),
}
#: What depends on words alone: all that can differ between two languages of one page.
WORDS = (
    "aria-command-name",
    "aria-dialog-name",
    "aria-input-field-name",
    "aria-meter-name",
    "aria-progressbar-name",
    "aria-toggle-field-name",
    "area-alt",
    "button-name",
    "document-title",
    "empty-heading",
    "frame-title",
    "html-has-lang",
    "html-lang-valid",
    "image-alt",
    "image-redundant-alt",
    "input-button-name",
    "label",
    "label-title-only",
    "landmark-unique",
    "link-in-text-block",
    "link-name",
    "select-name",
    "summary-name",
    "svg-img-alt",
    "table-duplicate-name",
    "valid-lang",
)
RUN = """async rules => (await axe.run(document, {resultTypes: ['violations'],
    ...(rules ? {runOnly: {type: 'rule', values: rules}} : {})})).violations.map(fault => {
    const places = fault.nodes.slice(0, 3).map(node => {
        const first = node.any.concat(node.all, node.none)[0];
        return node.target.join(' ') + ' [' + (first ? first.message : '') + ']';
    });
    return fault.id + ': ' + places.join(' | ');
})"""
#: A page and its main part without words and values: of pages of one shape the first is looked at whole.
SHAPE = """() => {
    const bare = text => text.replace(/>[^<]+</g, '><')
        .replace(/ (value|href|action|content|lang|title|alt|placeholder)="[^"]*"/g, '')
        .replace(/ (aria-label|aria-description|(hx|data)-[a-z:-]+)="[^"]*"/g, '');
    return [document.documentElement.lang, innerWidth + bare(document.querySelector('main').outerHTML),
        innerWidth + bare(document.body.outerHTML)];
}"""


def violations(page: Any, paths: Sequence[str], who: str, known: Known) -> list[str]:
    """What axe finds on pages, one line a fault.

    A role that is shown the same main part in the same language as another need not be looked at twice; a page that
    was looked at in the other language is asked only for what its words can change.
    """
    found = []
    for path in paths:
        answer = page.goto(path)
        if answer.status != 200:
            found.append(f"{who} {path}: answered {answer.status}")
            continue
        language, main, whole = page.evaluate(SHAPE)
        if path != "/" and (language, main) in known:
            continue
        faults = page.evaluate(RUN, list(WORDS) if whole in known else None)
        found += [f"{who} {path} {line}" for line in faults]
        if not faults:
            known.add((language, main))
            known.add(whole)
    return found


def speak(context: Any, site: str, language: str) -> None:
    """Read the portal in a language from now on."""
    context.add_cookies([{"name": "lang", "value": language, "url": site}])


def menu_of(page: Any) -> list[str]:
    """The addresses of the menu, with the home page and the account."""
    page.goto("/")
    found = page.eval_on_selector_all(".nav1 a", "links => links.map(a => a.getAttribute('href'))")
    return list(dict.fromkeys(["/", *found, "/account", "/account/password"]))


@pytest.fixture(scope="module")
def road() -> dict[str, str]:
    """The addresses of one case, notice and filing, made once by the pages."""
    return {}


@pytest.fixture
def on_the_road(person: Callable[..., Any], road: dict[str, str]) -> dict[str, str]:
    """A case with a notice and a filing that waits for the leader."""
    if not road:
        page = person("clerk").new_page()
        send_entry(page, "kpjd", "拟否定", "李文海")
        page.wait_for_url("**/cases/*/denial-filing")
        road["file"] = urlsplit(page.url).path
        road["case"] = road["file"].removesuffix("/denial-filing")
        page.locator("#refusal label").first.click()
        page.locator("#ground label").first.click()
        for name in ("situation", "reason", "basis", "alternatives", "department_opinion"):
            page.fill(f"#{name}", "已经核实。")
        with page.expect_navigation():
            page.locator("main").get_by_role("button", name="报备", exact=True).click()
        road["filing"] = urlsplit(page.url).path
        send_entry(page, "kpjd", "收件办理", "张晓光")
        page.locator("#quick .last").wait_for()
        road["entry"] = str(page.locator("#today li a").first.get_attribute("href"))
        page.goto(road["entry"])
        follow(page, page.locator("main a.b", has_text="办件 "))
        road["open"] = urlsplit(page.url).path
        page.close()
    return road


#: The office has the most pages: in two halves, so that two workers share them.
WALKS = [(username, 0, 1) for username in MORE if username != "office"] + [("office", 0, 2), ("office", 1, 2)]


@pytest.mark.parametrize(("username", "part", "of"), WALKS)
def test_role(
    known: Known, person: Callable[..., Any], on_the_road: dict[str, str], site: str, username: str, part: int, of: int
) -> None:
    """The menu of a role, page by page, in both languages."""
    context = person(username)
    context.add_init_script(path=AXE)
    page = context.new_page()
    paths = [*menu_of(page), *MORE[username]]
    if username == "clerk":
        case, filing = on_the_road["open"], on_the_road["filing"]
        paths += [on_the_road["entry"], case, on_the_road["case"], f"{case}/notice", f"{case}/denial-filing"]
        paths += [f"{case}/receipt", f"{filing}/form", f"{filing}/amend", f"{filing}/recall"]
    if username == "leader":
        paths.append(on_the_road["filing"])
    faults = []
    for language in LANGUAGES:
        speak(context, site, language)
        faults += violations(page, list(dict.fromkeys(paths))[part::of], f"{username} {language}", known)
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("language", LANGUAGES)
def test_phone(known: Known, person: Callable[..., Any], on_the_road: dict[str, str], site: str, language: str) -> None:
    """The pages that are read on a phone."""
    faults = []
    for username, paths in (
        ("clerk", ["/", on_the_road["open"], on_the_road["filing"]]),
        ("leader", ["/", on_the_road["filing"]]),
    ):
        context = person(username, PHONE)
        speak(context, site, language)
        context.add_init_script(path=AXE)
        faults += violations(context.new_page(), paths, f"phone {username} {language}", known)
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("viewport", [PC, PHONE], ids=["pc", "phone"])
def test_ballot(known: Known, browser_of: Callable[..., Any], site: str, viewport: dict[str, int]) -> None:
    """The ballot of a client, empty and refused, the thanks, and a tablet that waits to be paired."""
    faults = []
    for language in LANGUAGES:
        context = browser_of(viewport)
        speak(context, site, language)
        context.add_init_script(path=AXE)
        page = context.new_page()
        faults += violations(page, ["/evaluate", "/evaluate/thanks", "/kiosk"], f"client {language}", known)
        page.goto("/evaluate")
        page.locator("[data-grade]").last.check(force=True)
        page.locator("details.sign summary").click()
        faults += page.evaluate(RUN)
        page.locator("#ballot button[type=submit]").click()
        page.locator("[data-error-summary]").wait_for()
        faults += page.evaluate(RUN)
    assert not faults, "\n".join(faults)


@pytest.fixture(scope="module")
def papers() -> dict[str, str]:
    """The addresses of papers and of the forms before them, made once by the pages."""
    return {}


@pytest.fixture
def made(person: Callable[..., Any], papers: dict[str, str]) -> dict[str, str]:
    """A notice that waits for a supplement, a decision that waits for its letter, and one that waits for delivery."""
    if papers:
        return papers
    page = person("clerk").new_page()
    case = open_case(page, file_entry(page, "kpjd", "收件办理", "张晓光"))
    page.goto(f"{case}/notice")
    page.locator(".nt-row").first.locator(".seg label").nth(1).click()
    page.locator(".nt-row").first.locator(".nt-why input").fill("没有带来")
    page.fill("#next_visit", "工作日上午，一楼三号窗口")
    press(page, "告知")
    papers["notice"] = urlsplit(page.url).path
    papers["supplement"] = f"{urlsplit(case).path}/supplement"
    papers["case"] = urlsplit(case).path
    for name in ("issue", "letter"):
        send_entry(page, "kpjd", "拟否定", "李文海")
        page.wait_for_url("**/cases/*/denial-filing")
        page.locator("#refusal label").first.click()
        page.locator("#ground label").first.click()
        for field in ("situation", "reason", "basis", "alternatives", "department_opinion"):
            page.fill(f"#{field}", "已经核实。")
        press(page, "报备")
        filing = papers[name] = urlsplit(page.url).path
        leader = person("leader").new_page()
        leader.goto(filing)
        leader.get_by_role("button", name="同意否定意见").click()
        agree(leader)
        leader.close()
    page.goto(f"{papers['letter']}/issue")
    page.locator("main").get_by_role("button", name="出具书面决定").click()
    agree(page)
    page.close()
    return papers


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("viewport", [PC, PHONE], ids=["pc", "phone"])
def test_papers(
    known: Known, person: Callable[..., Any], made: dict[str, str], site: str, viewport: dict[str, int], language: str
) -> None:
    """Papers and the forms before them: notice, supplement, written decision, delivery, receipt, archive file."""
    notice, letter = made["notice"], made["letter"]
    paths = [notice, f"{notice}/paper", f"{made['case']}/notice", made["supplement"], f"{made['case']}/remind"]
    paths += [f"{made['case']}/receipt", f"{made['case']}/archive", f"{made['issue']}/issue", letter]
    paths += [f"{letter}/letter", f"{letter}/deliver", f"{letter}/form"]
    context = person("clerk", viewport)
    speak(context, site, language)
    context.add_init_script(path=AXE)
    page = context.new_page()
    faults = violations(page, paths, f"papers {language}", known)
    page.goto(f"{letter}/deliver")
    page.locator("main form button[type=submit]").first.click()
    page.locator("[data-error-summary]").wait_for()
    faults += page.evaluate(RUN)
    speak(context, site, "zh")
    assert not faults, "\n".join(faults)


def filled(template: bytes, sheets: dict[str, list[dict[str, Any]]]) -> bytes:
    """The portal's own template with some rows."""
    made = load_workbook(io.BytesIO(template))
    for title, rows in sheets.items():
        headings = [cell.value for cell in made[title][1]]
        for row in rows:
            made[title].append([row.get(heading) for heading in headings])
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


@pytest.mark.parametrize("language", LANGUAGES)
def test_import(person: Callable[..., Any], site: str, language: str) -> None:
    """A workbook with faults, and the preview of a good one."""
    context = person("office")
    speak(context, site, language)
    context.add_init_script(path=AXE)
    page = context.new_page()
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    no_roles = [{k: v for k, v in row.items() if k != "授予角色"} for row in GOOD["人员"]]
    template = page.request.get("/intake/template").body()
    faults = []
    for sheets, place in (({**GOOD, "岗位": [{"编码": "?"}]}, "#faults"), ({**GOOD, "人员": no_roles}, "#preview-t")):
        page.goto("/intake")
        page.set_input_files("#file", {"name": "一.xlsx", "mimeType": kind, "buffer": filled(template, sheets)})
        page.locator("main form[enctype] button[type=submit]").click()
        page.locator(place).wait_for()
        faults += [f"import {language} {place} {line}" for line in page.evaluate(RUN)]
    speak(context, site, "zh")
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("language", LANGUAGES)
def test_paired_wall(person: Callable[..., Any], browser_of: Callable[..., Any], site: str, language: str) -> None:
    """The wall on a paired screen."""
    context = browser_of(TV)
    speak(context, site, language)
    context.add_init_script(path=AXE)
    screen = context.new_page()
    screen.goto("/wall")
    desk = person("office").new_page()
    desk.goto("/wall/displays")
    desk.fill("#code", screen.locator("#pairing .code").inner_text())
    desk.fill("#name", f"大厅屏 {language}")
    desk.locator("#code").press("Enter")
    screen.locator("#wall").wait_for()
    faults = screen.evaluate(RUN)
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("language", LANGUAGES)
def test_before_login(known: Known, browser_of: Callable[..., Any], site: str, language: str) -> None:
    """The login page and a screen that nobody has paired."""
    context = browser_of(PC)
    speak(context, site, language)
    context.add_init_script(path=AXE)
    faults = violations(context.new_page(), ["/login", "/wall"], language, known)
    assert not faults, "\n".join(faults)
