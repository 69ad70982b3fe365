"""A few at a time: never more, an error frees its place, and who is stuck holds nobody for long."""

import threading
import time

import pytest

from commons.few import few_at_once


def together(number, deed):
    threads = [threading.Thread(target=deed) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_never_more_than_so_many_and_everybody_once():
    inside, most, done = [0], [0], []
    lock = threading.Lock()

    @few_at_once(3, patience=30)
    def work():
        with lock:
            inside[0] += 1
            most[0] = max(most[0], inside[0])
        time.sleep(0.01)
        with lock:
            inside[0] -= 1
            done.append(1)

    together(20, work)
    assert (most[0], len(done)) == (3, 20)


def test_an_error_frees_its_place_and_reaches_who_asked():
    began = time.monotonic()

    @few_at_once(1, patience=30)
    def work(said):
        raise LookupError(said)

    for said in ("one", "two", "three"):
        with pytest.raises(LookupError, match=said):
            work(said)
    assert time.monotonic() - began < 30, "the next one had to wait out its patience"


def test_who_is_stuck_holds_others_no_longer_than_their_patience():
    free, began = threading.Event(), time.monotonic()

    @few_at_once(1, patience=0.2)
    def work(first):
        if first:
            free.wait(30)
        return time.monotonic() - began

    stuck = threading.Thread(target=work, args=(True,))
    stuck.start()
    try:
        assert 0.2 <= work(first=False) < 5
        assert work(first=False) >= 0.4, "it gave no place back that it had not been given"
    finally:
        free.set()
        stuck.join()
