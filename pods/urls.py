"""Addresses of pods and calls, grouped by prefix."""

from django.urls import URLPattern, URLResolver, path

from pods.views import answers, calls, clusters, joining, pods, protocol

# Looked at before anything else of the house: on a bad night these are what everybody presses.
answer_urls: list[URLPattern | URLResolver] = [
    path("a/<str:token>/", answers.answer, name="answer"),
]

pod_urls: list[URLPattern | URLResolver] = [
    path("pods/", pods.pod_list, name="pods"),
    path("pods/new/", pods.pod_new, name="pod_new"),
    path("pods/kinds/", protocol.kinds, name="kinds"),
    path("pods/kinds/<slug:key>/", protocol.kind_rename, name="kind_rename"),
    path("pods/kinds/<slug:key>/use/", protocol.kind_use, name="kind_use"),
    path("pods/capacity/", clusters.clusters, name="clusters"),
    path("pods/capacity/willing/", clusters.willing, name="cluster_willing"),
    path("pods/capacity/ask/", clusters.ask, name="clusters_ask"),
    path("pods/capacity/<slug:ref>/", clusters.cluster, name="cluster"),
    path("pods/capacity/<slug:ref>/say/", clusters.say, name="cluster_say"),
    path("pods/capacity/<slug:ref>/found/", clusters.found, name="cluster_found"),
    path("pods/capacity/<slug:ref>/gather/", clusters.gather, name="cluster_gather"),
    path("pods/joining/<slug:ref>/", joining.joining, name="joining"),
    path("pods/joining/<slug:ref>/agree/", joining.agree, name="joining_agree"),
    path("pods/joining/<slug:ref>/vouch/", joining.vouch, name="joining_vouch"),
    path("pods/joining/<slug:ref>/object/", joining.object_quietly, name="joining_object"),
    path("pods/<slug:ref>/", pods.pod, name="pod"),
    path("pods/<slug:ref>/leave/", pods.pod_leave, name="pod_leave"),
    path("pods/<slug:ref>/name/", joining.name_someone, name="pod_name"),
    path("pods/<slug:ref>/ask/", joining.ask_to_join, name="pod_ask"),
    path("pods/<slug:ref>/protocol/", protocol.protocol, name="pod_protocol"),
    path("pods/<slug:ref>/protocol/<slug:key>/", protocol.protocol_kind, name="pod_protocol_kind"),
]

call_urls: list[URLPattern | URLResolver] = [
    path("pods/<slug:ref>/call/", calls.call_new, name="call_new"),
    path("calls/<slug:ref>/", calls.call, name="call"),
    path("calls/<slug:ref>/answer/", calls.call_answer, name="call_answer"),
    path("calls/<slug:ref>/details/", calls.call_details, name="call_details"),
    path("calls/<slug:ref>/confirm/", calls.call_confirm, name="call_confirm"),
    path("calls/<slug:ref>/release/", calls.call_release, name="call_release"),
    path("calls/<slug:ref>/need/", calls.call_need, name="call_need"),
    path("calls/<slug:ref>/cancel/", calls.call_cancel, name="call_cancel"),
    path("calls/<slug:ref>/close/", calls.call_close, name="call_close"),
]

urlpatterns: list[URLPattern | URLResolver] = [*answer_urls, *pod_urls, *call_urls]
