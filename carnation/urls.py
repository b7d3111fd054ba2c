"""The project's addresses: the admin, the REST API, and a target for the sample job."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView
from django.views.i18n import set_language

from carnation.views import receive_post
from scheduler.admin.own_password import change_own_password
from scheduler.admin.zone import choose_zone
from scheduler.api.health import healthz

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="admin:index"), name="home"),
    path("admin/zone/", admin.site.admin_view(choose_zone), name="zone"),
    path("admin/password_change/", admin.site.admin_view(change_own_password, cacheable=True)),
    path("admin/dashboard/", include("scheduler.dashboard.urls")),
    path("admin/", admin.site.urls),
    path("language/", set_language, name="set_language"),
    path("healthz", healthz, name="healthz"),
    path("samples/post", receive_post, name="sample-post"),
    path("", include("scheduler.api.urls")),
]

handler404 = "scheduler.api.errors.page_not_found"
handler500 = "scheduler.api.errors.server_error"
handler400 = "scheduler.api.errors.bad_request"
