"""Signing in by code and by password, signing out here and everywhere, and how often one may try."""

import base64
import re

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from commons.notices.adapter import TOGETHER
from commons.notices.models import Delivery
from tests.people.conftest import code_in, letters

PASSWORD = "four words of pottery"


def ask_for_code(client: Client, email: str = "ana@example.org"):
    return client.post(reverse("account_login"), {"login": email, "password": ""})


def test_a_code_by_mail_signs_in(client, ana):
    assert client.get(reverse("account_login")).status_code == 200
    answer = ask_for_code(client, "Ana@Example.org")
    assert answer.url == reverse("account_confirm_login_code")
    assert client.get(answer.url).status_code == 200
    (mail,) = letters()
    assert mail["to"] == "ana@example.org"
    wrong = client.post(answer.url, {"code": "BBBB-BBBB"})
    assert "That isn" in wrong.content.decode()
    done = client.post(answer.url, {"code": code_in(mail).lower().replace("-", "")})
    assert done.url == reverse("today")
    assert client.get(done.url).status_code == 200


def test_a_password_signs_in(client, ana):
    ana.set_password(PASSWORD)
    ana.save()
    sign_in = reverse("account_login")
    wrong = client.post(sign_in, {"login": "ana@example.org", "password": "something else entirely"})
    assert "belong together" in wrong.content.decode()
    answer = client.post(sign_in, {"login": "ana@example.org", "password": PASSWORD})
    assert answer.url == reverse("today")


def test_after_signing_in_the_page_that_was_asked_for_comes(client, ana):
    asked = client.get(reverse("invitations"))
    answer = client.post(asked.url, {"login": "ana@example.org", "password": "", "next": reverse("invitations")})
    done = client.post(answer.url, {"code": code_in(letters()[0]), "next": reverse("invitations")})
    assert done.url == reverse("invitations")


def test_three_wrong_codes_end_the_attempt(client, ana):
    page = ask_for_code(client).url
    for _ in range(3):
        answer = client.post(page, {"code": "BBBB-BBBB"})
    assert answer.status_code == 302
    assert client.post(page, {"code": code_in(letters()[0])}).status_code == 302
    assert "_auth_user_id" not in client.session


def test_a_code_belongs_to_the_browser_that_asked(client, ana):
    ask_for_code(client)
    other = Client()
    assert other.post(reverse("account_confirm_login_code"), {"code": code_in(letters()[0])}).status_code == 302
    assert "_auth_user_id" not in other.session


def test_start_again_leads_back_to_signing_in(client, ana):
    ask_for_code(client)
    assert client.get(reverse("account_login")).url == reverse("account_confirm_login_code")
    client.post(reverse("account_logout"), {"next": reverse("account_login")})
    assert client.get(reverse("account_login")).status_code == 200


def test_signing_out_asks_the_browser_to_forget(as_ana):
    assert as_ana.get(reverse("account_logout")).status_code == 200
    answer = as_ana.post(reverse("account_logout"))
    assert answer.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert as_ana.get(reverse("today")).status_code == 302


def test_signing_out_everywhere_ends_every_session(as_ana, ana, member):
    phone, stranger = Client(), Client()
    phone.force_login(ana)
    stranger.force_login(member(handle="Bo"))
    assert as_ana.get(reverse("sign_out_everywhere")).status_code == 200
    assert phone.get(reverse("today")).status_code == 200, "looking ends nothing"
    answer = as_ana.post(reverse("sign_out_everywhere"))
    assert (answer.status_code, answer.headers["Clear-Site-Data"]) == (200, '"cache", "cookies", "storage"')
    assert phone.get(reverse("today")).status_code == as_ana.get(reverse("today")).status_code == 302
    assert stranger.get(reverse("today")).status_code == 200


def test_a_new_password_ends_the_other_sessions(as_ana, ana):
    phone = Client()
    phone.force_login(ana)
    answer = as_ana.get(reverse("account_change_password"))
    assert answer.url == reverse("account_set_password")
    assert as_ana.get(answer.url).status_code == 200
    as_ana.post(answer.url, {"password1": PASSWORD, "password2": PASSWORD})
    assert as_ana.get(reverse("today")).status_code == 200
    assert phone.get(reverse("today")).status_code == 302
    assert as_ana.get(reverse("account_change_password")).status_code == 200


def test_a_forgotten_password_is_replaced_with_a_code(client, ana):
    ana.set_password(PASSWORD)
    ana.save()
    assert client.get(reverse("account_reset_password")).status_code == 200
    answer = client.post(reverse("account_reset_password"), {"email": "ana@example.org"})
    assert answer.url == reverse("account_confirm_password_reset_code")
    assert client.get(answer.url).status_code == 200
    answer = client.post(answer.url, {"code": code_in(letters()[0])})
    assert answer.url == reverse("account_complete_password_reset")
    assert client.get(answer.url).status_code == 200
    other = "another four words please"
    assert client.post(answer.url, {"password1": other, "password2": other}).url == reverse("today")
    ana.refresh_from_db()
    assert ana.check_password(other)


def test_unknown_and_known_addresses_get_the_same_page(client, ana):
    pages = []
    for email in ("ana@example.org", "nobody@example.org"):
        browser = Client()
        answer = ask_for_code(browser, email)
        shown = browser.get(answer.url).content.decode().replace(email, "…")
        wrong = browser.post(answer.url, {"code": "BBBB-BBBB"}).content.decode().replace(email, "…")
        pages.append(
            (answer.status_code, answer.url, *(re.sub(r'value="[^"]{64}"', "", page) for page in (shown, wrong)))
        )
    assert pages[0] == pages[1]
    assert [mail["to"] for mail in letters()] == ["ana@example.org"]


def test_mails_name_nobody_and_nothing(client, ana, neighbourhood):
    ask_for_code(client)
    (mail,) = letters()
    said = mail["title"] + mail["body"]
    assert neighbourhood.name not in said
    assert "Ana" not in said
    assert "asserole" not in said
    (row,) = Delivery.objects.all()
    assert row.person_id is None
    assert row.urgency == 1


def test_codes_are_limited_for_known_and_unknown_alike(client, ana):
    for email in ("ana@example.org", "nobody@example.org"):
        answers = [ask_for_code(Client(), email).status_code for _ in range(TOGETHER + 2)]
        assert answers == [302] * TOGETHER + [429] * 2


def test_passwords_are_limited_and_redis_has_no_say(client, ana):
    sign_in = reverse("account_login")
    tries = []
    for _ in range(TOGETHER + 1):
        cache.clear()
        tries.append(client.post(sign_in, {"login": "ana@example.org", "password": "wrong"}).status_code)
    assert tries == [200] * TOGETHER + [429]


def test_sign_in_works_while_redis_is_away(client, ana, settings):
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "unix:///nonexistent/redis.sock",
        }
    }
    assert ask_for_code(client).status_code == 302


def test_somebody_who_was_excluded_is_told(client, ana):
    ana.set_password(PASSWORD)
    ana.is_active = False
    ana.save()
    answer = client.post(reverse("account_login"), {"login": "ana@example.org", "password": PASSWORD})
    assert answer.url == reverse("account_inactive")
    assert client.get(answer.url).status_code == 200


def test_a_code_proves_the_address_of_a_sign_up_that_was_left(client, member):
    bo = member(email="bo@example.org", channel=False)
    bo.emailaddress_set.update(verified=False)
    page = ask_for_code(client, "bo@example.org").url
    assert client.post(page, {"code": code_in(letters()[0])}).url == reverse("today")
    assert bo.channels.usable().exists()


@pytest.mark.parametrize("language", ["es", "en"])
def test_visitors_and_members_choose_their_language(client, as_ana, ana, language):
    for browser in (client, as_ana):
        answer = browser.post(reverse("set_language"), {"language": language, "next": reverse("account_login")})
        assert answer.url == reverse("account_login")
        assert answer.cookies["language"].value == language
    ana.refresh_from_db()
    assert ana.language == language


def test_the_language_page_leads_nowhere_else(client):
    answer = client.post(reverse("set_language"), {"language": "xx", "next": "https://example.com/"})
    assert answer.url == reverse("home")
    assert "language" not in answer.cookies


def test_sessions_say_nothing_to_whoever_reads_the_database(client, ana):
    ask_for_code(client)
    (row,) = Session.objects.all()
    stored = base64.b64decode(row.session_data)
    for secret in (b"example.org", code_in(letters()[0]).encode(), b"user"):
        assert secret not in stored
    assert "127.0.0.1" not in str(dict(client.session.items()))
    assert client.session["account_login"]["email"] == "ana@example.org"


def test_a_session_that_does_not_open_is_an_empty_one(as_ana):
    Session.objects.update(session_data="bm90IHNlYWxlZA==")
    assert as_ana.get(reverse("today")).status_code == 302
