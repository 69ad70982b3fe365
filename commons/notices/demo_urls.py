"""Addresses that exist in the demo alone."""

from django.urls import URLPattern, URLResolver, path

from commons.notices.views import demo

urlpatterns: list[URLPattern | URLResolver] = [
    path("mail/", demo.demo_mail, name="demo_mail"),
    path("mail/<str:name>/", demo.demo_letter, name="demo_letter"),
]
