"""Addresses of people: coming in, today, and what a person keeps for themselves."""

from allauth.account import views as allauth
from django.urls import URLPattern, URLResolver, path

from commons.people.views import home, joining, organizers, rest, sessions, settings

# --- coming in, today, who may (django-allauth's views keep the names that it looks for) ---------
coming_in: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("today/", home.today, name="today"),
    path("commons/", home.commons_page, name="commons"),
    path("commons/who-may/", home.who_may, name="who_may"),
    path("commons/organizers/", organizers.organizers, name="organizers"),
    path("commons/organizers/<str:ref>/appoint/", organizers.organizer_appoint, name="organizer_appoint"),
    path("commons/organizers/<str:ref>/end/", organizers.organizer_end, name="organizer_end"),
    path("join/<str:token>/", joining.join, name="join"),
    path("commons/invitations/", joining.invitations, name="invitations"),
    path("commons/invitations/<str:ref>/", joining.invitation, name="invitation"),
    path("commons/invitations/<str:ref>/take-back/", joining.invitation_revoke, name="invitation_revoke"),
    path("language/", sessions.set_language, name="set_language"),
    path("sign-up/", joining.sign_up, name="account_signup"),
    path("sign-up/code/", joining.sign_up_code, name="account_email_verification_sent"),
    path("sign-in/", allauth.login, name="account_login"),
    path("sign-in/mail/", sessions.to_sign_in, name="account_request_login_code"),
    path("sign-in/code/", allauth.confirm_login_code, name="account_confirm_login_code"),
    path("sign-in/again/", allauth.reauthenticate, name="account_reauthenticate"),
    path("sign-in/closed/", allauth.account_inactive, name="account_inactive"),
    path("sign-out/", allauth.logout, name="account_logout"),
    path("sign-out/everywhere/", sessions.sign_out_everywhere, name="sign_out_everywhere"),
    path("password/", allauth.password_change, name="account_change_password"),
    path("password/first/", allauth.password_set, name="account_set_password"),
    path("password/forgotten/", allauth.password_reset, name="account_reset_password"),
    path("password/forgotten/code/", allauth.confirm_password_reset_code, name="account_confirm_password_reset_code"),
    path("password/forgotten/new/", allauth.complete_password_reset, name="account_complete_password_reset"),
]

# --- one's own settings and rest ------------------------------------------------------------------
ones_own: list[URLPattern | URLResolver] = [
    path("settings/", settings.settings, name="settings"),
    path("rest/", rest.rest, name="rest"),
    path("rest/<str:day>/", rest.rest_change, name="rest_change"),
    path("rest/<str:day>/end/", rest.rest_end, name="rest_end"),
    path("rest/<str:day>/delete/", rest.rest_forget, name="rest_forget"),
]

urlpatterns: list[URLPattern | URLResolver] = [*coming_in, *ones_own]
