"""The tables of pods."""

from pods.models.calls import Call, CallEvent, CallKey, CallNeed, CallWave
from pods.models.clusters import Cluster, ClusterMember, ClusterRun, Willing
from pods.models.invites import AnswerEvent, Invite, Reveal
from pods.models.pods import Joining, Membership, Objection, Pod, Vouch
from pods.models.protocol import CallKind, Protocol

__all__ = [
    "AnswerEvent",
    "Call",
    "CallEvent",
    "CallKey",
    "CallKind",
    "CallNeed",
    "CallWave",
    "Cluster",
    "ClusterMember",
    "ClusterRun",
    "Invite",
    "Joining",
    "Membership",
    "Objection",
    "Pod",
    "Protocol",
    "Reveal",
    "Vouch",
    "Willing",
]
