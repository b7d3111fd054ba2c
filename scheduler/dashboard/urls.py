"""The addresses of the front page's parts, under the admin's."""

from django.contrib import admin
from django.urls import path

from scheduler.dashboard import views

app_name = "dashboard"
urlpatterns = [
    path("live/", admin.site.admin_view(views.live), name="live"),
    path("summary/", admin.site.admin_view(views.summary), name="summary"),
    path("<str:act>/", admin.site.admin_view(views.control), name="control"),
]
