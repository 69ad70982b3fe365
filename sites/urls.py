"""Addresses of the neighbourhood: what people share, its blocks, inviting from a list."""

from django.urls import URLPattern, URLResolver, path

from sites.views import (
    asset_links,
    asset_map,
    assets,
    imports,
    listening,
    maps,
    neighbourhood,
    places,
    popups,
    roster,
    scores,
    shifts,
    signs,
    stacks,
    stages,
    visits,
)

# --- what a person shares ---------------------------------------------------------------------
sharing: list[URLPattern | URLResolver] = [
    path("share/", assets.assets, name="assets"),
    path("share/put-back/", assets.asset_put_back, name="asset_put_back"),
    path("share/block/", asset_map.asset_home, name="asset_home"),
    path("share/<str:ref>/", assets.asset, name="asset"),
    path("share/<str:ref>/still-true/", assets.asset_still_true, name="asset_still_true"),
    path("share/<str:ref>/take-back/", assets.asset_take_back, name="asset_take_back"),
]
# --- what neighbours share, and asking for it ----------------------------------------------------
asking: list[URLPattern | URLResolver] = [
    path("assets/", asset_map.asset_map, name="asset_map"),
    path("assets/asked/", asset_map.asks, name="asks"),
    path("assets/asked/<str:ref>/", asset_map.ask, name="ask"),
    path("assets/asked/<str:ref>/step/", asset_map.ask_step, name="ask_step"),
    path("assets/cards/", stacks.asset_cards, name="asset_cards"),
    path("assets/evening/", stacks.asset_kit, name="asset_kit"),
    path("assets/stacks/new/", stacks.stack_new, name="stack_new"),
    path("assets/stacks/<str:ref>/", stacks.stack, name="stack"),
    path("assets/stacks/<str:ref>/forget/", stacks.stack_forget, name="stack_forget"),
    path("assets/<str:ref>/", asset_map.asset_seen, name="asset_seen"),
    # By a link, without sign-in.
    path("t/<str:token>/", asset_links.asset_link, name="asset_link"),
]
# --- the neighbourhood, for organizers -----------------------------------------------------------
keeping: list[URLPattern | URLResolver] = [
    path("neighbourhood/", neighbourhood.neighbourhood, name="neighbourhood"),
    path("neighbourhood/block/", neighbourhood.block_new, name="block_new"),
    # A block is known by its name: nothing else about it is worth an address, and names hold slashes.
    path("neighbourhood/block/<path:name>/remove/", neighbourhood.block_remove, name="block_remove"),
    path("neighbourhood/block/<path:name>/", neighbourhood.block, name="block"),
]
inviting: list[URLPattern | URLResolver] = [
    path("roster/", roster.roster, name="roster"),
    path("roster/<str:ref>/", roster.roster_preview, name="roster_preview"),
    path("roster/<str:ref>/import/", roster.roster_confirm, name="roster_confirm"),
    path("roster/<str:ref>/forget/", roster.roster_discard, name="roster_discard"),
]
# --- the map ------------------------------------------------------------------------------------------
seeing: list[URLPattern | URLResolver] = [
    path("map/", maps.map_page, name="map"),
    path("map/places/", maps.map_places, name="map_places"),
    path("map/streets/<str:version>/<int:zoom>/<int:x>/<int:y>/", maps.map_tile, name="map_tile"),
]
# --- places -------------------------------------------------------------------------------------------
mapping: list[URLPattern | URLResolver] = [
    path("places/", places.places, name="places"),
    path("places/new/", places.place_new, name="place_new"),
    path("places/imports/", imports.place_imports, name="place_imports"),
    path("places/imports/<str:ref>/", imports.place_import, name="place_import"),
    path("places/doubles/", places.doubles, name="doubles"),
    path("places/doubles/<str:ref>/", places.double, name="double"),
    path("places/ranked/", scores.places_ranked, name="places_ranked"),
    path("places/needs/", listening.place_needs, name="place_needs"),
    path("places/<str:ref>/", places.place, name="place"),
    path("places/<str:ref>/change/", places.place_change, name="place_change"),
    path("places/<str:ref>/score/", scores.place_score, name="place_score"),
    path("places/<str:ref>/score/take-back/", scores.place_score_take_back, name="place_score_take_back"),
]
# --- listening before acting, and the road of a place ---------------------------------------------------
hearing: list[URLPattern | URLResolver] = [
    path("places/<str:ref>/listen/", listening.place_listen, name="place_listen"),
    path("places/<str:ref>/start-early/", stages.stage_override, name="stage_override"),
    path("start-early/<str:ref>/take-back/", stages.stage_override_end, name="stage_override_end"),
    path("listening/<str:ref>/", listening.listening_round, name="listening_round"),
    path("listening/<str:ref>/ask/", listening.round_ask, name="round_ask"),
    path("listening/<str:ref>/leave/", listening.round_leave, name="round_leave"),
    path("listening/<str:ref>/end/", listening.round_end, name="round_end"),
    path("listening/<str:ref>/visit/", visits.visit_new, name="visit_new"),
    path("listening/asks/<str:ref>/", listening.round_answer, name="round_answer"),
    path("visits/<str:ref>/", visits.visit, name="visit"),
    path("visits/<str:ref>/change/", visits.visit_change, name="visit_change"),
]

# --- signs on paper --------------------------------------------------------------------------------
signing: list[URLPattern | URLResolver] = [
    path("popups/<str:ref>/signs/", signs.signs, name="signs"),
    path("popups/<str:ref>/signs/sign.pdf", signs.sign_pdf, name="sign_pdf"),
    path("popups/<str:ref>/signs/page/", signs.sign_page, name="sign_page"),
    path("popups/<str:ref>/signs/words/<str:language>/", signs.sign_words, name="sign_words"),
    # What is printed under a code, so that it can be typed.
    path("here/<str:ref>/", signs.here, name="here"),
]
# --- pop-up stations and their shifts ---------------------------------------------------------------------
standing: list[URLPattern | URLResolver] = [
    path("places/<str:ref>/popup/", popups.popup_new, name="popup_new"),
    path("popups/", popups.popups, name="popups"),
    path("popups/<str:ref>/", popups.popup, name="popup"),
    path("popups/<str:ref>/change/", popups.popup_change, name="popup_change"),
    path("popups/<str:ref>/move/", popups.popup_move, name="popup_move"),
    path("popups/<str:ref>/open/", popups.popup_open, name="popup_open"),
    path("popups/<str:ref>/end/", popups.popup_end, name="popup_end"),
    path("popups/<str:ref>/stand-in/", popups.popup_stand_in, name="popup_stand_in"),
    path("shifts/<str:ref>/", shifts.shift, name="shift"),
    path("shifts/<str:ref>/join/", shifts.shift_join, name="shift_join"),
    path("shifts/<str:ref>/confirm/", shifts.shift_confirm, name="shift_confirm"),
    path("shifts/<str:ref>/leave/", shifts.shift_leave, name="shift_leave"),
    path("shifts/<str:ref>/closed/", shifts.shift_close, name="shift_close"),
    path("shifts/<str:ref>/check-in/", shifts.shift_check_in, name="shift_check_in"),
    path("shifts/<str:ref>/supplies/", shifts.shift_supply, name="shift_supply"),
    path("s/<str:token>/", shifts.shift_answer, name="shift_answer"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    *sharing,
    *asking,
    *keeping,
    *inviting,
    *seeing,
    *mapping,
    *hearing,
    *signing,
    *standing,
]
