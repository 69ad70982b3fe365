"""What may happen on a walk over the engine: how often each deed is chosen, and with which numbers."""

from hypothesis import strategies as st

from pods.states import Answer

KINDS, HOURS = st.sampled_from(["eviction", "eviction", "raid", "medical"]), st.sampled_from([5, 0, 1, 40])
NEEDS = st.sampled_from([(1, 1), (2, 0), (1, 0), (3, 0), (0, 1), (2, 1), (0, 2), (1, 2)])
WHO, WHICH = st.integers(0, 27), st.integers(0, 2)
# Minutes are chosen by `who` (0 to 27): those at the front come twice as often.
ANSWERS = (Answer.COMING, Answer.CANT, Answer.CANT, Answer.AFAR)
CHANGED = (Answer.CANT, Answer.COMING, Answer.AFAR)
MINUTES = (1, 3, 3, 5, 5, 10, 15, 15, 15, 20, 30, 30, 45, 60, -60, 600, 2000)
RESTS = (1, 0, 1, 3)
# How often each deed is chosen among those that are possible.
DEEDS = {
    "come": 6, "come_unasked": 2, "change_mind": 4, "answer": 4, "press_again": 1, "more": 2, "second": 2, "end": 1,
    "need_more": 1, "reveal": 2, "rest": 3, "time_passes": 6, "carry": 4, "hold": 2, "drop": 1, "land": 2,
}  # fmt: skip
NUMBERED = (
    "pods_call", "pods_callneed", "pods_callwave", "pods_invite", "pods_callevent", "notices_delivery",
    "notices_link", "people_absence",
)  # fmt: skip
WRITES = (
    'UPDATE "pods_', 'INSERT INTO "pods_', "INSERT INTO pods_", "UPDATE pods_", "WITH ", "INSERT INTO notices_",
    "UPDATE notices_delivery",
)  # fmt: skip


class Locked:
    """Sees to it that nothing is written before a row was locked."""

    def __init__(self):
        self.locked = False

    def __call__(self, execute, sql, params, many, context):
        self.locked = self.locked or "FOR NO KEY UPDATE" in sql
        assert self.locked or not sql.lstrip().startswith(WRITES), "first the lock, then the writing"
        return execute(sql, params, many, context)
