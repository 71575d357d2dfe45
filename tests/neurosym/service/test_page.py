"""The page in a real browser, against a real server with a real prover."""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from selenium import webdriver
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

from neurosym import examples
from neurosym.runs.store import Store
from neurosym.service.app import create_app
from neurosym.service.tokens import Tokens
from neurosym.settings import Settings
from provers.lean.toolchain import Toolchain

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
in_browser = pytest.mark.skipif(
    not (CHROMIUM and DRIVER), reason="needs chromium and chromedriver (Debian: chromium-driver)"
)
HOSTILE = '<img src=x onerror="document.title=`taken`"><script>document.title="taken"</script>'
DESKTOP, PHONE = (1280, 800), (390, 844)


@contextmanager
def served(folder: Path, **settings: Any) -> Iterator[str]:
    """A service of its own on a free port; yields its address."""
    database = f"sqlite:///{folder / 'page.db'}"
    app = create_app(Settings(database=database, workers=1, **settings))
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive(), "the server did not start"
            time.sleep(0.02)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(30)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(tmp_path_factory.mktemp("service")) as url:
        yield url


class Page:
    """The page in a browser, as a person uses it."""

    def __init__(self, driver: webdriver.Chrome, address: str, shots: Path) -> None:
        self.driver = driver
        self.address = address
        self._shots = shots

    def size(self, width: int, height: int, *, dark: bool = False) -> None:
        # The window itself cannot be as narrow as a phone.
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme]})

    def open(self, path: str = "/") -> None:
        self.driver.get(self.address + path)
        self.until(lambda: self.js("return document.documentElement.dataset.ready === 'yes'"))

    def js(self, script: str, *values: Any) -> Any:
        return self.driver.execute_script(script, *values)

    def until(self, true: Callable[[], Any], seconds: float = 20) -> None:
        WebDriverWait(self.driver, seconds).until(lambda _: true())

    def one(self, selector: str) -> WebElement:
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def all(self, selector: str) -> list[WebElement]:
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def text(self, selector: str) -> str:
        return str(self.one(selector).text)

    def fill(self, field: str, text: str) -> None:
        self.js("document.getElementById(arguments[0]).value = arguments[1]", field, text)

    def keys(self, *keys: str) -> None:
        ActionChains(self.driver).send_keys(*keys).perform()

    def ctrl_enter(self) -> None:
        chain = ActionChains(self.driver).key_down(Keys.CONTROL).send_keys(Keys.ENTER)
        chain.key_up(Keys.CONTROL).perform()

    def finished(self, seconds: float = 20) -> None:
        self.until(lambda: self.one("#edit").is_displayed(), seconds)

    def example(self, name: str) -> None:
        self.one(f"[data-example={name}]").click()
        self.finished()

    def step(self, number: int) -> None:
        """Open a step's details; the one that needs attention first may be open already."""
        row = self.one(f"#step-{number}")
        if row.get_attribute("aria-expanded") == "false":
            row.click()
        assert self.text("#details h2") == f"Step {number}"

    def verdicts(self) -> list[str]:
        return [str(word.text) for word in self.all("#steps .row .word")]

    def ask_again(self, statement: str) -> None:
        """Write another formal statement and press Enter in it."""
        goal = self.one("#details textarea.goal")
        goal.clear()
        goal.send_keys(statement, Keys.ENTER)
        self.until(lambda: self.all(".again .verdict, .again .problem"))

    def shot(self, name: str) -> Path:
        self._shots.mkdir(parents=True, exist_ok=True)
        path = self._shots / f"{name}.png"
        assert self.driver.save_screenshot(str(path))
        return path

    def complaints(self) -> list[str]:
        """What the browser said of the page, violations of the content policy included."""
        return [entry["message"] for entry in self.driver.get_log("browser")]


@pytest.fixture(scope="module")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM or ""
    for word in [
        "headless=new",
        "no-sandbox",
        "disable-gpu",
        "disable-quic",
        "disable-dev-shm-usage",
        "no-first-run",
        "disable-background-networking",
        "disable-component-update",
        "disable-sync",
        f"user-data-dir={tmp_path_factory.mktemp('profile')}",
    ]:
        options.add_argument(f"--{word}")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    started = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))
    yield started
    started.quit()


@pytest.fixture
def page(driver: webdriver.Chrome, address: str, tmp_path: Path) -> Iterator[Page]:
    """The page, just opened; afterwards nothing may have gone wrong in it."""
    page = Page(driver, address, Path(os.environ.get("NEUROSYM_SCREENSHOTS") or tmp_path))
    page.size(*DESKTOP)
    page.open()
    yield page
    assert page.complaints() == []


# --- without a browser ---------------------------------------------------------------------


def test_the_page_allows_nothing_but_its_own_files(address: str) -> None:
    answer = httpx.get(address)
    assert answer.status_code == 200
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy and "http" not in policy and "*" not in policy
    assert "<style" not in answer.text and " style=" not in answer.text
    assert answer.text.count("<script") == 1 and " onclick" not in answer.text
    assert "//" not in answer.text


@pytest.mark.parametrize("name", ["page.py", "..%2fapp.py", "%2e%2e%2fapp.py", "%00", "a" * 5000])
def test_no_other_file_is_served(address: str, name: str) -> None:
    answer = httpx.get(f"{address}/static/{name}")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


def test_files_are_not_sent_twice(address: str) -> None:
    first = httpx.get(f"{address}/static/page.js")
    again = httpx.get(f"{address}/static/page.js", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_the_examples_are_those_of_the_package(address: str) -> None:
    found = httpx.get(f"{address}/v1/examples").json()["examples"]
    assert [one["name"] for one in found] == list(examples.names())


# --- verifying -----------------------------------------------------------------------------


@in_browser
def test_an_example_with_a_refuted_step(page: Page) -> None:
    page.example("wrong-step")
    assert page.verdicts() == ["refuted", "proved", "proved", "no claim"]
    assert [sign.text for sign in page.all("#steps .row .sign")] == ["✗", "✓", "✓", "–"]
    colours = [w.value_of_css_property("color") for w in page.all("#steps .row .verdict")]
    assert colours[1] == colours[2] and len(set(colours)) == 3
    assert "depends on refuted" in page.text("#step-2") and "depends on" not in page.text("#step-1")
    assert page.text("#result-title .word") == "refuted"
    assert "Answer 35" in page.text("#answer")
    # What needs attention first is open already, and nothing else.
    assert page.text("#details h2") == "Step 1"
    assert page.one("#details .goal").get_attribute("value") == "18 * 5 = 80"
    assert "The computations were checked" in page.text("#limits")
    page.shot("wrong-step")


@in_browser
def test_evidence_is_shown_with_the_premises_that_it_rests_on(page: Page) -> None:
    page.example("friends")
    page.step(2)
    used = [row.text for row in page.all("#details .formulas li.used code")]
    assert used == ["∀x (trust(x, eva) → like(eva, x))", "trust(clara, eva)"]
    marked = [mark.text for mark in page.all("#given mark")]
    assert marked == ["If someone trusts Eva then Eva likes them."]
    assert "needed" in str(page.one("#step-1").get_attribute("class"))
    assert "None of them can be left out" in page.text(".evidence")
    rows = [row.text for row in page.all(".evidence tbody tr")]
    assert any("x = clara" in row for row in rows)
    # The sources lead to where the words are.
    page.all("#details .source")[0].click()
    assert page.js("return document.activeElement.id") == "premise-3"
    page.all("#details .source")[1].click()
    assert page.js("return document.activeElement.id") == "step-1"


@in_browser
def test_an_independent_step_shows_two_models(page: Page) -> None:
    page.example("rules")
    page.step(4)
    table = page.one(".evidence table")
    head = [cell.text for cell in table.find_elements(By.CSS_SELECTOR, "thead th")]
    assert head == ["", "statement true", "statement false"]
    rows = {
        row.find_element(By.TAG_NAME, "th").text: [
            cell.text for cell in row.find_elements(By.TAG_NAME, "td")
        ]
        for row in table.find_elements(By.CSS_SELECTOR, "tbody tr")
    }
    assert rows["big(rex)"] == ["yes", "no"]
    assert rows["dog(rex)"] == ["yes", "yes"]
    assert rows["dog(tom)"] == ["no", "no"]
    assert {mark.text for mark in page.all(".evidence mark")} == {"yes", "no"}
    page.shot("two-models")


@in_browser
def test_contradictory_premises_are_said_and_marked(page: Page) -> None:
    page.example("contradiction")
    assert page.verdicts() == ["inconsistent"] * 3
    page.one("#conflict").click()
    assert page.text("#details h2") == "What is given"
    marked = [mark.text for mark in page.all("#given mark")]
    assert len(marked) == 4 and "Every penguin swims." not in marked
    page.shot("contradiction")


@in_browser
def test_own_text_with_a_question(page: Page) -> None:
    page.fill("question", "Tom is a cat. All cats are mammals. Tom zorgs blue. Is Tom a mammal?")
    page.fill("solution", "1. Tom is a mammal.\n2. Tom is not a mammal.")
    page.one("#solution").click()
    page.ctrl_enter()
    page.finished()
    assert page.verdicts() == ["proved", "refuted"]
    page.step(1)
    marked = [mark.text for mark in page.all("#given-question mark")]
    assert marked == ["Tom is a cat.", "All cats are mammals."]
    assert [part.text for part in page.all("#given .unread")] == ["Tom zorgs blue."]
    assert "Dotted" in page.text("#unread")
    page.one("#edit").click()
    assert page.one("#question").get_attribute("value").startswith("Tom is a cat.")


@in_browser
def test_each_claim_of_a_step_has_its_own_evidence(page: Page) -> None:
    page.fill("premises", "All dogs are animals.\nRex is a dog.")
    page.fill("solution", "Rex is an animal because Rex is a dog.")
    page.one("#input .primary").click()
    page.finished()
    page.step(1)
    assert [title.text for title in page.all("#details .claim-title")] == ["Claim 1", "Claim 2"]
    assert len(page.all("#details .evidence")) == len(page.all("#details textarea.goal")) == 2


@in_browser
def test_a_lean_file_to_copy(page: Page, lean_toolchain: Toolchain) -> None:
    page.one("#certify").click()
    page.fill("premises", "All dogs are animals.\nRex is a dog.")
    page.fill("solution", "Rex is an animal.")
    page.one("#input .primary").click()
    page.finished(120)
    assert "in Lean, too" in page.text("#step-1")
    code = page.text(".certificate pre")
    assert code.startswith("theorem") and "animal rex" in code
    page.js(
        "window.saved = []; URL.createObjectURL = (blob) => (window.saved.push(blob), '#');"
        "HTMLAnchorElement.prototype.click = function () { window.savedAs = this.download; };"
    )
    page.all(".certificate button")[1].click()
    assert page.js("return window.savedAs") == "step-1.lean"
    assert page.js("return window.saved[0].text()").strip() == code.strip()
    page.shot("lean")


# --- asking again --------------------------------------------------------------------------


@in_browser
def test_the_formal_statement_is_changed_and_asked_again(page: Page) -> None:
    page.example("rules")
    page.step(3)
    page.ask_again("¬green(tom)")
    assert page.text(".again .word") == "proved"
    page.one("#details .goal").clear()
    page.one("#details .goal").send_keys("green(", Keys.ENTER)
    page.until(lambda: "ill-formed" in page.text(".again"))
    assert "goal" in page.text(".again .remarks")
    [undo] = [b for b in page.all("#details .buttons button") if b.text == "Undo"]
    undo.click()
    assert page.one("#details .goal").get_attribute("value") == "green(tom)"
    # Without one premise of a minimal core nothing follows any more.
    page.all("#details .formulas li.used input")[0].click()
    page.one("#details .check").click()
    page.until(lambda: page.all(".again .verdict"))
    assert page.text(".again .word") == "independent"
    assert page.all(".again table")


@in_browser
def test_an_equation_is_asked_again_in_smtlib(page: Page) -> None:
    page.example("equation")
    assert page.verdicts() == ["proved", "proved", "refuted", "refuted", "no claim"]
    page.step(2)
    assert page.text("#details .formulas li.used code") == "3 · x + 5 = 20"
    page.ask_again("(< |x/0f| 6.0)")
    assert page.text(".again .word") == "proved"
    page.ask_again("(= |x/0f| 6.0)")
    page.until(lambda: page.text(".again .word") == "refuted")


# --- sharing -------------------------------------------------------------------------------


@in_browser
def test_a_link_carries_everything_to_a_fresh_tab(page: Page) -> None:
    page.example("converse")
    page.step(2)
    page.one("#share").click()
    page.until(lambda: page.one("#link").is_displayed())
    link = page.one("#link").get_attribute("value")
    assert "#" in link and "Anna" not in link and len(link) < 400
    first = page.driver.current_window_handle
    page.driver.switch_to.new_window("tab")
    try:
        page.size(*DESKTOP)
        page.driver.get(link)
        page.finished()
        assert page.verdicts() == ["proved", "proved", "independent"]
        assert page.text("#details h2") == "Step 2"
        assert "Every poet is a writer." in page.one("#premises").get_attribute("value")
    finally:
        page.driver.close()
        page.driver.switch_to.window(first)


@in_browser
@pytest.mark.parametrize("held", ["garbage", "S0lVslJQqlWoBQA", "%3Cscript%3E", "A" * 5000])
def test_a_damaged_link_is_said_in_one_sentence(page: Page, held: str) -> None:
    page.driver.get("about:blank")
    page.open(f"/#{held}")
    assert page.text("#problem") == "The link is damaged: copy all of it, or ask for a new one."
    assert page.one("#solution").is_displayed()


@in_browser
def test_a_link_that_unpacks_to_too_much_is_refused(page: Page) -> None:
    packed = page.js(
        "return import('/static/share.js').then(({pack}) => pack({question: '', premises: [], "
        "solution: 'a'.repeat(3000000), world: 'open', certify: false, open: null}))"
    )
    page.driver.get("about:blank")
    page.open(f"/#{packed}")
    assert "The link is damaged" in page.text("#problem")


# --- keys, and what is heard ---------------------------------------------------------------


@in_browser
def test_everything_works_from_the_keyboard(page: Page) -> None:
    page.keys(Keys.TAB, Keys.ENTER)  # the link that skips the header
    page.one("#premises").send_keys("All dogs are animals.", Keys.ENTER, "Rex is a dog.")
    page.keys(Keys.TAB, "1. Rex is an animal.", Keys.ENTER, "2. Rex is not an animal.")
    page.ctrl_enter()
    page.finished()
    assert page.text("#status") == "Done, overall refuted: 1 refuted, 1 proved."
    active = "return document.activeElement.id"
    assert page.js(active) == "step-2"  # what needs attention first
    outline = "return getComputedStyle(document.activeElement).outlineStyle"
    page.keys(Keys.ARROW_UP)
    assert page.js(active) == "step-1"
    assert page.js(outline) == "solid"
    assert page.text("#details h2") == "Step 1"  # details follow beside the steps
    page.keys(Keys.ENTER)
    assert not page.all("#details")
    page.keys(Keys.ARROW_DOWN, Keys.ENTER)
    assert page.text("#details h2") == "Step 2"
    assert page.one("#step-2").get_attribute("aria-expanded") == "true"
    page.keys(Keys.ESCAPE)
    assert not page.all("#details") and page.js(active) == "step-2"
    page.keys(Keys.HOME, Keys.ENTER)
    for _ in range(30):  # on to the formal statement, with no mouse
        page.keys(Keys.TAB)
        if page.js("return document.activeElement.classList.contains('goal')"):
            break
    page.keys(Keys.END, " ∧ ¬animal(rex)", Keys.ENTER)
    page.until(lambda: page.all(".again .verdict"))
    assert page.text(".again .word") == "refuted"


@in_browser
def test_every_control_has_a_name(page: Page) -> None:
    page.example("friends")
    nameless = page.js(
        "return [...document.querySelectorAll('button, input, textarea, select, [role=region]')]"
        ".filter((e) => !(e.getAttribute('aria-label') || e.textContent.trim() "
        "|| e.labels?.length)).map((e) => e.outerHTML)"
    )
    assert nameless == []
    assert page.one("#status").get_attribute("aria-live") == "polite"
    assert page.one("#problem").get_attribute("role") == "alert"


# --- stopping and going wrong --------------------------------------------------------------


@in_browser
def test_stop_ends_the_request_and_keeps_what_is_done(page: Page) -> None:
    lines = [f"{i} + {i} = {2 * i}." for i in range(1, 3001)]
    page.fill("solution", "\n".join(f"- {line}" for line in lines))
    page.one("#input .primary").click()
    page.until(lambda: page.all("#steps .row"))
    page.one("#stop").click()
    page.finished()
    assert page.text("#result-title") == "Not finished"
    done = len(page.all("#steps .row"))
    assert 0 < done < 3000
    assert "Stopped" in page.text("#status")
    page.one("#edit").click()
    page.fill("solution", "2 + 2 = 4.")
    page.one("#input .primary").click()
    page.finished()
    assert page.verdicts() == ["proved"]


@in_browser
def test_an_empty_solution_is_said(page: Page) -> None:
    page.one("#input .primary").click()
    assert page.text("#problem") == "There is no step to verify: write the solution first."
    assert page.js("return document.activeElement.id") == "solution"


@in_browser
def test_a_refusal_is_one_sentence(page: Page) -> None:
    page.fill("solution", "- x\n" * 5200)
    page.one("#input .primary").click()
    page.until(lambda: page.one("#problem").is_displayed())
    said = page.text("#problem")
    assert "5,200 steps" in said and said.endswith(".") and "{" not in said
    assert page.one("#solution").is_displayed()
    assert any("422" in line for line in page.complaints())  # the browser logs the status itself


@in_browser
def test_a_token_is_asked_for_only_where_it_is_needed(
    page: Page, driver: webdriver.Chrome, tmp_path: Path
) -> None:
    assert not page.one("#token-form").is_displayed()
    store = Store.open(f"sqlite:///{tmp_path / 'page.db'}")
    _, secret = Tokens(store.engine).create("page")
    store.close()
    with served(tmp_path, auth="required") as address:
        guarded = Page(driver, address, tmp_path)
        guarded.open()
        guarded.fill("solution", "2 + 2 = 5.")
        guarded.one("#input .primary").click()
        guarded.until(lambda: guarded.one("#token-form").is_displayed())
        guarded.one("#token").send_keys("neurosym_wrong", Keys.ENTER)
        guarded.until(lambda: guarded.one("#token-form").is_displayed())
        guarded.one("#token").send_keys(secret, Keys.ENTER)
        guarded.finished()
        assert guarded.verdicts() == ["refuted"]
        assert not guarded.one("#token-form").is_displayed()
        assert guarded.js("return localStorage.length + document.cookie.length") == 0
        assert secret not in guarded.driver.page_source
        assert all("401" in line for line in guarded.complaints())


# --- hostile text, other hosts, sizes ------------------------------------------------------


@in_browser
def test_hostile_text_stays_text(page: Page) -> None:
    page.fill("question", f"{HOSTILE} Is it?")
    page.fill("premises", f"Rex is a dog.\n{HOSTILE}")
    page.fill("solution", f"- {HOSTILE}\n- 2 + 2 = 5 {HOSTILE}\n- Rex is a dog.")
    page.one("#input .primary").click()
    page.finished()
    for step in page.all("#steps .row"):
        step.click()
    assert HOSTILE in page.text("#given-premises")
    assert page.driver.title == "neurosym"
    assert page.all("main img") == [] and page.all("main script") == []
    page.one("#share").click()
    page.until(lambda: page.one("#link").is_displayed())
    link = page.one("#link").get_attribute("value")
    page.driver.get("about:blank")
    page.driver.get(link)
    page.finished()
    assert page.driver.title == "neurosym"


@in_browser
def test_no_other_host_is_asked_for_anything(page: Page) -> None:
    page.example("rules")
    asked = page.js("return performance.getEntriesByType('resource').map((entry) => entry.name)")
    assert len(asked) > 5
    assert [url for url in asked if not url.startswith(f"{page.address}/")] == []


@in_browser
@pytest.mark.parametrize("name", ["friends", "contradiction", "equation"])
def test_nothing_is_cut_off_at_360_pixels(page: Page, name: str) -> None:
    page.size(360, 740)
    width = "return document.documentElement.scrollWidth"
    assert page.js(width) <= 360
    page.example(name)
    for step in page.all("#steps .row"):
        step.click()
        assert page.js(width) <= 360
        beyond = page.js(
            "return [...document.querySelectorAll('#result *')].filter((e) => !e.closest('.scroll,"
            " pre, .quiet-live') && e.getBoundingClientRect().right > 361).map((e) => e.outerHTML)"
        )
        assert beyond == []


@in_browser
def test_details_open_below_their_step_on_a_phone(page: Page) -> None:
    page.size(*PHONE)
    page.shot("phone-start")
    page.example("rules")
    assert not page.all("#details")
    page.step(3)
    assert page.all("#step-3 + #details")
    page.shot("phone")
    page.size(*DESKTOP)
    page.until(lambda: page.all("#side > #details"))


@in_browser
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_text_can_be_read_in_both_schemes(page: Page, dark: bool) -> None:
    page.size(*DESKTOP, dark=dark)
    page.shot("start-dark" if dark else "start")
    page.example("rules")
    page.shot("dark" if dark else "light")
    background = page.js("return getComputedStyle(document.body).backgroundColor")
    assert (max(_channels(background)) < 60) == dark
    for selector in ("#steps .row .verdict", "#summary", ".soft", "#given li", ".row .number"):
        for node in page.all(selector):
            if node.is_displayed():
                colour = page.js("return getComputedStyle(arguments[0]).color", node)
                assert _contrast(colour, background) >= 4.5, (selector, node.text)


def _channels(colour: str) -> list[float]:
    return [float(part) for part in colour.split("(")[1].rstrip(")").split(",")][:3]


def _contrast(one: str, other: str) -> float:
    """WCAG's contrast of two colours."""

    def luminance(colour: str) -> float:
        shares = [channel / 255 for channel in _channels(colour)]
        linear = [s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    dim, bright = sorted((luminance(one), luminance(other)))
    return (bright + 0.05) / (dim + 0.05)
