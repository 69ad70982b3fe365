"""What stands between views and browsers: htmx, headers, languages, outages, tags, and who may know what."""

from datetime import UTC
from types import SimpleNamespace

import pytest
from django.contrib import messages
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpResponse, HttpResponseRedirect
from django.test import Client
from django.urls import path
from django.utils import timezone
from django.utils.translation import get_language

from commons import gate
from commons.web import etag, language
from tests.factories import PersonFactory

HTMX = {"HX-Request": "true", "HX-Current-URL": "http://testserver/pods/abc/?page=2"}


@gate.public(methods=("GET", "POST"))
def speak(request):
    messages.success(request, "It was <kept>.")
    return HttpResponse("<p id='part'>part</p>")


@gate.public(methods=("GET", "POST"))
def leave(request):
    response = HttpResponseRedirect("/where/?to=1")
    response.set_cookie("kept", "1")
    return response


@gate.signed_in
def own(request):
    return HttpResponse(f"{get_language()} {timezone.get_current_timezone_name()}")


@gate.public
def tongue(request):
    return HttpResponse(f"{get_language()} {timezone.get_current_timezone_name()}")


@gate.by_link
def one_tap(request, token):
    return HttpResponse("tap")


@gate.public
def broken(request, error):
    raise {"operational": OperationalError, "interface": InterfaceError, "other": ValueError}[error]


@gate.public
def polled(request):
    if answer := etag.not_modified(request, "7"):
        return answer
    return etag.tagged(request, HttpResponse("seven"), "7")


urlpatterns = [
    path("", speak, name="home"),
    path("speak/", speak, name="speak"),
    path("leave/", leave),
    path("own/", own, name="own"),
    path("tongue/", tongue),
    path("a/<str:token>/", one_tap),
    path("broken/<str:error>/", broken),
    path("polled/", polled),
    path("sign-in/", tongue, name="account_login"),
    path("sign-out/", leave, name="account_logout"),
    path("today/", own, name="today"),
]
handler403 = "commons.web.errors.forbidden"
handler500 = "commons.web.errors.server_error"

pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db]


@pytest.fixture
def client():
    return Client(raise_request_exception=False)


@pytest.fixture
def signed_in(client):
    def sign_in(**fields) -> Client:
        client.force_login(PersonFactory(**fields), backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return sign_in


# --- htmx -------------------------------------------------------------------------------------


def test_caches_tell_fragments_from_pages(client):
    assert "HX-Request" in client.get("/tongue/")["Vary"]


def test_messages_travel_beside_a_fragment(client):
    said = client.post("/speak/", headers=HTMX).content.decode()
    assert said.startswith("<p id='part'>part</p>")
    assert 'hx-swap-oob="true"' in said
    assert "It was &lt;kept&gt;." in said


def test_messages_wait_for_the_page_without_htmx(client):
    assert client.post("/speak/").content == b"<p id='part'>part</p>"


def test_redirects_lead_the_whole_page_and_keep_their_cookies(client):
    answer = client.post("/leave/", headers=HTMX)
    assert (answer.status_code, answer["HX-Redirect"], "Location" in answer) == (204, "/where/?to=1", False)
    assert (answer.cookies["kept"].value, answer.content) == ("1", b"")


def test_redirects_stay_redirects_without_htmx(client):
    assert (client.post("/leave/").status_code, client.post("/leave/")["Location"]) == (302, "/where/?to=1")


def test_a_session_that_ends_while_a_fragment_is_polled_comes_back_to_its_page(client):
    answer = client.get("/own/", headers=HTMX)
    assert (answer.status_code, answer["HX-Redirect"]) == (204, "/sign-in/?next=%2Fpods%2Fabc%2F%3Fpage%3D2")


def test_the_page_to_come_back_to_is_one_of_ours(client):
    answer = client.get("/own/", headers={**HTMX, "HX-Current-URL": "https://elsewhere.example/own/"})
    assert answer["HX-Redirect"] == "/sign-in/"


# --- headers ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address", ["/tongue/", "/nowhere/", "/broken/other/", "/broken/operational/", "/own/", "/a/x/"]
)
def test_every_answer_has_every_header(client, address):
    found = client.get(address).headers
    directives = {part.split()[0]: part.split()[1:] for part in found["Content-Security-Policy"].split(";")}
    assert directives["default-src"] == directives["object-src"] == directives["frame-ancestors"] == ["'none'"]
    assert directives["base-uri"] == ["'none'"]
    assert directives["script-src"] == directives["style-src"] == directives["form-action"] == ["'self'"]
    assert sorted(directives["img-src"]) == ["'self'", "data:"]
    assert found["Cross-Origin-Opener-Policy"] == found["Cross-Origin-Resource-Policy"] == "same-origin"
    assert found["Referrer-Policy"] == ("no-referrer" if address == "/a/x/" else "same-origin")
    assert (found["X-Content-Type-Options"], found["X-Frame-Options"]) == ("nosniff", "DENY")
    assert "geolocation=()" in found["Permissions-Policy"]


def test_pages_of_the_signed_in_and_one_tap_pages_are_stored_nowhere(client, signed_in):
    assert (client.get("/tongue/").get("Cache-Control"), client.get("/a/x/")["Cache-Control"]) == (None, "no-store")
    client = signed_in()
    assert [client.get(address)["Cache-Control"] for address in ("/tongue/", "/own/", "/nowhere/")] == ["no-store"] * 3


def test_signing_out_leaves_nothing_on_the_phone(client):
    assert "storage" in client.post("/sign-out/")["Clear-Site-Data"]
    assert ["Clear-Site-Data" in client.get("/sign-out/"), "Clear-Site-Data" in client.post("/leave/")] == [
        False,
        False,
    ]


# --- languages --------------------------------------------------------------------------------


def test_a_person_reads_in_her_language_and_by_her_clock(signed_in):
    answer = signed_in(language="es", time_zone="America/Baltimore").get("/own/")
    assert answer.content == b"es UTC"
    answer = signed_in(language="es", time_zone="America/New_York").get("/own/", headers={"Accept-Language": "en"})
    assert (answer.content, answer["Content-Language"]) == (b"es America/New_York", "es")


def test_the_next_visitor_reads_by_nobody_elses(client, signed_in):
    signed_in(language="es", time_zone="America/New_York").get("/own/")
    assert Client().get("/tongue/", headers={"Accept-Language": "en"}).content == b"en UTC"
    assert Client().get("/tongue/", headers={"Accept-Language": "es"}).content == b"es UTC"


@pytest.mark.parametrize("zone", ["", "Mars/Olympus", "../../etc/passwd", "America", "\x00"])
def test_a_zone_that_means_nothing_is_utc(zone):
    assert language.zone_of(SimpleNamespace(language="xx", time_zone=zone)) is UTC


def test_what_is_rendered_for_somebody_else_changes_nothing_around_it():
    reader = SimpleNamespace(language="es", time_zone="America/New_York")
    before = (get_language(), timezone.get_current_timezone_name())
    with language.speaking_to(reader):
        assert (get_language(), timezone.get_current_timezone_name()) == ("es", "America/New_York")
    assert (get_language(), timezone.get_current_timezone_name()) == before


# --- outages ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("error", "status"), [("operational", 503), ("interface", 503), ("other", 500)])
def test_a_database_that_is_away_is_no_mistake_of_ours(client, error, status):
    answer = client.get(f"/broken/{error}/")
    assert (answer.status_code, answer.get("Retry-After")) == (status, "5" if status == 503 else None)


@pytest.mark.django_db(transaction=True)
def test_it_is_said_where_the_session_is_looked_for_too(signed_in):
    client = signed_in()

    def away(execute, sql, params, many, context):
        raise OperationalError("the connection is closed")

    with connection.execute_wrapper(away):
        answer = client.get("/own/")
    assert (answer.status_code, answer["Retry-After"], answer["Cache-Control"]) == (503, "5", "no-store")


# --- tags -------------------------------------------------------------------------------------


def test_nothing_is_sent_again_when_nothing_changed(client):
    first = client.get("/polled/")
    again = client.get("/polled/", headers={"If-None-Match": first["ETag"]})
    assert (first.status_code, again.status_code, again.content, again["ETag"]) == (200, 304, b"", first["ETag"])
    assert "HX-Request" in again["Vary"]


def test_a_fragment_has_another_tag_than_its_page(client):
    page = client.get("/polled/")["ETag"]
    fragment = client.get("/polled/", headers={**HTMX, "If-None-Match": page})
    assert (fragment.status_code, fragment["ETag"] == page) == (200, False)
    again = client.get("/polled/", headers={**HTMX, "If-None-Match": fragment["ETag"]})
    assert (again.status_code, again["HX-Reswap"]) == (304, "none")


def test_another_reader_or_language_has_another_tag(client, signed_in):
    tags = {client.get("/polled/", headers={"Accept-Language": tongue})["ETag"] for tongue in ("en", "es")}
    tags.add(signed_in().get("/polled/")["ETag"])
    assert len(tags) == 3
