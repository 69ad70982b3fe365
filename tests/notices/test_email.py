"""E-mail over the wire: the same bytes as the library's, and every turn that a pipelined conversation may take."""

from email import message_from_bytes, policy
from email.message import EmailMessage
from html import escape

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from commons.notices.channels import email as channel
from commons.notices.channels.base import Parcel, Refused, TryAgain
from commons.notices.channels.email import EmailChannel, render
from commons.notices.kinds import Words
from tests.notices.mailhost import HANG_UP, NOTHING

LINK = "http://localhost:8000/a/" + "aB3-_%=" * 7 + "/?a=1&b=%20"
WORDS = Words("Can you help?", "A neighbour asks.\n.\n..two\n100 % sure", "en", LINK, "Read and answer")


def parcel(n: int, words: Words = WORDS) -> Parcel:
    return Parcel(f"{n:020d}", f"neighbour{n}@example.org", words)


@pytest.fixture
def line(host):
    opened = EmailChannel().connect()
    host.writes.clear()
    yield opened
    EmailChannel().close(opened)


def send(line, number: int, coming: int | None = None) -> None:
    EmailChannel().send(line, SENT[number], None if coming is None else SENT[coming])


SENT = [parcel(n) for n in range(5)]
TO = [one.address for one in SENT]


def built(parcel: Parcel) -> EmailMessage:
    """Build the same message with the library alone, whole, nothing filled in afterwards."""
    words = parcel.words
    paragraphs = [text for text in (words.body, words.line) if text]
    plain = "\n\n".join([*paragraphs, *([f"{words.link_label}\n{words.link}"] if words.link else [])]) + "\n"
    message = EmailMessage(policy=policy.SMTP)
    message["Subject"], message["To"] = words.title, parcel.address
    message["Message-ID"] = channel.message_id(parcel.ref)
    message.set_content(plain, cte="quoted-printable")
    page = channel._html(words.title, paragraphs, words.link_label if words.link else "", words.language)
    page = page.replace(channel.HREF, escape(words.link))
    message.add_alternative(page, "html", cte="quoted-printable")
    return message


TEXT = st.text(st.characters(exclude_categories=("C", "Zl", "Zp")), min_size=1, max_size=120).filter(str.strip)
BODY = st.lists(TEXT | st.sampled_from([".", "..", "% %(to)b %%", "=20"]), min_size=1, max_size=4).map("\n".join)


@examples(max_examples=60, deadline=None)
@given(title=TEXT, body=BODY, line=BODY | st.just(""), label=TEXT, link=st.sampled_from([LINK, ""]))
def test_what_is_filled_in_reads_as_what_the_library_writes(title, body, line, label, link):
    parcel_ = Parcel("ab12" * 5, "ana%1@example.org", Words(title.strip(), body, "es", link, label, line))
    raw = render(parcel_)
    assert b"\n" not in raw.replace(b"\r\n", b"")
    ours = message_from_bytes(raw, policy=policy.default)
    theirs = message_from_bytes(built(parcel_).as_bytes(), policy=policy.default)
    assert (ours.defects, [part.defects for part in ours.iter_parts()]) == ([], [[], []])
    for header in ("Subject", "To", "Message-ID"):
        assert ours[header] == theirs[header]
    for mine, other in zip(ours.iter_parts(), theirs.iter_parts(), strict=True):
        assert mine.get_content_type() == other.get_content_type()
        # Quoted-printable cuts lines by their length; what is read is the same.
        assert mine.get_content().splitlines() == other.get_content().splitlines()


def test_each_mail_costs_one_write_once_it_runs(host, line):
    for number in range(3):
        send(line, number, number + 1)
    send(line, 3)
    envelope = ["MAIL", "RCPT", "DATA"]
    assert host.writes == [envelope, [".", *envelope], [".", *envelope], [".", *envelope], ["."]]
    assert host.recipients == TO[:4]
    for sent, (_to, content) in zip(SENT, host.taken, strict=False):
        said = message_from_bytes(content, policy=policy.default)
        assert said["Message-ID"] == channel.message_id(sent.ref)
        plain = said.get_body(("plain",)).get_content().splitlines()
        assert plain == ["A neighbour asks.", ".", "..two", "100 % sure", "", "Read and answer", LINK]


def test_a_server_that_says_nothing_of_pipelining_gets_one_command_at_a_time(host):
    host.pipelining = False
    line = EmailChannel().connect()
    send(line, 0, 1)
    send(line, 1)
    assert max(len(verbs) for verbs in host.writes) == 1
    assert host.recipients == TO[:2]
    EmailChannel().close(line)


@pytest.mark.parametrize("data", ["554 no recipients", "354 go on all the same"])
@pytest.mark.parametrize("ahead", [True, False])
def test_a_refused_recipient_is_refused_alone(host, line, data, ahead):
    send(line, 0, 1 if ahead else None)
    host.answers = {"RCPT": ["550 unknown"], "DATA": [data]}
    if ahead:
        # Its envelope was answered before the answers changed: this one's goes out with the next content.
        send(line, 1, 2)
    with pytest.raises(Refused) as refused:
        send(line, 2)
    assert (str(refused.value), refused.value.address_dead) == ("smtp_550", True)
    send(line, 3, 4)
    send(line, 4)
    assert host.recipients == [TO[0], *([TO[1]] if ahead else []), TO[3], TO[4]]


@pytest.mark.parametrize(
    ("verb", "answer", "error", "kind"),
    [
        ("MAIL", "451 later", "smtp_451", TryAgain),
        ("MAIL", "550 not you", "smtp_550", Refused),
        ("RCPT", "452 full", "smtp_452", TryAgain),
        ("DATA", "451 later", "smtp_451", TryAgain),
        ("DATA", "554 no", "smtp_554", Refused),
        (".", "451 later", "smtp_451", TryAgain),
        (".", "554 spam", "smtp_554", Refused),
        (".", "421 closing", "smtp_421", TryAgain),
    ],
)
def test_what_a_server_refuses_is_refused_or_tried_again(host, line, verb, answer, error, kind):
    host.answers = {verb: [answer]}
    with pytest.raises(kind) as said:
        send(line, 0, 1)
    assert str(said.value) == error
    assert not getattr(said.value, "address_dead", False)
    assert host.taken == []


def test_a_refused_content_leaves_what_comes_after_it_whole(host, line):
    host.answers = {".": ["554 spam"]}
    with pytest.raises(Refused):
        send(line, 0, 1)
    send(line, 1)
    assert host.recipients == [TO[1]]


@pytest.mark.parametrize(
    "answers",
    [
        {"MAIL": [HANG_UP]},
        {"RCPT": [HANG_UP]},
        {"DATA": [HANG_UP]},
        {".": [HANG_UP]},
        {"MAIL": ["421 too many"], "RCPT": [HANG_UP]},
        {"RCPT": [NOTHING]},
        {"DATA": [NOTHING]},
        {"RCPT": ["250 OK\r\n250 OK"]},
        {"DATA": ["250 OK"]},
    ],
)
def test_a_conversation_that_breaks_off_or_loses_count_is_no_hand_off(host, monkeypatch, answers):
    monkeypatch.setattr(channel, "TIMEOUT", 0.3)
    line = EmailChannel().connect()
    host.answers = answers
    with pytest.raises(TryAgain):
        send(line, 0, 1)
    EmailChannel().close(line)
    assert host.recipients in ([], TO[:1]), "taken at most, and then not told"


@pytest.mark.parametrize("which", ["MAIL", "RCPT", "DATA"])
def test_a_line_lost_between_two_mails_says_nothing_about_the_first(host, line, which):
    send(line, 0)
    host.answers = {which: ["250 OK" if which != "DATA" else "354 Go on", HANG_UP]}
    send(line, 1, 2)
    with pytest.raises(TryAgain):
        send(line, 2)
    assert host.recipients == TO[:2]


def test_one_answer_too_many_after_a_mail_is_noticed_before_the_next(host, line):
    host.answers = {".": ["250 Taken\r\n250 Taken"]}
    send(line, 0, 1)
    with pytest.raises(TryAgain):
        send(line, 1)
    assert host.recipients == TO[:1]


def test_a_line_made_ready_for_one_sends_no_other(host, line):
    send(line, 0, 1)
    with pytest.raises(TryAgain, match="OutOfStep"):
        send(line, 2)
    assert host.recipients == TO[:1]


def test_an_address_that_is_none_is_not_sent_ahead(host, line):
    bad = Parcel("c" * 20, "a b>\r\nRSET@example.org", WORDS)
    EmailChannel().send(line, SENT[0], bad)
    with pytest.raises(Refused, match="bad_address"):
        EmailChannel().send(line, bad)
    send(line, 1)
    assert host.recipients == TO[:2]
    assert "RSET" not in [verb for verbs in host.writes for verb in verbs]
